/**
 * The npm package @tensorflow/tfjs-node-gpu: it is installed without TensorFlow's library and its binding, which lie in
 * the cache.
 */
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {object} Tfjs the npm package that needs the library
 * @property {string} folder
 * @property {string} version
 * @property {number} napi Node-API level that its binding is made for
 */

/**
 * Returns the package's version and level. Cheap, since every start calls it.
 *
 * @param {string} project
 * @returns {Tfjs | undefined}
 */
export function readTfjs(project) {
  const folder = join(project, "node_modules", "@tensorflow", "tfjs-node-gpu");
  try {
    const { version, binary } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { folder, version, napi: Math.max(...binary.napi_versions) };
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder the package's, or a cache entry
 * @param {Tfjs} tfjs
 */
export function bindingIn(folder, tfjs) {
  return join(folder, "lib", `napi-v${tfjs.napi}`, "tfjs_binding.node");
}

/**
 * Links the cache entry's deps/ and lib/ into the package, or copies them if links are impossible. The binding finds
 * its library from its real path, so both stay in the cache.
 *
 * @param {string} entry
 * @param {Tfjs} tfjs
 */
export function link(entry, tfjs) {
  for (const name of ["deps", "lib"]) {
    const place = join(tfjs.folder, name);
    const aside = `${place}.part`;
    rmSync(aside, { recursive: true, force: true });
    try {
      symlinkSync(join(entry, name), aside, "junction");
    } catch {
      cpSync(join(entry, name), aside, { recursive: true });
    }
    rmSync(place, { recursive: true, force: true });
    renameSync(aside, place);
  }
}
