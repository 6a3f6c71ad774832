/**
 * Step "python": installs the reference packages of the interop tests into a virtual environment in the cache.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bytesIn, cacheFolder, makeEntry, needSpace } from "./cache.mjs";
import { lastLines, runChild } from "./child.mjs";
import { withLock } from "./lock.mjs";
import { findPythons, installSystemPackages } from "./programs.mjs";
import { progressLine, say, SetupError, whileWatching } from "./report.mjs";
import { readStamp, writeStamp } from "./stamps.mjs";

const requirements = join("tests", "interop", "requirements.txt");
/** Size on disk; somewhat more while pip works. */
const megabytes = 1900;

/** @type {import("./steps.mjs").Step} */
export const python = {
  name: "python",
  title: "Python tools",
  without: "Everything but the interop tests runs without them; those are skipped.",

  ready(project) {
    const chosen = process.env.ECTOPY_PYTHON;
    if (chosen) return { ECTOPY_PYTHON: chosen };
    const stamp = readStamp(project, "python");
    if (stamp.path === undefined || stamp.requirements !== requirementsHash(project)) return undefined;
    return existsSync(stamp.path) ? { ECTOPY_PYTHON: stamp.path } : undefined;
  },

  async prepare(project) {
    const hash = requirementsHash(project);
    const cache = cacheFolder(project);
    const entry = join(cache, "python", `${hash.slice(0, 16)}-${process.platform}-${process.arch}`);
    const path = pythonIn(entry);
    const waiting = (/** @type {number} */ pid) => say(`Python tools: waiting for another set-up (process ${pid}).`);
    await withLock(join(cache, "python.lock"), waiting, async () => {
      // An environment stops working when its Python is upgraded or removed.
      if (existsSync(path) && (await runChild(path, ["-c", "pass"])).ok) return;
      needSpace(cache, 2 * megabytes, "Installing the Python tools");
      const base = await usablePython();
      const started = Date.now();
      say(`Python tools: installing the packages of ${requirements}, about 430 MB to download.`);
      await makeEntry(entry, (aside) => install(base, aside, join(project, requirements)));
      say(`Python tools: done in ${Math.round((Date.now() - started) / 1000)} s.`);
    });
    writeStamp(project, "python", { path, requirements: hash });
  },
};

/** @param {string} project */
function requirementsHash(project) {
  return createHash("sha256")
    .update(readFileSync(join(project, requirements)))
    .digest("hex");
}

/** @param {string} environment */
function pythonIn(environment) {
  return process.platform === "win32" ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");
}

/** Returns a Python that the pinned packages support and that can make environments. */
async function usablePython() {
  const probe = ["-c", "import sys, venv, ensurepip; sys.exit(0 if sys.version_info[:2] >= (3, 11) else 1)"];
  const find = async () => {
    for (const candidate of findPythons()) if ((await runChild(candidate, probe)).ok) return candidate;
    return undefined;
  };
  const found = await find();
  if (found !== undefined) return found;
  const installed = await installSystemPackages(["python3", "python3-venv"], "Python tools");
  const after = installed ? await find() : undefined;
  if (after !== undefined) return after;
  throw new SetupError(
    "No Python 3.11 or later with venv was found.",
    "Install one (Debian: sudo apt-get install python3-venv), or set ECTOPY_PYTHON to a Python that has the packages.",
  );
}

/**
 * @param {string} base
 * @param {string} environment
 * @param {string} list the requirements file
 */
async function install(base, environment, list) {
  const made = await runChild(base, ["-m", "venv", environment]);
  if (!made.ok) {
    throw new SetupError(
      `${base} could not make an environment (${made.how}):\n  ${lastLines(made.output)}`,
      "Install Python's venv (Debian: sudo apt-get install python3-venv).",
    );
  }
  const temporary = join(environment, "temporary");
  mkdirSync(temporary);
  const progress = progressLine("Python tools: downloading and unpacking, about");
  const args = [
    "-m",
    "pip",
    "install",
    "--no-input",
    "--disable-pip-version-check",
    "--progress-bar=off",
    "--retries=2",
  ];
  const env = { ...process.env, TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: "false", PIP_USER: "false" };
  const installed = await whileWatching(
    () => progress.update(Math.round(bytesIn(environment) / 1e6), megabytes, "MB"),
    runChild(pythonIn(environment), [...args, "--only-binary=:all:", "--requirement", list], { env }),
  );
  progress.end();
  rmSync(temporary, { recursive: true, force: true });
  if (!installed.ok) {
    throw new SetupError(
      `pip could not install the Python tools (${installed.how}):\n  ${lastLines(installed.output)}`,
      "Check the network connection; Ectopy itself does not need them.",
    );
  }
}
