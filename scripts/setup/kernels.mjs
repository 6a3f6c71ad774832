/**
 * Step "kernels": builds Ectopy's TensorFlow operations (native/) for the TensorFlow that is set up, and
 * native/compile_commands.json for editors.
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
import { buildKernels, compileCommandsFile, describeSources, writeCompileCommands } from "./kernels-build.mjs";
import { withLock } from "./lock.mjs";
import { nodePath } from "./node.mjs";
import { findProgram, installSystemPackages } from "./programs.mjs";
import { say, SetupError } from "./report.mjs";
import { readStamp, writeStamp } from "./stamps.mjs";

const fileName = "ectopy_kernels.node";
/** A file in a cache entry whose operations have run on this machine. */
const verified = "verified.json";

/** @type {import("./steps.mjs").Step} */
export const kernels = {
  name: "kernels",
  title: "Training kernels",
  without: "Training works without them; networks with LSTM layers take about twice as long.",

  ready(project) {
    if (process.env.ECTOPY_KERNELS === "none" || !canBeBuilt()) return {};
    const library = tensorflowLibrary(project);
    // Without TensorFlow there is nothing to build for, which TensorFlow's step reports.
    if (library === undefined) return {};
    const key = keyOf(project, library);
    const files = [addonIn(project), compileCommandsFile(join(project, "native"))];
    return readStamp(project, "kernels").key === key && files.every(existsSync) ? {} : undefined;
  },

  async prepare(project) {
    const library = tensorflowLibrary(project);
    if (library === undefined) return;
    const key = keyOf(project, library);
    const cache = cacheFolder(project);
    const waiting = (/** @type {number} */ pid) =>
      say(`Training kernels: waiting for another set-up (process ${pid}).`);
    await withLock(join(cache, "kernels.lock"), waiting, () => provide(project, library, join(cache, "kernels", key)));
    writeCompileCommands(join(project, "native"));
    writeStamp(project, "kernels", { key });
  },
};

/** On macOS and Windows, such libraries are linked and loaded differently; training works there without kernels. */
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
 * @param {string} library
 */
function keyOf(project, library) {
  // The cache entry's name holds TensorFlow's version and its source.
  const tensorflow = basename(dirname(dirname(library)));
  const hash = createHash("sha256")
    .update(describeSources(join(project, "native")))
    .update(tensorflow);
  return `${hash.digest("hex").slice(0, 16)}-${process.platform}-${process.arch}`;
}

/** @param {string} project */
function addonIn(project) {
  return join(project, "node_modules", ".ectopy", fileName);
}

/**
 * @param {string} project
 * @param {string} library
 * @param {string} entry
 */
async function provide(project, library, entry) {
  if (!existsSync(join(entry, verified))) {
    if (!existsSync(entry)) await make(project, library, entry);
    await verify(project, entry);
  }
  const addon = addonIn(project);
  mkdirSync(dirname(addon), { recursive: true });
  copyFileSync(join(entry, fileName), `${addon}.part`);
  // A process that has loaded the previous file keeps it.
  renameSync(`${addon}.part`, addon);
}

/**
 * @param {string} project
 * @param {string} library
 * @param {string} entry
 */
async function make(project, library, entry) {
  const compiler = await findCompiler();
  say("Training kernels: building, about 20 s.");
  await makeEntry(entry, (aside) =>
    buildKernels({ compiler, source: join(project, "native"), library, addon: join(aside, fileName) }),
  );
}

/** @returns {Promise<string>} */
async function findCompiler() {
  const find = () => findProgram(["g++", "c++", "clang++"]);
  const found = find() ?? ((await installSystemPackages(["g++"], "Training kernels")) ? find() : undefined);
  if (found !== undefined) return found;
  throw new SetupError(
    "Building the training kernels needs a C++ compiler, not found on this machine.",
    "Install one (Debian: sudo apt-get install g++).",
  );
}

/**
 * Runs the operations in a child process: an instruction that the processor lacks ends it.
 *
 * @param {string} project
 * @param {string} entry removed on failure, so that the next set-up builds it again
 */
async function verify(project, entry) {
  const script = fileURLToPath(new URL("check-kernels.cjs", import.meta.url));
  const deadline = Date.now() + 180_000;
  const ended = await runChild(nodePath(project), [script, join(entry, fileName)], {
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
