/**
 * Step "kernels": builds the engine's kernels (native/), and native/compile_commands.json for editors.
 *
 * The cache holds a build for each version of the sources; node_modules gets a copy. ECTOPY_KERNELS=none skips the step.
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder, makeEntry } from "./cache.mjs";
import { lastLines, runChild } from "./child.mjs";
import { ADDON, buildKernels, compileCommandsFile, describeSources, writeCompileCommands } from "./kernels-build.mjs";
import { withLock } from "./lock.mjs";
import { nodePath } from "./node.mjs";
import { findProgram, installSystemPackages } from "./programs.mjs";
import { say, SetupError } from "./report.mjs";
import { readStamp, writeStamp } from "./stamps.mjs";

/** A file in a cache entry whose addon has run on this machine. */
const verified = "verified.json";

/** @type {import("./steps.mjs").Step} */
export const kernels = {
  name: "kernels",
  title: "Training kernels",
  without: "Trainings run by WebAssembly without them, and take 2.5 to 4 times as long.",

  ready(project) {
    if (process.env.ECTOPY_KERNELS === "none" || !canBeBuilt()) return {};
    const files = [addonIn(project), compileCommandsFile(join(project, "native"))];
    return readStamp(project, "kernels").key === keyOf(project) && files.every(existsSync) ? {} : undefined;
  },

  async prepare(project) {
    const key = keyOf(project);
    const cache = cacheFolder(project);
    const waiting = (/** @type {number} */ pid) =>
      say(`Training kernels: waiting for another set-up (process ${pid}).`);
    await withLock(join(cache, "kernels.lock"), waiting, () => provide(project, join(cache, "kernels", key)));
    writeCompileCommands(join(project, "native"));
    writeStamp(project, "kernels", { key });
  },
};

/** On macOS and Windows, addons come built (scripts/build-engine.ts), or trainings run by WebAssembly. */
function canBeBuilt() {
  return process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
}

/** @param {string} project */
function keyOf(project) {
  const hash = createHash("sha256").update(describeSources(join(project, "native")));
  return `${hash.digest("hex").slice(0, 16)}-${process.platform}-${process.arch}`;
}

/** @param {string} project */
function addonIn(project) {
  return join(project, "node_modules", ".ectopy", ADDON);
}

/**
 * @param {string} project
 * @param {string} entry
 */
async function provide(project, entry) {
  if (!existsSync(join(entry, verified))) {
    if (!existsSync(entry)) await make(project, entry);
    await verify(project, entry);
  }
  const addon = addonIn(project);
  mkdirSync(dirname(addon), { recursive: true });
  copyFileSync(join(entry, ADDON), `${addon}.part`);
  // A process that has loaded the previous file keeps it.
  renameSync(`${addon}.part`, addon);
}

/**
 * @param {string} project
 * @param {string} entry
 */
async function make(project, entry) {
  const compiler = await findCompiler();
  say("Training kernels: building, about 30 s.");
  await makeEntry(entry, (folder) => buildKernels({ compiler: [compiler], source: join(project, "native"), folder }));
}

/**
 * Returns whether the kernels are missing and can be built without installing anything.
 *
 * @param {string} project
 */
export function canBuildNow(project) {
  return kernels.ready(project) === undefined && installedCompiler() !== undefined;
}

function installedCompiler() {
  return findProgram(["g++", "c++", "clang++"]);
}

/** @returns {Promise<string>} */
async function findCompiler() {
  const found =
    installedCompiler() ??
    ((await installSystemPackages(["g++"], "Training kernels")) ? installedCompiler() : undefined);
  if (found !== undefined) return found;
  throw new SetupError(
    "Building the training kernels needs a C++ compiler, not found on this machine.",
    "Install one (Debian: sudo apt-get install g++).",
  );
}

/**
 * Runs the addon in a child process: an instruction that the processor lacks ends it.
 *
 * @param {string} project
 * @param {string} entry removed on failure, so that the next set-up builds it again
 */
async function verify(project, entry) {
  const script = fileURLToPath(new URL("check-kernels.cjs", import.meta.url));
  const deadline = Date.now() + 180_000;
  const ended = await runChild(nodePath(project), [script, join(entry, ADDON)], {
    cwd: project,
    giveUp: () => (Date.now() > deadline ? "no answer for 3 minutes" : undefined),
  });
  const [, target, threads] = /^works: (\S+), (\d+) threads?$/m.exec(ended.output) ?? [];
  if (ended.ok && target !== undefined) {
    writeFileSync(join(entry, verified), JSON.stringify({ target }));
    return say(`Training kernels: built for this processor's ${target} vectors, ${threads} threads.`);
  }
  rmSync(entry, { recursive: true, force: true });
  throw new SetupError(
    `The training kernels were built but do not work on this machine (${ended.how}).\n  ${lastLines(ended.output)}`,
    "Report it, with the lines above.",
  );
}
