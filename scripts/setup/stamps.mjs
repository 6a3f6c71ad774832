/**
 * Stamps: small files in node_modules that say what was set up there. They go when node_modules goes, so they never lie.
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
 * The last thing that a step does.
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
