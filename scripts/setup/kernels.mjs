/**
 * Step "kernels": builds the engine's kernels (native/), the TensorFlow operations made of them for the TensorFlow that
 * is set up, and native/compile_commands.json for editors.
 *
 * The cache holds a build for each version of the sources and of TensorFlow; node_modules gets a copy.
 * ECTOPY_KERNELS=none skips the step.
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder, makeEntry } from "./cache.mjs";
import { lastLines, runChild } from "./child.mjs";
import {
  addonNames,
  buildKernels,
  compileCommandsFile,
  describeSources,
  writeCompileCommands,
} from "./kernels-build.mjs";
import { withLock } from "./lock.mjs";
import { nodePath } from "./node.mjs";
import { findProgram, installSystemPackages } from "./programs.mjs";
import { say, SetupError } from "./report.mjs";
import { readStamp, writeStamp } from "./stamps.mjs";

/** A file in a cache entry whose addons have run on this machine. */
const verified = "verified.json";

/** @type {import("./steps.mjs").Step} */
export const kernels = {
  name: "kernels",
  title: "Training kernels",
  without: "Trainings run by WebAssembly without them, and take 2.5 to 4 times as long.",

  ready(project) {
    if (process.env.ECTOPY_KERNELS === "none" || !canBeBuilt()) return {};
    const library = tensorflowLibrary(project);
    const key = keyOf(project, library);
    const files = [...addonsIn(project, library), compileCommandsFile(join(project, "native"))];
    return readStamp(project, "kernels").key === key && files.every(existsSync) ? {} : undefined;
  },

  async prepare(project) {
    const library = tensorflowLibrary(project);
    const key = keyOf(project, library);
    const cache = cacheFolder(project);
    const waiting = (/** @type {number} */ pid) =>
      say(`Training kernels: waiting for another set-up (process ${pid}).`);
    await withLock(join(cache, "kernels.lock"), waiting, () => provide(project, library, join(cache, "kernels", key)));
    writeCompileCommands(join(project, "native"));
    writeStamp(project, "kernels", { key });
  },
};

/** On macOS and Windows, addons come built (scripts/build-engine.ts), or trainings run by WebAssembly. */
function canBeBuilt() {
  return process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
}

/**
 * @param {string} project
 * @returns {string | undefined} the folder of the libraries, in the cache
 */
function tensorflowLibrary(project) {
  const folder = join(project, "node_modules", "@tensorflow", "tfjs-node-gpu", "deps", "lib");
  return process.env.ECTOPY_TENSORFLOW !== "none" && existsSync(folder) ? realpathSync(folder) : undefined;
}

/**
 * @param {string} project
 * @param {string | undefined} library
 */
function keyOf(project, library) {
  // The cache entry's name holds TensorFlow's version and its source.
  const tensorflow = library === undefined ? "without TensorFlow" : basename(dirname(dirname(library)));
  const hash = createHash("sha256")
    .update(describeSources(join(project, "native")))
    .update(tensorflow);
  return `${hash.digest("hex").slice(0, 16)}-${process.platform}-${process.arch}`;
}

/**
 * @param {string | undefined} library
 * @returns {string[]} names of the addons that are built
 */
function namesOf(library) {
  return library === undefined ? [addonNames.engine] : [addonNames.engine, addonNames.tensorflow];
}

/**
 * @param {string} project
 * @param {string | undefined} library
 */
function addonsIn(project, library) {
  return namesOf(library).map((name) => join(project, "node_modules", ".ectopy", name));
}

/**
 * @param {string} project
 * @param {string | undefined} library
 * @param {string} entry
 */
async function provide(project, library, entry) {
  if (!existsSync(join(entry, verified))) {
    if (!existsSync(entry)) await make(project, library, entry);
    await verify(project, library, entry);
  }
  for (const addon of addonsIn(project, library)) {
    mkdirSync(dirname(addon), { recursive: true });
    copyFileSync(join(entry, basename(addon)), `${addon}.part`);
    // A process that has loaded the previous file keeps it.
    renameSync(`${addon}.part`, addon);
  }
}

/**
 * @param {string} project
 * @param {string | undefined} library
 * @param {string} entry
 */
async function make(project, library, entry) {
  const compiler = await findCompiler();
  say("Training kernels: building, about 30 s.");
  await makeEntry(entry, (folder) =>
    buildKernels({ compiler: [compiler], source: join(project, "native"), library, folder }),
  );
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
 * Runs the addons in a child process: an instruction that the processor lacks ends it.
 *
 * @param {string} project
 * @param {string | undefined} library
 * @param {string} entry removed on failure, so that the next set-up builds it again
 */
async function verify(project, library, entry) {
  const script = fileURLToPath(new URL("check-kernels.cjs", import.meta.url));
  const deadline = Date.now() + 180_000;
  const ended = await runChild(nodePath(project), [script, ...namesOf(library).map((name) => join(entry, name))], {
    cwd: project,
    env: { TF_CPP_MIN_LOG_LEVEL: "2", ...process.env },
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
