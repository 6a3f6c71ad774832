/**
 * Finds wheels in the index of Python packages (PEP 503, 691 and 700): address, size and SHA-256. PIP_INDEX_URL names
 * another index than pip's usual one, as for pip.
 */
import { execFileSync } from "node:child_process";
import { SetupError } from "./report.mjs";

/**
 * @typedef {object} IndexedWheel
 * @property {string} file
 * @property {string} url
 * @property {number} size in bytes
 * @property {string} sha256
 */

/** Requests a page: scripts/cuda.mjs gives the app's, which knows proxies. @typedef {import("../../src/main/base/network/network.ts").Fetch} Fetch */

const MAX_REDIRECTS = 5;

/**
 * Returns the wheel of a package's version for x64 Linux.
 *
 * @param {Fetch} fetch
 * @param {string} name
 * @param {string} version
 * @param {string} tag of the Python, such as `cp311` or `py3`
 * @returns {Promise<IndexedWheel>}
 * @throws {SetupError} where the index does not answer, or has no such wheel
 */
export async function findWheel(fetch, name, version, tag) {
  const index = process.env.PIP_INDEX_URL || usualIndex();
  const page = `${index.replace(/\/+$/, "")}/${name}/`;
  const prefix = `${name.replaceAll("-", "_")}-${version}-${tag}-`;
  for (const { filename, url, size, hashes } of await filesOf(fetch, page)) {
    const sha256 = hashes?.sha256;
    if (!filename.startsWith(prefix) || !/manylinux\w*_x86_64\.whl$/.test(filename)) continue;
    if (typeof size !== "number" || sha256 === undefined) continue;
    return { file: filename, url: new URL(url, page).href, size, sha256 };
  }
  throw new SetupError(
    `${page} has no wheel of ${name} ${version} for x64 Linux with its size and hash.`,
    "Set PIP_INDEX_URL to an index with the JSON format.",
  );
}

/** @type {string | undefined} */
let usual;

/** Returns the index that pip uses where nothing names another. @throws {SetupError} without Python or pip */
function usualIndex() {
  const ask = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";
  try {
    return (usual ??= execFileSync("python3", ["-c", ask], { encoding: "utf8", timeout: 60_000 }).trim());
  } catch (cause) {
    throw new SetupError(
      `The index of Python packages is unknown: python3 with pip does not tell it (${reasonOf(cause)}).`,
      "Install python3-pip, or set PIP_INDEX_URL to an index with the JSON format.",
    );
  }
}

/**
 * @param {Fetch} fetch
 * @param {string} page
 * @returns {Promise<{ filename: string, url: string, size?: number, hashes?: { sha256?: string } }[]>}
 */
async function filesOf(fetch, page) {
  const fix = "Check the network connection, a proxy (HTTPS_PROXY), and PIP_INDEX_URL.";
  try {
    const response = await request(fetch, page, {
      headers: { accept: "application/vnd.pypi.simple.v1+json" },
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()).files;
  } catch (error) {
    throw new SetupError(`The index of Python packages did not answer: ${page}: ${reasonOf(error)}.`, fix);
  }
}

/**
 * Requests an address, and where it leads: mirrors redirect to their storage.
 *
 * @param {Fetch} fetch
 * @param {string} address
 * @param {import("../../src/main/base/network/network.ts").NetworkRequest} options
 */
export async function request(fetch, address, options) {
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(address, options);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null || redirects === MAX_REDIRECTS) {
      return response;
    }
    await response.body?.cancel();
    address = new URL(location, address).href;
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function reasonOf(error) {
  return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
}
