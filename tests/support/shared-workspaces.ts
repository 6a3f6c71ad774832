/**
 * Workspaces that many tests start from: the command line makes each once in a test run, and every test gets a copy. A
 * workspace that another one continues is made once too, such as the sample dataset.
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp } from "../../scripts/build-app.ts";
import { withLock } from "../../scripts/setup/lock.mjs";
import { askEctopy } from "./command-line.ts";
import { BUILT_COMMAND } from "./ectopy-process.ts";

const root = join(import.meta.dirname, "../..");

/** Variable with the folder of the workspaces. It is set for the test run, and inherited by its processes. */
const FOLDER = "ECTOPY_TEST_WORKSPACES";

type Command = readonly string[];

export const SAMPLE: Command = ["sample"];
export const UNBALANCED: Command = ["prepare", "1", "--balancing", "none"];
const SHORT_TRAINING: Command = ["train", "1", "--model", "ann", "--epochs", "1", "--steps-per-epoch", "3"];

/**
 * Builds the app and creates the folder. Returns a function that removes the folder. vitest calls it before the first
 * test.
 */
export default async function setup(): Promise<() => void> {
  await buildApp(root);
  process.env[BUILT_COMMAND] = join(root, "out/main/ectopy.js");
  const folder = (process.env[FOLDER] ??= mkdtempSync(join(tmpdir(), "ectopy workspaces-")));
  return () => rmSync(folder, { recursive: true, force: true });
}

/**
 * Makes a workspace as the commands leave it. @param path of the workspace, which does not exist yet
 * @param commands the arguments of each, without the workspace
 */
export async function makeWorkspace(path: string, commands: readonly Command[]): Promise<void> {
  copyFolder(await made(commands), path);
}

/**
 * Like {@link makeWorkspace}, for tests that train an ANN on preparation 1: the first training of a workspace measures
 * the best number of threads, which this one knows already.
 */
export async function makeMeasuredWorkspace(path: string, commands: readonly Command[]): Promise<void> {
  await makeWorkspace(path, commands);
  const entries = Object.entries(measurementsIn(await made([...commands, SHORT_TRAINING])));
  const threads = entries.filter(([key]) => (JSON.parse(key) as { what: string }).what === "threads");
  writeMeasurements(path, Object.fromEntries(threads));
}

/** Returns what trainings measured in a workspace; nothing where none has measured yet. */
function measurementsIn(workspace: string): Record<string, unknown> {
  const file = join(workspace, "machine.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>) : {};
}

function writeMeasurements(workspace: string, measured: Record<string, unknown>): void {
  writeFileSync(join(workspace, "machine.json"), JSON.stringify(measured), { mode: 0o600 });
}

/** Returns the folder of a workspace that nobody may change. */
async function made(commands: readonly Command[]): Promise<string> {
  const folder = process.env[FOLDER];
  if (folder === undefined) throw new Error(`${FOLDER} is not set: vitest.config.ts names the set-up that sets it.`);
  const path = join(folder, createHash("sha256").update(JSON.stringify(commands)).digest("hex").slice(0, 16));
  await withLock(
    `${path}.lock`,
    () => {},
    async () => {
      if (existsSync(path)) return;
      const partial = `${path}.partial`;
      rmSync(partial, { recursive: true, force: true });
      if (commands.length > 1) copyFolder(await made(commands.slice(0, -1)), partial);
      if (commands.at(-1)![0] === "train") await trainMeasured(commands.at(-1)!, folder, partial);
      else await askEctopy(commands.at(-1)!, { workspace: partial });
      renameSync(partial, path);
    },
  );
  return path;
}

/**
 * Trains with the measurements of other workspaces: each network is measured once in a test run, which takes seconds.
 */
async function trainMeasured(train: Command, folder: string, workspace: string): Promise<void> {
  const shared = join(folder, "measured");
  await withLock(
    `${shared}.lock`,
    () => {},
    async () => {
      mkdirSync(shared, { recursive: true });
      const known = { ...measurementsIn(shared), ...measurementsIn(workspace) };
      writeMeasurements(workspace, known);
      await askEctopy(train, { workspace });
      writeMeasurements(shared, { ...known, ...measurementsIn(workspace) });
    },
  );
}

/** Copies the bytes: no file of the copy is a link to the original. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  cpSync(from, to, { recursive: true });
}
