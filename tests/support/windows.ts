/**
 * The command line as Windows runs it: Node for Windows under Wine, with the packages for Windows and the addon of the
 * set-up step "windows".
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placeEngine } from "../../scripts/setup/engine-systems.mjs";
import { windows as windowsStep, windowsFiles } from "../../scripts/setup/windows.mjs";
import type { Ended } from "./ectopy-process.ts";

const root = join(import.meta.dirname, "../..");

const { node, modules, addon } = windowsFiles(root);
export const NO_WINDOWS = "Wine or the packages for Windows are missing: `npm run setup -- windows` installs them";
export const canRunWindows = windowsStep.ready(root) !== undefined;

/** A running program. */
export interface WindowsProgram {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Standard error so far. */
  errorOutput: () => string;
}

export interface WindowsMachine {
  /** Starts Node with a file of the project, which is named by its path from the root. */
  start: (file: string, args: readonly string[], environment?: Readonly<Record<string, string>>) => WindowsProgram;
  remove: () => Promise<void>;
}

/** Makes a separate Windows, with a copy of the project that consists of links. */
export function makeWindows(): WindowsMachine {
  const folder = mkdtempSync(join(tmpdir(), "ectopy-windows-"));
  const project = join(folder, "project");
  const prefix = join(folder, "prefix");
  linkProject(project);
  const environment = { ...process.env, WINEPREFIX: prefix, WINEDEBUG: "-all", NODE_SKIP_PLATFORM_CHECK: "1" };
  execFileSync("wineboot", ["--init"], { env: environment, stdio: "ignore" });
  // Node refuses Windows 7, which Wine 8 claims to be.
  execFileSync("winecfg", ["-v", "win10"], { env: environment, stdio: "ignore" });
  const started: Promise<Ended>[] = [];
  return {
    start(file, args, added = {}) {
      const output = ["out", "err"].map((name) => join(folder, `${started.length}-${name}.txt`));
      // Node under Wine ends with EBADF where its output is a pipe.
      const files = output.map((path) => openSync(path, "w"));
      const child = spawn("wine", [node, join(project, file), ...args], {
        cwd: project,
        stdio: ["ignore", ...files],
        env: { ...environment, ...added },
      });
      for (const open of files) closeSync(open);
      const read = (path: string): string => readFileSync(path, "utf8");
      const ended = new Promise<Ended>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (status, signal) =>
          resolve({ status, signal, stdout: read(output[0]), stderr: read(output[1]) }),
        );
      });
      started.push(ended);
      return { child, ended, errorOutput: () => read(output[1]) };
    },
    async remove() {
      // Ends the processes of this Windows alone. Without any, there is no server, which is no fault.
      for (const what of ["--kill", "--wait"]) spawnSync("wineserver", [what], { env: environment, stdio: "ignore" });
      await Promise.allSettled(started);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Wine shows the target of a link as if it were there, so Node finds the packages for Windows beside the sources. */
function linkProject(project: string): void {
  const linked = join(project, "node_modules");
  mkdirSync(linked, { recursive: true });
  for (const name of readdirSync(modules)) symlinkSync(join(modules, name), join(linked, name));
  for (const name of ["src", "tests", "bench", "resources", "package.json"])
    symlinkSync(join(root, name), join(project, name));
  placeEngine(addon, linked, "win32-x64");
}

/** Returns the path by which a program of Windows reaches a file. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}
