/**
 * `npm start`: builds the app if its sources are newer, then opens it: in Electron's window if Electron's binary and a
 * display exist, else in a browser tab. Arguments are passed to the app. Where the kernels are missing and a compiler is
 * there, they are built meanwhile: trainings that begin afterwards use them.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { constants, setPriority } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasDisplay } from "../src/main/base/display.mjs";
import { buildApp } from "./build-app.ts";
import { electronBinary } from "./setup/electron.mjs";
import { canBuildNow } from "./setup/kernels.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));

/** Time from the app's start to the build of the kernels, which would delay its window. */
const KERNELS_DELAY_MS = 5_000;

try {
  await buildApp(project, (message) => console.error(message));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error("The command line works without it: npm run ectopy -- --help");
  process.exit(1);
}
const electron = electronBinary(project);
const args = process.argv.slice(2);
const [program, ...first] =
  electron !== undefined && hasDisplay()
    ? [electron, project]
    : [process.execPath, join(project, "out", "main", "ectopy.js"), "serve"];
const child = spawn(program, [...first, ...args], { cwd: project, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // A terminal sends Ctrl-C to the app too; a second signal would make it end at once.
  process.on(signal, () => void (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal)));
}
child.on("error", (error) => {
  console.error(`${program} could not be started: ${error.message}`);
  process.exitCode = 1;
});
let building: ChildProcess | undefined;
const buildLater = setTimeout(buildKernels, KERNELS_DELAY_MS);
child.on("exit", (status, signal) => {
  process.exitCode = signal === null ? (status ?? 1) : 1;
  clearTimeout(buildLater);
  building?.kill();
});

/** Builds the kernels where they are missing. The app, and a training by WebAssembly, have priority. */
function buildKernels(): void {
  if (!canBuildNow(project)) return;
  const args = [join(project, "scripts", "run.mjs"), "setup", "kernels"];
  building = spawn(process.execPath, args, { stdio: "inherit" });
  if (building.pid !== undefined) setPriority(building.pid, constants.priority.PRIORITY_LOW);
  building.on("error", (error) => console.error(`The training kernels could not be built: ${error.message}`));
}
