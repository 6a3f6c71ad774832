/**
 * Programs of packages, as scripts to run with Node: the wrappers in node_modules/.bin differ between systems.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {string} project
 * @param {string} packageName
 * @param {string} program
 * @returns {string} the script's full path
 */
export function programOf(project, packageName, program) {
  const folder = join(project, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[program]);
}
