/**
 * The engine's addon for other systems, and for older ones than this, built by Zig. The cache holds a build for each
 * version of the sources.
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder, makeEntry } from "./cache.mjs";
import { ADDON, buildKernels, describeSources } from "./kernels-build.mjs";
import { withLock } from "./lock.mjs";
import { say } from "./report.mjs";
import { provideZig, zigVersion } from "./zig.mjs";

/** On Windows, the addon asks the system for the functions that let threads sleep, and looks up Node-API itself. */
const windows = ["-lapi-ms-win-core-synch-l1-2-0", "-s"];
/** On macOS, Node-API is that of the program that loads the addon. */
const macos = ["-Wl,-undefined,dynamic_lookup", "-s"];
const linux = ["-pthread", "-s"];

/**
 * By system: Zig's name of it, with its oldest version, the processor, and the linker's arguments. Node 20 and later
 * need glibc 2.28.
 *
 * @type {Record<string, { target: string, arch: string, link: string[] }>}
 */
const builds = {
  "win32-x64": { target: "x86_64-windows-gnu", arch: "x64", link: windows },
  "win32-arm64": { target: "aarch64-windows-gnu", arch: "arm64", link: windows },
  "darwin-x64": { target: "x86_64-macos.11.0", arch: "x64", link: macos },
  "darwin-arm64": { target: "aarch64-macos.11.0", arch: "arm64", link: macos },
  "linux-x64": { target: "x86_64-linux-gnu.2.28", arch: "x64", link: linux },
  "linux-arm64": { target: "aarch64-linux-gnu.2.28", arch: "arm64", link: linux },
};

export const systemNames = Object.keys(builds);

/**
 * Returns the file name of a system's addon.
 *
 * @param {string} system such as `win32-x64`
 */
export function engineFileName(system) {
  return ADDON.replace(/\.node$/, `-${system}.node`);
}

/**
 * Returns the path of a system's addon in the cache, whether it has been built or not.
 *
 * @param {string} project
 * @param {string} system one of `systemNames`
 */
export function engineEntry(project, system) {
  const key = createHash("sha256")
    .update(JSON.stringify([describeSources(join(project, "native")), zigVersion, buildOf(system)]))
    .digest("hex");
  return join(cacheFolder(project), "engines", `${key.slice(0, 16)}-${system}`, ADDON);
}

/** @param {string} system */
function buildOf(system) {
  const build = builds[system];
  if (build === undefined) throw new RangeError(`The engine is not built for ${system}.`);
  return build;
}

/**
 * Builds the engine's addon for a system, unless the cache has it.
 *
 * @param {string} project
 * @param {string} system one of `systemNames`
 * @returns {Promise<string>} its path in the cache
 * @throws {import("./report.mjs").SetupError}
 */
export async function provideEngine(project, system) {
  const build = buildOf(system);
  const addon = engineEntry(project, system);
  const waiting = (/** @type {number} */ pid) => say(`Engine: waiting for another build (process ${pid}).`);
  await withLock(join(cacheFolder(project), "engines.lock"), waiting, async () => {
    if (existsSync(addon)) return;
    const zig = await provideZig(project);
    say(`Engine for ${system}: building, half a minute; minutes where Zig first builds the system's libraries.`);
    await makeEntry(dirname(addon), (folder) =>
      buildKernels({
        compiler: [zig.path, "c++"],
        env: { ...process.env, ...zig.env },
        source: join(project, "native"),
        folder,
        system: { arch: build.arch, compile: ["-target", build.target], link: build.link },
      }),
    );
  });
  return addon;
}

/**
 * Copies a system's addon to where the app finds it, and an installer takes it from.
 *
 * @param {string} file
 * @param {string} modules folder node_modules
 * @param {string} system
 * @returns {string} its path
 */
export function placeEngine(file, modules, system) {
  const folder = join(modules, ".ectopy");
  const path = join(folder, engineFileName(system));
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, `${path}.part`);
  // A process that has loaded the previous file keeps it.
  renameSync(`${path}.part`, path);
  return path;
}
