/**
 * Finds programs on the machine and installs packages of the system.
 */
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { lastLines, runChild } from "./child.mjs";
import { SetupError, say } from "./report.mjs";

/** Returns the folders of PATH, in order. */
function searchPath() {
  return (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Returns the first of these programs that is on PATH.
 *
 * @param {string[]} names without extension
 * @returns {string | undefined} its full path
 */
export function findProgram(names) {
  const ending = process.platform === "win32" ? ".exe" : "";
  return names.flatMap((name) => searchPath().map((folder) => join(folder, name + ending))).find(isProgram);
}

/** Returns every Python on PATH, those without a version in their name first. */
export function findPythons() {
  const pattern = process.platform === "win32" ? /^(python3?|py)\.exe$/ : /^python(3(\.\d+)?)?$/;
  const found = searchPath().flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => pattern.test(name))
        .sort((a, b) => a.length - b.length || b.localeCompare(a))
        .map((name) => join(folder, name));
    } catch {
      return []; // a folder of PATH that does not exist
    }
  });
  return [...new Set(found)].filter(isProgram);
}

let listsAreFresh = false;

/**
 * Installs packages of the system where no password is needed: as root on Debian, Ubuntu and their derivatives.
 *
 * @param {string[]} packages
 * @param {string} why the purpose, for messages
 * @returns {Promise<boolean>} false if it is not possible
 */
export async function installSystemPackages(packages, why) {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version") || !findProgram(["apt-get"])) return false;
  say(`${why}: installing the system's ${packages.join(", ")}.`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const patience = ["-o", "DPkg::Lock::Timeout=300"];
  if (!listsAreFresh) {
    const updated = await runChild("apt-get", [...patience, "update"], { env });
    if (!updated.ok) say(`apt-get update failed (${updated.how}); continuing with the existing lists.`);
    listsAreFresh = true;
  }
  const args = [...patience, "install", "-y", "--no-install-recommends", ...packages];
  const installed = await runChild("apt-get", args, { env });
  if (!installed.ok) {
    throw new SetupError(
      `apt-get install ${packages.join(" ")} failed (${installed.how}):\n  ${lastLines(installed.output)}`,
      "Check the network connection and the system's package sources.",
    );
  }
  return true;
}
