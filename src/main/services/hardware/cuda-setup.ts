/** Installs TensorFlow for an NVIDIA GPU, and removes it: by the set-up of a clone, in a process with its terminal. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { EctopyError } from "../../../contract/domain/errors.ts";

const PROGRAM = join("scripts", "cuda.mjs");

/** What a user can do about an NVIDIA GPU that TensorFlow does not use. */
export const INSTALL_CUDA = "`ectopy device --install cuda` installs TensorFlow for it";

/**
 * Runs the set-up, which states the size of the download and asks before it begins.
 * @param options.yes agrees without a question
 * @param program replaces the set-up in tests
 * @throws EctopyError `unsupported`: an installed app has no set-up; `engine-unavailable`: it failed, and has printed why
 */
export async function setUpCuda(
  action: "install" | "remove",
  { yes }: { yes: boolean },
  program = findProgram(),
): Promise<void> {
  if (program === null) {
    throw new EctopyError(
      "unsupported",
      "This copy of Ectopy has no set-up, which installs TensorFlow for NVIDIA GPUs.",
      "Start Ectopy from a clone of its sources, or train by WebGPU.",
    );
  }
  const args = [program, action, ...(yes ? ["--yes"] : [])];
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const child = spawn(process.execPath, args, { stdio: ["inherit", "inherit", "inherit"] });
  child.on("error", reject);
  child.on("exit", resolve);
  if ((await promise) === 0) return;
  const what = action === "install" ? "installed" : "removed";
  throw new EctopyError(
    "engine-unavailable",
    `TensorFlow for NVIDIA GPUs was not ${what}.`,
    "Follow the set-up's message above, then run the same command again: an interrupted download is resumed.",
  );
}

/** Returns the path of the set-up's program; null in an installed app. */
function findProgram(): string | null {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, PROGRAM);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return null;
  }
}
