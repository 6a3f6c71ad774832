/**
 * Stamps: small files in node_modules that record what was set up. They are removed with node_modules, so they stay
 * true.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {string} project
 * @param {string} name of the step
 * @returns {Record<string, string>} empty if there is none
 */
export function readStamp(project, name) {
  try {
    return JSON.parse(readFileSync(stampPath(project, name), "utf8"));
  } catch {
    return {};
  }
}

/**
 * Writes a step's stamp, as its last action.
 *
 * @param {string} project
 * @param {string} name
 * @param {Record<string, string>} stamp
 */
export function writeStamp(project, name, stamp) {
  const path = stampPath(project, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(`${path}.part`, JSON.stringify(stamp));
  renameSync(`${path}.part`, path);
}

/**
 * @param {string} project
 * @param {string} name
 */
function stampPath(project, name) {
  return join(project, "node_modules", ".ectopy", `${name}.json`);
}
