/** Starts a real `mlflow server`, with SQLite and files in a folder, on a free port. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { python } from "./python.ts";

export interface MlflowServer {
  url: string;
  stop: () => Promise<void>;
}

/** Long enough for a busy machine. */
const START_TIMEOUT_MS = 240_000;

/**
 * @param folder existing folder for the server's files
 * @returns null where the Python has no MLflow
 */
export async function startMlflow(folder: string, workers = 1): Promise<MlflowServer | null> {
  if (python === undefined) return null;
  const port = await freePort();
  const args = [
    ...["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port), "--workers", String(workers)],
    ...["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`],
    ...["--artifacts-destination", join(folder, "artifacts")],
  ];
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true" };
  // A separate process group: the children of the server must end with it.
  const child = spawn(python, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-4000)));
  }
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGTERM");
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + START_TIMEOUT_MS; Date.now() < end; await setTimeout(100)) {
    if (child.exitCode !== null) {
      if (output.includes("No module named mlflow")) return null;
      throw new Error(`mlflow server ended with status ${child.exitCode}:\n${output}`);
    }
    const up = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return { url, stop };
  }
  await stop();
  throw new Error(`mlflow server did not start:\n${output}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("There is no free port.");
  return address.port;
}
