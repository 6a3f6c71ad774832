/**
 * `npm start`: builds the app if its sources are newer, then opens it: in Electron's window if Electron's binary and a
 * display exist, else in a browser tab. Arguments are passed to the app. Where the kernels are missing and a compiler is
 * there, they are built meanwhile: trainings that begin afterwards use them.
 */
import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasDisplay } from "../src/main/base/display.mjs";
import { buildApp } from "./build-app.ts";
import { electronBinary } from "./setup/electron.mjs";
import { canBuildNow } from "./setup/kernels.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));

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
const building = canBuildNow(project)
  ? spawn(process.execPath, [join(project, "scripts", "run.mjs"), "setup", "kernels"], { stdio: "inherit" })
  : undefined;
// The app, and a training by WebAssembly, have priority.
if (building?.pid !== undefined) setPriority(building.pid, constants.priority.PRIORITY_LOW);
building?.on("error", (error) => console.error(`The training kernels could not be built: ${error.message}`));
child.on("exit", (status, signal) => {
  process.exitCode = signal === null ? (status ?? 1) : 1;
  building?.kill();
});
