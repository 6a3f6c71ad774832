import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { executorSchema, type ExecutorOf } from "../../../contract/domain/executors.ts";
import { startLauncher } from "./launcher.ts";

const plan = { title: "e-1", logs: "/shared/it's/logs", worker: "/opt/ectopy worker '/my data'", workers: 3 };
const launcher = (commandLine: string): ExecutorOf<"launcher"> =>
  executorSchema.parse({
    name: "here",
    kind: "launcher",
    folder: "/shared",
    command: "/opt/ectopy",
    launcher: commandLine,
  }) as ExecutorOf<"launcher">;

it.skipIf(process.platform === "win32")("runs the launcher with the workers' command, number and logs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "launcher-"));
  try {
    const file = join(folder, "arguments");
    expect(
      await startLauncher(launcher(`printf '%s\\n' {workers} {logs} {worker} {} >${file}; echo job-7`), plan),
    ).toBe("job-7");
    expect(readFileSync(file, "utf8")).toBe("3\n/shared/it's/logs\n/opt/ectopy\nworker\n/my data\n{}\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.skipIf(process.platform === "win32")("says how a launcher failed", async () => {
  await expect(startLauncher(launcher("echo 'no such queue' >&2; exit 3; {worker}"), plan)).rejects.toThrow(
    "The launcher ended with status 3: no such queue.",
  );
});
