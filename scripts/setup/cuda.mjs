/**
 * Step "cuda": TensorFlow for an NVIDIA GPU, from the libraries that scripts/cuda.mjs has installed in the cache. Without
 * them there is nothing to do: nothing is downloaded and nothing is loaded.
 */
import { existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder, makeEntry } from "./cache.mjs";
import { lastLines, runChild } from "./child.mjs";
import { cudaLibrary, cudaVersion } from "./cuda-library.mjs";
import { withLock } from "./lock.mjs";
import { nodePath } from "./node.mjs";
import { packages } from "./packages.mjs";
import { findProgram } from "./programs.mjs";
import { say, SetupError } from "./report.mjs";
import { readStamp, writeStamp } from "./stamps.mjs";
import { buildBinding, needCompiler } from "./tensorflow-wheel.mjs";
import { bindingIn, link, readTfjs } from "./tfjs-package.mjs";

/** Time for loading the libraries, some 4 GB, from a slow disk. */
const LOADING_MS = 300_000;

/** @type {import("./steps.mjs").Step} */
export const cuda = {
  name: "cuda",
  title: "TensorFlow for the NVIDIA GPU",
  without: "Trainings run by Ectopy's kernels, WebAssembly or WebGPU instead.",

  ready(project) {
    if (process.env.ECTOPY_TENSORFLOW === "none" || cudaLibrary(project) === undefined) return {};
    const tfjs = readTfjs(project);
    const linked = tfjs !== undefined && existsSync(bindingIn(tfjs.folder, tfjs));
    return linked && readStamp(project, "cuda").version === cudaVersion ? {} : undefined;
  },

  prepare: linkCuda,
};

/**
 * Returns the offer to install TensorFlow for the GPU, where NVIDIA's driver is there and the libraries are not.
 *
 * @param {string} project
 * @returns {string} empty where there is nothing to offer
 */
export function cudaOffer(project) {
  if (process.platform !== "linux" || process.arch !== "x64" || process.env.ECTOPY_TENSORFLOW === "none") return "";
  if (findProgram(["nvidia-smi"]) === undefined || cudaLibrary(project) !== undefined) return "";
  return "NVIDIA GPU: `npm run -s ectopy -- device --install cuda` installs TensorFlow for it; it states the size and asks first.";
}

/**
 * Builds the binding against the libraries, links it into TensorFlow.js, and finds out whether it uses the GPU.
 *
 * @param {string} project
 * @throws {SetupError} where it can't be built, or does not load; not where it loads without the GPU, which is reported
 */
export async function linkCuda(project) {
  const library = cudaLibrary(project);
  if (library === undefined) return;
  // TensorFlow.js is among the packages of the tests.
  if (readTfjs(project) === undefined) await packages.prepare(project);
  const tfjs = readTfjs(project);
  if (tfjs === undefined) throw new SetupError("@tensorflow/tfjs-node-gpu is not installed.", "Run npm ci.");
  const cache = cacheFolder(project);
  const entry = cudaBinding(project, tfjs);
  const waiting = (/** @type {number} */ pid) => say(`CUDA: waiting for another set-up (process ${pid}).`);
  await withLock(join(cache, "tensorflow.lock"), waiting, async () => {
    if (!existsSync(entry)) {
      await needCompiler();
      await makeEntry(entry, async (aside) => {
        await buildBinding(project, tfjs, { library, entry, aside });
        // The libraries find NVIDIA's by their path from deps/lib.
        symlinkSync(relative(join(entry, "deps"), join(library, "nvidia")), join(aside, "deps", "nvidia"));
      });
    }
    link(entry, tfjs);
    const found = await verify(project, entry);
    writeFileSync(join(entry, "verified.json"), JSON.stringify(found));
    say(
      found.gpu
        ? `TensorFlow ${found.version} uses the NVIDIA GPU.`
        : `TensorFlow ${found.version} loads, but does not use the NVIDIA GPU: its driver or a library is missing. ` +
            "`npm run -s ectopy -- device` says more.",
    );
  });
  writeStamp(project, "tensorflow", { version: tfjs.version });
  writeStamp(project, "cuda", { version: cudaVersion });
}

/**
 * Removes the binding and its links.
 *
 * @param {string} project
 */
export function unlinkCuda(project) {
  const tfjs = readTfjs(project);
  if (tfjs === undefined) return;
  rmSync(cudaBinding(project, tfjs), { recursive: true, force: true });
  if (readStamp(project, "cuda").version === undefined) return;
  for (const name of ["deps", "lib"]) rmSync(join(tfjs.folder, name), { recursive: true, force: true });
  for (const name of ["cuda", "tensorflow"]) writeStamp(project, name, {});
}

/**
 * Returns the folder of the binding, in the cache.
 *
 * @param {string} project
 * @param {import("./tfjs-package.mjs").Tfjs} tfjs
 */
function cudaBinding(project, tfjs) {
  const name = `${tfjs.version}-cuda-${cudaVersion}-${process.platform}-${process.arch}-napi${tfjs.napi}`;
  return join(cacheFolder(project), "tfjs-node-gpu", name);
}

/**
 * Loads TensorFlow in a child process, since a driver may end its process.
 *
 * @param {string} project
 * @param {string} entry removed on failure, so that the next set-up makes it again
 * @returns {Promise<{ version: string, gpu: boolean }>}
 */
async function verify(project, entry) {
  const script = fileURLToPath(new URL("check-tensorflow.cjs", import.meta.url));
  const deadline = Date.now() + LOADING_MS;
  const ended = await runChild(nodePath(project), [script], {
    cwd: project,
    env: { TF_CPP_MIN_LOG_LEVEL: "2", ...process.env },
    giveUp: () => (Date.now() > deadline ? `no answer for ${LOADING_MS / 60_000} minutes` : undefined),
  });
  const [, version, device] = /^works: TensorFlow (\S+) on (CPU|GPU)$/m.exec(ended.output) ?? [];
  if (ended.ok && version !== undefined) return { version, gpu: device === "GPU" };
  rmSync(entry, { recursive: true, force: true });
  throw new SetupError(
    `TensorFlow for NVIDIA GPUs was installed but does not work on this machine (${ended.how}).\n  ${lastLines(ended.output)}`,
    "Update NVIDIA's driver, or remove it: npm run -s ectopy -- device --remove cuda.",
  );
}
