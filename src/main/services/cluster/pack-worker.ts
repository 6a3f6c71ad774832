/**
 * Packs a worker with Node and the engine into one archive, which runs on a machine without any installation. The modules are
 * those that the worker's entry points import, and the packages that these import.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { makeFolder } from "../../base/make-folder.ts";
import { version } from "../../version.ts";

/** Systems that an archive can be made for. */
export const workerSystems = ["linux-x64", "linux-arm64"] as const;
export type WorkerSystem = (typeof workerSystems)[number];

export interface PackedWorker {
  path: string;
  system: WorkerSystem;
  /** Version of its Node. */
  node: string;
  /** `addon`: the kernels for its processor; `webassembly`: those for any processor, which are slower. */
  kernels: "addon" | "webassembly";
}

const ENTRIES = [
  "src/main/cli/worker.ts",
  "src/engine/processes/training-process.ts",
  "src/engine/processes/training-thread.ts",
];
const WASM = join("resources", "engine.wasm");
const ADDON = "ectopy_engine";
const IMPORT =
  /^(?:import|export)\s(?!type\s)[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)|new URL\("([^"]+)",\s*import\.meta\.url\)/gms;
/** Only shell built-ins: the archive needs nothing of the machine but `sh`. */
const LAUNCHER = `#!/bin/sh
here=$(CDPATH= cd -- "\${0%/*}" && pwd -P) || exit 1
exec "$here/node" "$here/src/main/cli/worker.ts" "$@"
`;

/**
 * Packs a worker.
 * @param folder where the archive is written
 * @throws EctopyError `unsupported`: an installed app, which has no sources; `not-found`: no `tar` or `npm` here;
 *   `server-unreachable`: no Node for another system
 */
export function packWorker(system: WorkerSystem, folder: string): PackedWorker {
  const project = sourcesFolder();
  const aside = mkdtempSync(join(tmpdir(), "ectopy-pack-"));
  try {
    const name = `ectopy-worker-${version}-${system}`;
    const target = join(aside, name);
    makeFolder(target);
    const { files, packages } = modulesOf(ENTRIES.map((entry) => join(project, entry)));
    for (const file of [...files, join(project, WASM)]) copy(file, join(target, relative(project, file)));
    for (const each of packages) copyPackage(join(project, "node_modules", each), join(target, "node_modules", each));
    writeFileSync(join(target, "package.json"), JSON.stringify({ name: "ectopy-worker", version, type: "module" }));
    writeFileSync(join(target, "ectopy"), LAUNCHER);
    chmodSync(join(target, "ectopy"), 0o755);
    const kernels = copyKernels(project, system, target);
    copyFileSync(nodeFor(system, aside), join(target, "node"));
    chmodSync(join(target, "node"), 0o755);
    const path = join(folder, `${name}.tar.gz`);
    run("tar", ["-czf", path, "-C", aside, name]);
    return { path, system, node: process.version, kernels };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Returns the folder of the sources, which a build is in, too. @throws EctopyError `unsupported` */
function sourcesFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ENTRIES[0]))) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new EctopyError(
    "unsupported",
    "An installed app can't make the archive of a worker.",
    "Run the command in a clone of Ectopy's sources of the same version.",
  );
}

/** Returns the files that modules import, themselves included, and the packages. */
function modulesOf(entries: readonly string[]): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = [...entries];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    if (!file.endsWith(".ts")) continue;
    for (const [, ...names] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      const name = names.find((each) => each !== undefined)!;
      const path = resolve(dirname(file), name);
      if (name.startsWith(".") && existsSync(path)) open.push(path);
      else if (!name.startsWith(".") && !name.startsWith("node:")) packages.add(packageOf(name));
    }
  }
  return { files, packages };
}

/** `h5wasm/node` is of the package `h5wasm`. */
function packageOf(name: string): string {
  return name.split("/", name.startsWith("@") ? 2 : 1).join("/");
}

function copy(from: string, to: string): void {
  makeFolder(dirname(to));
  copyFileSync(from, to);
}

function copyPackage(from: string, to: string): void {
  // Types, sources and maps are never loaded.
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !/\.(map|ts|mts|cts)$/.test(path) && !path.includes(`${sep}src${sep}`),
  });
}

function copyKernels(project: string, system: WorkerSystem, target: string): PackedWorker["kernels"] {
  const isHere = system === `${process.platform}-${process.arch}`;
  const names = [...(isHere ? [`${ADDON}.node`] : []), `${ADDON}-${system}.node`];
  const found = names.map((name) => join(project, "node_modules", ".ectopy", name)).find((path) => existsSync(path));
  if (found === undefined) return "webassembly";
  copy(found, join(target, "node_modules", ".ectopy", `${ADDON}.node`));
  return "addon";
}

/** Returns the path of Node for a system: this one, or npm's package of it. */
function nodeFor(system: WorkerSystem, aside: string): string {
  if (system === `${process.platform}-${process.arch}`) return process.execPath;
  const name = `node-${system}@${process.versions.node}`;
  const [file = ""] = run("npm", ["pack", "--silent", "--pack-destination", aside, name]).trim().split("\n").slice(-1);
  run("tar", ["-xzf", join(aside, file), "-C", aside, "package/bin/node"]);
  return join(aside, "package", "bin", "node");
}

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) {
    throw new EctopyError("not-found", `The program ${program} is not installed here.`, "Install it, then try again.");
  }
  if (status === 0) return stdout;
  const last = stderr.trim().split("\n").at(-1) ?? "";
  const code = program === "npm" ? "server-unreachable" : "no-access";
  throw new EctopyError(code, `${program} failed: ${last.replace(/\.*$/, "")}.`, "Check the folder and the network.");
}
