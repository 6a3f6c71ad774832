/**
 * Step "node": a Node that runs TypeScript files. npm's platform packages contain Node 24; the system's Node is used on
 * platforms without one.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { runChild } from "./child.mjs";
import { findProgram } from "./programs.mjs";
import { SetupError, say } from "./report.mjs";
import { readStamp, writeStamp } from "./stamps.mjs";

/** @type {import("./steps.mjs").Step} */
export const node = {
  name: "node",
  title: "Node 24",

  ready(project) {
    const { path } = readStamp(project, "node");
    return path !== undefined && existsSync(path) ? {} : undefined;
  },

  async prepare(project) {
    const packaged = packagedNode(project);
    if (packaged !== undefined && /^v24\./.test(await versionOf(packaged))) {
      return writeStamp(project, "node", { path: packaged });
    }
    const own = process.execPath.startsWith(join(project, "node_modules") + sep) ? undefined : process.execPath;
    for (const path of [own, findProgram(["node"])]) {
      if (path === undefined) continue;
      const version = await versionOf(path);
      if (!stripsTypes(version)) continue;
      say(`Node: npm has no Node 24 that runs on ${process.platform} ${process.arch}; using the system's ${version}.`);
      return writeStamp(project, "node", { path });
    }
    throw new SetupError(
      `There is no Node 24 for ${process.platform} ${process.arch} among the packages, and the system's is ${process.version}.`,
      "Install Node 24 from nodejs.org and run the same command again.",
    );
  },
};

/**
 * Returns the Node that runs every task, once the step is done.
 *
 * @param {string} project
 * @returns {string} its full path
 */
export function nodePath(project) {
  return readStamp(project, "node").path ?? process.execPath;
}

/** Returns the names that npm's Node package for this machine may have. */
export function nodePackageNames() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  return [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
}

/**
 * Returns the folder of npm's Node package for this machine, if it is installed.
 *
 * @param {string} project
 * @returns {string | undefined}
 */
export function nodePackage(project) {
  return nodePackageNames()
    .map((name) => join(project, "node_modules", name))
    .find((folder) => existsSync(folder));
}

/**
 * @param {string} project
 * @returns {string | undefined}
 */
function packagedNode(project) {
  const folder = nodePackage(project);
  if (folder === undefined) return undefined;
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const path = join(folder, typeof bin === "string" ? bin : (bin?.node ?? "bin/node"));
  return existsSync(path) ? path : undefined;
}

/**
 * @param {string} path
 * @returns {Promise<string>} such as `v24.1.0`; empty if it does not run
 */
async function versionOf(path) {
  const ended = await runChild(path, ["--version"]);
  return ended.ok ? ended.output.trim() : "";
}

/**
 * Returns whether this Node runs TypeScript files without a flag: 22.18, 23.6 and all later ones.
 *
 * @param {string} version
 */
export function stripsTypes(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}
