/**
 * Builds the app if its sources are newer than the build: for `npm start`, `ectopy serve`, and once for all tests that
 * run in parallel.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "./setup/lock.mjs";
import { programOf } from "./setup/tools.mjs";

const sources = [
  "src",
  "docs/glossary.md",
  "CITATION.cff",
  "package.json",
  "package-lock.json",
  "electron.vite.config.ts",
];

/**
 * @param say called before a build and before a wait
 * @throws Error with the builder's output
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
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(`The app could not be built.\n${output}`));
    });
  });
}

/** Returns the time of the latest change in a folder, in ms. */
function changedAt(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}
