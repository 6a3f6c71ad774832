/** Builds the app where its sources are newer than what is built: for `npm start`, and once for all tests that run at the same time. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "./setup/lock.mjs";
import { programOf } from "./setup/tools.mjs";

const sources = ["src", "package.json", "package-lock.json", "electron.vite.config.ts"];

/**
 * @param say told before it is built
 * @throws Error with what the builder said
 */
export async function buildApp(project: string, say: (message: string) => void = () => {}): Promise<void> {
  const name = createHash("sha256").update(project).digest("hex").slice(0, 16);
  const waiting = (): void => say("Waiting for another build of this project.");
  await withLock(join(tmpdir(), `ectopy-build-${name}.lock`), waiting, async () => {
    const built = join(project, "out", "renderer", "index.html");
    const newestSource = Math.max(...sources.map((path) => changedAt(join(project, path))));
    if (existsSync(built) && newestSource < statSync(built).mtimeMs) return;
    say("Building the app…");
    await build(project);
  });
}

function build(project: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const program = programOf(project, "electron-vite", "electron-vite");
    const child = spawn(process.execPath, [program, "build", "--logLevel", "warn"], {
      cwd: project,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    }
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(`The app could not be built.\n${said}`));
    });
  });
}

/** When something in a folder was last changed, in ms. */
function changedAt(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}
