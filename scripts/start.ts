/**
 * `npm start`: builds the app if its sources are newer, then opens it: in Electron's window if Electron's binary and a
 * display exist, else in a browser tab. Arguments are passed to the app. Where the kernels are missing and a compiler is
 * there, they are built meanwhile: trainings that begin afterwards use them. So is the binding to TensorFlow for NVIDIA GPUs,
 * where its libraries are in the cache.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { constants, setPriority } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasDisplay } from "../src/main/base/display.mjs";
import { buildApp } from "./build-app.ts";
import { cuda, cudaOffer } from "./setup/cuda.mjs";
import { electronBinary } from "./setup/electron.mjs";
import { canBuildNow } from "./setup/kernels.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));

/** Time from the app's start to the builds, which would delay its window. */
const BUILD_DELAY_MS = 5_000;

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
const offer = cudaOffer(project);
if (offer !== "") console.error(offer);
let building: ChildProcess | undefined;
const buildLater = setTimeout(build, BUILD_DELAY_MS);
child.on("exit", (status, signal) => {
  process.exitCode = signal === null ? (status ?? 1) : 1;
  clearTimeout(buildLater);
  building?.kill();
});

/** Builds what makes trainings faster. The app, and a training by WebAssembly, have priority. */
function build(): void {
  const steps = [...(canBuildNow(project) ? ["kernels"] : []), ...(cuda.ready(project) === undefined ? ["cuda"] : [])];
  if (steps.length === 0) return;
  building = spawn(process.execPath, [join(project, "scripts", "run.mjs"), "setup", ...steps], { stdio: "inherit" });
  if (building.pid !== undefined) setPriority(building.pid, constants.priority.PRIORITY_LOW);
  building.on("error", (error) => console.error(`${steps.join(" and ")} could not be built: ${error.message}`));
}
