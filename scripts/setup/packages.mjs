/**
 * Step "packages": installs node_modules from package-lock.json. Install scripts are disabled: TensorFlow's, the one
 * that is needed, has a separate step.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { needSpace } from "./cache.mjs";
import { runChild } from "./child.mjs";
import { matchesLock, packagesFor } from "./lock-file.mjs";
import { progressLine, say, SetupError, whileWatching } from "./report.mjs";
import { readStamp, writeStamp } from "./stamps.mjs";

/** Size on disk, measured on Linux. */
const megabytes = 800;

/** @type {import("./steps.mjs").Step} */
export const packages = {
  name: "packages",
  title: "Packages",

  ready(project) {
    return readStamp(project, "packages").lock === lockHash(project) ? {} : undefined;
  },

  async prepare(project) {
    const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
    if (!matchesLock(lock, installed(project), process)) await install(project, lock);
    writeStamp(project, "packages", { lock: lockHash(project) });
  },
};

/** @param {string} project */
function lockHash(project) {
  return createHash("sha256")
    .update(readFileSync(join(project, "package-lock.json")))
    .digest("hex");
}

/**
 * Returns npm's list of installed packages, which npm writes last.
 *
 * @param {string} project
 */
function installed(project) {
  try {
    return JSON.parse(readFileSync(join(project, "node_modules", ".package-lock.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} project
 * @param {import("./lock-file.mjs").LockFile} lock
 */
async function install(project, lock) {
  const modules = join(project, "node_modules");
  const folders = packagesFor(lock, process);
  const expected = folders.length;
  say(`Packages: installing ${expected} from npm, about ${megabytes} MB on disk.`);
  needSpace(modules, megabytes, "Installing the packages");
  // Windows can't delete the program that runs this script; `install` replaces only what differs.
  const locked = process.platform === "win32" && process.execPath.startsWith(modules + sep);
  const args = [
    locked ? "install" : "ci",
    ...["--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--no-progress"],
    // Warnings are not shown: packages ask for a newer Node than the system's, and Node 24 is among the packages.
    "--loglevel=error",
    "--fetch-retry-mintimeout=2000",
  ];
  const isUnpacked = (/** @type {string} */ folder) => existsSync(join(project, folder, "package.json"));
  const npm = npmCommand();
  const started = Date.now();
  const progress = progressLine("Packages: unpacking");
  const ended = await whileWatching(
    () => progress.update(folders.filter(isUnpacked).length, expected, "packages"),
    runChild(npm.command, [...npm.args, ...args], { cwd: project, show: true, inPlace: true, shell: npm.shell }),
  );
  progress.end();
  if (!ended.ok) {
    throw new SetupError(
      `npm could not install the packages (${ended.how}).`,
      "Check the network connection and npm's messages above, then run the same command again.",
    );
  }
  say(`Packages: done in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** Returns the npm that started this process, else the one on PATH. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /npm-cli\.[cm]?js$/.test(script) && existsSync(script)) {
    // With npm's Node, since the one in node_modules is about to be replaced.
    return { command: process.env.npm_node_execpath ?? process.execPath, args: [script], shell: false };
  }
  return { command: "npm", args: [], shell: process.platform === "win32" };
}
