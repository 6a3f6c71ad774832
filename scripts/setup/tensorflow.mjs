/**
 * Step "tensorflow": the native library and its binding for @tensorflow/tfjs-node-gpu.
 *
 * Two sources, in this order: the package's installer (a prebuilt binding and libtensorflow from the project's
 * storage), and TensorFlow's Python wheel, against whose library the binding is then built. Either fills a folder in
 * the cache with the layout that the package expects (deps/lib, lib/napi-v8); node_modules only gets links to it.
 * ECTOPY_TENSORFLOW=official or =wheel allows one source only, =none neither.
 */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache.mjs";
import { linkCuda } from "./cuda.mjs";
import { cudaLibrary } from "./cuda-library.mjs";
import { lastLines, runChild } from "./child.mjs";
import { withLock } from "./lock.mjs";
import { nodePath } from "./node.mjs";
import { say, SetupError } from "./report.mjs";
import { readStamp, writeStamp } from "./stamps.mjs";
import { official } from "./tensorflow-official.mjs";
import { wheel } from "./tensorflow-wheel.mjs";
import { bindingIn, link, readTfjs } from "./tfjs-package.mjs";

/**
 * @typedef {object} Way
 * @property {string} name
 * @property {() => boolean} fits whether it supports this machine
 * @property {(tfjs: import("./tfjs-package.mjs").Tfjs) => string} key name of its cache entry, with every version that it depends on
 * @property {(project: string, tfjs: import("./tfjs-package.mjs").Tfjs, entry: string) => Promise<void>} make fills the cache entry; throws a
 * SetupError
 */

/** A file in a cache entry whose binding was loaded and has multiplied two matrices. */
const verified = "verified.json";

/** @type {import("./steps.mjs").Step} */
export const tensorflow = {
  name: "tensorflow",
  title: "TensorFlow",
  without: "Everything works without it, except trainings in bfloat16 and on an NVIDIA GPU.",

  ready(project) {
    if (process.env.ECTOPY_TENSORFLOW === "none") return {};
    const tfjs = readTfjs(project);
    if (tfjs === undefined || readStamp(project, "tensorflow").version !== tfjs.version) return undefined;
    return existsSync(bindingIn(tfjs.folder, tfjs)) && existsSync(join(tfjs.folder, "deps", "lib")) ? {} : undefined;
  },

  async prepare(project) {
    // The library for NVIDIA GPUs is TensorFlow, too.
    if (cudaLibrary(project) !== undefined) return linkCuda(project);
    const tfjs = readTfjs(project);
    if (tfjs === undefined) throw new SetupError("@tensorflow/tfjs-node-gpu is not installed.", "Run npm ci.");
    const cache = cacheFolder(project);
    const waiting = (/** @type {number} */ pid) => say(`TensorFlow: waiting for another set-up (process ${pid}).`);
    await withLock(join(cache, "tensorflow.lock"), waiting, () => provide(project, tfjs, join(cache, "tfjs-node-gpu")));
    writeStamp(project, "tensorflow", { version: tfjs.version });
  },
};

/**
 * @param {string} project
 * @param {import("./tfjs-package.mjs").Tfjs} tfjs
 * @param {string} cache
 */
async function provide(project, tfjs, cache) {
  const only = process.env.ECTOPY_TENSORFLOW;
  const ways = [official, wheel].filter((way) => way.fits() && (!only || only === way.name));
  const entryOf = (/** @type {Way} */ way) => join(cache, way.key(tfjs));

  const proven = ways.map(entryOf).find((entry) => existsSync(join(entry, verified)));
  if (proven !== undefined) return link(proven, tfjs);

  const started = Date.now();
  const failures = [];
  for (const way of ways) {
    const entry = entryOf(way);
    try {
      if (!existsSync(entry)) await way.make(project, tfjs, entry);
      link(entry, tfjs);
      const version = await verify(project, entry);
      return say(`TensorFlow: ${version} works, done in ${Math.round((Date.now() - started) / 1000)} s.`);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(`TensorFlow: ${error.message}`);
      failures.push(error);
    }
  }
  throw new SetupError(
    failures.length > 0 ? "No source worked." : `There is no build for ${process.platform} ${process.arch}.`,
    // The last source has the fewest requirements.
    failures.at(-1)?.fix ?? "Use x64 Windows or Linux, macOS, or arm64 Linux.",
  );
}

/**
 * Loads the binding in a child process, since a library for another processor ends its process.
 *
 * @param {string} project
 * @param {string} entry removed on failure, so that the next set-up makes it again
 * @returns {Promise<string>} TensorFlow's version
 */
async function verify(project, entry) {
  const script = fileURLToPath(new URL("check-tensorflow.cjs", import.meta.url));
  const deadline = Date.now() + 180_000;
  const ended = await runChild(nodePath(project), [script], {
    cwd: project,
    env: { TF_CPP_MIN_LOG_LEVEL: "2", ...process.env },
    giveUp: () => (Date.now() > deadline ? "no answer for 3 minutes" : undefined),
  });
  const version = /^works: TensorFlow (\S+) on /m.exec(ended.output)?.[1];
  if (ended.ok && version !== undefined) {
    writeFileSync(join(entry, verified), JSON.stringify({ version }));
    return version;
  }
  rmSync(entry, { recursive: true, force: true });
  throw new SetupError(
    `The library was installed but does not work on this machine (${ended.how}).\n  ${lastLines(ended.output)}`,
    "It needs a 64-bit processor with AVX and glibc 2.27 or later.",
  );
}
