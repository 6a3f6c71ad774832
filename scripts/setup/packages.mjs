/**
 * Steps "app-packages" and "packages": install node_modules from package-lock.json, the packages of the app alone or all
 * of them. `npm start` opens the app with the first; tests, checks and installers need the second, which keeps what the
 * first has installed. Install scripts are disabled: TensorFlow's, the one that is needed, has a separate step.
 */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, sep } from "node:path";
import { needSpace } from "./cache.mjs";
import { onSignal, runChild } from "./child.mjs";
import { matchesLock, packagesFor, reduceLock, withAddresses } from "./lock-file.mjs";
import { nodePackageNames } from "./node.mjs";
import { progressLine, say, SetupError, whileWatching } from "./report.mjs";
import { readStamp, writeStamp } from "./stamps.mjs";

/** Sizes on disk, measured on Linux; npm's cache takes a quarter of them once more. */
const megabytes = { app: 700, all: 1_300 };

/** Packages that build and open the app, beside those that package.json names as its dependencies. */
const appTools = ["vite", "electron-vite", "@vitejs/plugin-vue", "electron"];

/** Options of every installation. Warnings are not shown: packages ask for a newer Node than the system's. */
const options = [
  ...["--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--no-progress"],
  ...["--loglevel=error", "--fetch-retry-mintimeout=2000"],
];

/** @type {import("./steps.mjs").Step} */
export const appPackages = {
  name: "app-packages",
  title: "Packages of the app",

  ready(project) {
    const lock = lockHash(project);
    return [readStamp(project, "packages"), readStamp(project, "app-packages")].some((stamp) => stamp.lock === lock)
      ? {}
      : undefined;
  },

  async prepare(project) {
    const lock = reduceLock(readLock(project), appPackageNames(project));
    if (!matchesLock(lock, installed(project), process)) {
      if (runsFromPackages(project)) return packages.prepare(project);
      await installApp(project, lock);
    }
    writeStamp(project, "app-packages", { lock: lockHash(project) });
  },
};

/** @type {import("./steps.mjs").Step} */
export const packages = {
  name: "packages",
  title: "Packages",

  ready(project) {
    return readStamp(project, "packages").lock === lockHash(project) ? {} : undefined;
  },

  async prepare(project) {
    const lock = readLock(project);
    if (!matchesLock(lock, installed(project), process)) await installAll(project, lock);
    writeStamp(project, "packages", { lock: lockHash(project) });
  },
};

/** @param {string} project */
function appPackageNames(project) {
  const { dependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  return [...Object.keys(dependencies), ...appTools, ...nodePackageNames()];
}

/**
 * @param {string} project
 * @returns {import("./lock-file.mjs").LockFile}
 */
function readLock(project) {
  return JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
}

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
 * @returns {import("./lock-file.mjs").LockFile | undefined}
 */
function installed(project) {
  try {
    return JSON.parse(readFileSync(join(project, "node_modules", ".package-lock.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** Returns whether this process is a program of the packages, which Windows can't delete. @param {string} project */
function runsFromPackages(project) {
  return process.platform === "win32" && process.execPath.startsWith(join(project, "node_modules") + sep);
}

/**
 * Installs the app's packages in a separate folder, with a separate lock file, and then moves them into
 * node_modules. npm itself can only leave out whole groups of packages.
 *
 * @param {string} project
 * @param {import("./lock-file.mjs").LockFile} lock of the app's packages
 */
async function installApp(project, lock) {
  const modules = join(project, "node_modules");
  const aside = join(modules, ".app-packages.part");
  const { dependencies } = lock.packages[""] ?? {};
  const { name, version, overrides } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  const remove = () => rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
  const install = async (/** @type {import("./lock-file.mjs").LockFile} */ chosen) => {
    remove();
    mkdirSync(aside, { recursive: true });
    writeFileSync(
      join(aside, "package.json"),
      JSON.stringify({ name, version, private: true, dependencies, overrides }),
    );
    writeFileSync(join(aside, "package-lock.json"), JSON.stringify(chosen));
    copyFileSync(join(project, ".npmrc"), join(aside, ".npmrc"));
    return runNpm(["ci"], aside, packagesFor(lock, process));
  };
  onSignal.add(remove);
  try {
    announce(packagesFor(lock, process).length, megabytes.app, modules);
    const started = Date.now();
    const registry = await findRegistry(project);
    // A registry may have other addresses: npm then finds them.
    let ended = registry === undefined ? undefined : await install(withAddresses(lock, registry));
    if (ended?.ok !== true) ended = await install(lock);
    if (!ended.ok) throw failed(ended);
    for (const entry of readdirSync(modules)) {
      if (join(modules, entry) !== aside) rmSync(join(modules, entry), { recursive: true, force: true, maxRetries: 3 });
    }
    for (const entry of listPackagesLast(join(aside, "node_modules"))) {
      renameSync(join(aside, "node_modules", entry), join(modules, entry));
    }
    finished(started);
  } finally {
    onSignal.delete(remove);
    remove();
  }
}

/** npm's list of installed packages comes last: with it, the packages are complete. @param {string} folder */
function listPackagesLast(folder) {
  const list = ".package-lock.json";
  return [...readdirSync(folder).filter((entry) => entry !== list), list];
}

/**
 * Returns the address of npm's registry, which ends in a slash.
 *
 * @param {string} project
 * @returns {Promise<string | undefined>} undefined where npm does not tell it
 */
async function findRegistry(project) {
  const npm = npmCommand();
  const { ok, output } = await runChild(npm.command, [...npm.args, "config", "get", "registry"], {
    cwd: project,
    shell: npm.shell,
  });
  const address = /^https?:\/\/\S+$/m.exec(output)?.[0];
  return ok && address !== undefined ? address.replace(/\/*$/, "/") : undefined;
}

/**
 * Installs all packages. Those of the app stay where they are installed already.
 *
 * @param {string} project
 * @param {import("./lock-file.mjs").LockFile} lock
 */
async function installAll(project, lock) {
  const app = reduceLock(lock, appPackageNames(project));
  const hasApp = matchesLock(app, installed(project), process);
  const all = packagesFor(lock, process);
  const missing = hasApp ? all.filter((folder) => !packagesFor(app, process).includes(folder)) : all;
  const size = hasApp ? megabytes.all - megabytes.app : megabytes.all;
  announce(missing.length, size, join(project, "node_modules"));
  const started = Date.now();
  // `install` replaces only what differs; without --no-save, it would change package-lock.json.
  const keeps = hasApp || runsFromPackages(project);
  const ended = await runNpm(keeps ? ["install", "--no-save"] : ["ci"], project, missing);
  if (!ended.ok) throw failed(ended);
  finished(started);
}

/**
 * @param {number} count
 * @param {number} size in MB
 * @param {string} modules
 */
function announce(count, size, modules) {
  say(`Packages: installing ${count} from npm, about ${size} MB on disk.`);
  needSpace(modules, size, "Installing the packages");
}

/** @param {number} started in ms */
function finished(started) {
  say(`Packages: done in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** @param {import("./child.mjs").Ended} ended */
function failed(ended) {
  return new SetupError(
    `npm could not install the packages (${ended.how}).`,
    "Check the network connection and npm's messages above, then run the same command again.",
  );
}

/**
 * @param {string[]} command
 * @param {string} folder of package.json
 * @param {string[]} expected folders of the packages
 */
async function runNpm(command, folder, expected) {
  const isUnpacked = (/** @type {string} */ each) => existsSync(join(folder, each, "package.json"));
  const npm = npmCommand();
  const progress = progressLine("Packages: unpacking");
  const ended = await whileWatching(
    () => progress.update(expected.filter(isUnpacked).length, expected.length, "packages"),
    runChild(npm.command, [...npm.args, ...command, ...options], {
      cwd: folder,
      show: true,
      inPlace: true,
      shell: npm.shell,
    }),
  );
  progress.end();
  return ended;
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
