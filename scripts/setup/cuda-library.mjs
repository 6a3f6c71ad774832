/**
 * TensorFlow's library for NVIDIA GPUs (x64 Linux), with NVIDIA's libraries, in the cache: from the same Python wheels as
 * `pip install tensorflow[and-cuda]`, without Python. Nothing here runs where there is no NVIDIA GPU.
 */
import { chmodSync, createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cacheFolder, makeEntry, needSpace } from "./cache.mjs";
import { download } from "./download.mjs";
import { withLock } from "./lock.mjs";
import { findWheel } from "./python-index.mjs";
import { progressLine, say } from "./report.mjs";

/** Version of TensorFlow. */
export const cudaVersion = "2.21.0";

/** Packages and their versions: those that pip installs for this TensorFlow (2026-11-30). @type {[string, string, string][]} */
export const cudaPackages = [
  ["tensorflow", cudaVersion, "cp311"],
  ["nvidia-cublas-cu12", "12.9.3.13", "py3"],
  ["nvidia-cuda-cupti-cu12", "12.9.79", "py3"],
  ["nvidia-cuda-nvcc-cu12", "12.9.86", "py3"],
  ["nvidia-cuda-nvrtc-cu12", "12.9.86", "py3"],
  ["nvidia-cuda-runtime-cu12", "12.9.79", "py3"],
  ["nvidia-cudnn-cu12", "9.28.0.42", "py3"],
  ["nvidia-cufft-cu12", "11.4.1.4", "py3"],
  ["nvidia-curand-cu12", "10.3.10.19", "py3"],
  ["nvidia-cusolver-cu12", "11.7.5.82", "py3"],
  ["nvidia-cusparse-cu12", "12.5.10.65", "py3"],
  ["nvidia-nccl-cu12", "2.32.3", "py3"],
  ["nvidia-nvjitlink-cu12", "12.9.86", "py3"],
];

/** Unpacked bytes for each downloaded one, measured. */
export const UNPACKED_RATIO = 1.6;

/** @param {string} project */
function cudaFolder(project) {
  return join(cacheFolder(project), "cuda");
}

/**
 * Returns the folder of the libraries, where they are complete.
 *
 * @param {string} project
 * @returns {string | undefined}
 */
export function cudaLibrary(project) {
  const folder = libraryFolder(project);
  return existsSync(folder) ? folder : undefined;
}

/** @param {string} project */
function libraryFolder(project) {
  return join(cudaFolder(project), `${cudaVersion}-linux-x64`);
}

/** Returns the wheels with their sizes, from the index. @param {import("./python-index.mjs").Fetch} fetch */
export function listCudaWheels(fetch) {
  return Promise.all(cudaPackages.map((each) => findWheel(fetch, ...each)));
}

/**
 * Downloads and unpacks the wheels. An interrupted download is resumed by the next call.
 *
 * @param {string} project
 * @param {import("./python-index.mjs").IndexedWheel[]} wheels
 * @param {import("./python-index.mjs").Fetch} fetch
 */
export async function fetchCuda(project, wheels, fetch) {
  const downloads = join(cudaFolder(project), "downloads");
  const total = wheels.reduce((sum, { size }) => sum + size, 0);
  const waiting = (/** @type {number} */ pid) => say(`CUDA: waiting for another set-up (process ${pid}).`);
  await withLock(join(cudaFolder(project), "cuda.lock"), waiting, async () => {
    if (cudaLibrary(project) !== undefined) return;
    mkdirSync(downloads, { recursive: true });
    needSpace(downloads, Math.ceil(((1 + UNPACKED_RATIO) * total) / 1e6), "Installing TensorFlow for NVIDIA GPUs");
    const progress = progressLine("CUDA: downloading");
    let before = 0;
    for (const wheel of wheels) {
      await download(fetch, wheel, join(downloads, wheel.file), (bytes) =>
        progress.update(Math.round((before + bytes) / 1e6), Math.ceil(total / 1e6), "MB"),
      );
      before += wheel.size;
    }
    progress.end();
    say("CUDA: unpacking.");
    await makeEntry(libraryFolder(project), async (aside) => {
      for (const { file } of wheels) await unpack(join(downloads, file), aside);
    });
    rmSync(downloads, { recursive: true, force: true });
  });
}

/**
 * Removes the libraries, and what was downloaded of them.
 *
 * @param {string} project
 * @returns {boolean} whether there was anything
 */
export function removeCuda(project) {
  const folder = cudaFolder(project);
  const has = existsSync(folder);
  rmSync(folder, { recursive: true, force: true });
  return has;
}

/**
 * Returns the path for a member of a wheel; undefined where it is not needed.
 *
 * @param {string} name
 * @returns {string | undefined}
 */
export function placeOf(name) {
  if (name.endsWith("/") || name.split("/").includes("..")) return undefined;
  if (/^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(name)) return name;
  const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/.exec(name)?.[1];
  if (library !== undefined) return `lib/${library}`;
  return /^tensorflow\/(include\/(?:tensorflow\/c|tensorflow\/core\/platform|tsl|xla\/tsl)\/.+)$/.exec(name)?.[1];
}

/**
 * @param {string} file the wheel
 * @param {string} folder
 */
async function unpack(file, folder) {
  // A package of the app, which is installed by now.
  const { openPromise } = await import("yauzl");
  const zip = await openPromise(file);
  for await (const entry of zip.eachEntry()) {
    const place = placeOf(entry.fileName);
    if (place === undefined) continue;
    const path = join(folder, place);
    mkdirSync(dirname(path), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
    if (place.includes("/bin/")) chmodSync(path, 0o755);
  }
}
