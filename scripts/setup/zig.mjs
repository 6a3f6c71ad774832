/**
 * Zig, whose C++ compiler builds for other systems: it contains their headers and libraries. PyPI's wheel of it is
 * unpacked into the cache.
 */
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, makeEntry, needSpace } from "./cache.mjs";
import { lastLines, runChild } from "./child.mjs";
import { withLock } from "./lock.mjs";
import { say, SetupError } from "./report.mjs";
import { pythonWithPip, withWheel } from "./wheels.mjs";

export const zigVersion = "0.17.1";

/** The wheel of each machine: tag, SHA-256 and size in MB. */
const wheels = {
  "linux-x64": {
    platform: "manylinux2010_x86_64",
    sha256: "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
    megabytes: 101,
  },
  "linux-arm64": {
    platform: "manylinux2014_aarch64",
    sha256: "b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e",
    megabytes: 97,
  },
};

/** Space for the wheel, the unpacked files, and the libraries that Zig builds for a system when it first needs them. */
const neededMegabytes = 1_000;

/**
 * @typedef {object} Zig
 * @property {string} path of the program
 * @property {Record<string, string>} env variables that it needs
 */

/**
 * Returns Zig, downloaded if it is not in the cache.
 *
 * @param {string} project
 * @returns {Promise<Zig>}
 * @throws {SetupError}
 */
export async function provideZig(project) {
  const machine = `${process.platform}-${process.arch}`;
  const cache = cacheFolder(project);
  const entry = join(cache, "zig", `${zigVersion}-${machine}`);
  const wheel = wheels[/** @type {keyof typeof wheels} */ (machine)];
  if (wheel === undefined) {
    throw new SetupError(`Building for other systems is not set up on ${machine}.`, "Build on Linux.");
  }
  const waiting = (/** @type {number} */ pid) => say(`Zig: waiting for another set-up (process ${pid}).`);
  await withLock(join(cache, "zig.lock"), waiting, async () => {
    if (existsSync(entry)) return;
    needSpace(cache, neededMegabytes, "Installing Zig");
    const python = await pythonWithPip("Zig");
    await makeEntry(entry, (aside) =>
      withWheel(python, { title: "Zig", name: "ziglang", version: zigVersion, ...wheel }, aside, async (file) => {
        const ended = await runChild(python, ["-m", "zipfile", "-e", file, aside]);
        if (!ended.ok) {
          throw new SetupError(
            `Zig's wheel could not be unpacked (${ended.how}).\n  ${lastLines(ended.output)}`,
            "Check the free space on the disk and run the same command again.",
          );
        }
        chmodSync(join(aside, "ziglang", "zig"), 0o755);
      }),
    );
  });
  return { path: join(entry, "ziglang", "zig"), env: { ZIG_GLOBAL_CACHE_DIR: join(cache, "zig", "built") } };
}
