/**
 * Files of a cluster folder: a folder, usually shared by several machines, with the runs of an experiment. Workers on any machine
 * train them (`ectopy worker FOLDER`); the workspace collects the results. No file has two writers:
 *
 *   experiment.json              version of Ectopy                                  (workspace)
 *   data/FINGERPRINT/            preparation, checked by its fingerprint            (workspace)
 *   runs/0001/run.json           settings of the run                                (workspace)
 *   cancel, runs/0001/cancel     requests to stop all runs, or one                  (workspace)
 *   runs/0001/attempt-1/         made by the worker that trains the run: `mkdir` succeeds for one worker only
 *     owner.json                 machine, process and job of the executor
 *     alive.json                 rewritten every 30 s; the latest progress
 *     events.jsonl               events of the training process, one line each
 *     checkpoint-1/              a checkpoint
 *     checkpoint.json            the latest complete checkpoint, and length and hash of events.jsonl at that step
 *     output/                    model and predictions
 *     ended.json                 how the attempt ended without a result
 *   runs/0001/result.json        metrics, hashes of the output, and the attempt that they are of
 *   runs/0001/refused-1.json     a result whose files differ from their hashes; renamed  (workspace)
 *
 * Files that others read appear by a rename, complete or not at all.
 */
import { existsSync, linkSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { EctopyError } from "../../contract/domain/errors.ts";
import { sharedFolderError } from "./shared-folder-error.ts";
import { trainingSettingsSchema } from "../../contract/domain/training.ts";
import {
  batchProgressSchema,
  errorReportSchema,
  trainingResultSchema,
} from "../../engine/processes/training-messages.ts";
import { writePrivateFile } from "../base/private-files.ts";
import { clusterText, parseClusterText } from "./cluster-text.ts";

/** Format of the cluster folder's files. */
export const CLUSTER_FORMAT = 1;

export const EXPERIMENT_FILE = "experiment.json";
export const RUN_FILE = "run.json";
export const CANCEL_FILE = "cancel";
export const OWNER_FILE = "owner.json";
export const ALIVE_FILE = "alive.json";
export const EVENTS_FILE = "events.jsonl";
export const CHECKPOINT_FILE = "checkpoint.json";
export const OUTPUT_FOLDER = "output";
export const ENDED_FILE = "ended.json";
export const RESULT_FILE = "result.json";

/** Returns the name of a result that the workspace has refused, because its files differ from their hashes. */
export function refusedFile(attempt: number): string {
  return `refused-${attempt}.json`;
}

const count = z.int().min(0);
const sha256 = z.string().length(64);

export const clusterFolderSchema = z.object({
  format: z.literal(CLUSTER_FORMAT),
  /** Version of Ectopy that wrote the cluster folder: other versions may train otherwise. */
  version: z.string(),
  /** Number of the experiment in its workspace. */
  experiment: z.int().min(1),
});
export type ClusterFolder = z.infer<typeof clusterFolderSchema>;

export const clusterRunSchema = z.object({
  /** Settings without an open one: backend and threads are chosen. */
  settings: trainingSettingsSchema,
  /** Number of the preparation in its workspace. */
  preparation: z.int().min(1),
  /** Fingerprint of the preparation, and its folder's name in `data`. */
  fingerprint: sha256,
});
export type ClusterRun = z.infer<typeof clusterRunSchema>;

export const clusterOwnerSchema = z.object({
  host: z.string(),
  pid: z.int(),
  /** Job of the executor, such as Slurm's `123_4`; empty: none. */
  job: z.string(),
});
export type ClusterOwner = z.infer<typeof clusterOwnerSchema>;

/** A sign of life. */
export const clusterAliveSchema = z.object({ progress: batchProgressSchema.nullable() });

export const clusterCheckpointSchema = z.object({
  /** Name of its folder in the attempt. */
  folder: z.string().regex(/^checkpoint-\d+$/),
  sha256,
  epochs: count,
  steps: count,
  /** Length and SHA-256 of the events that the checkpoint includes. */
  events: z.object({ bytes: count, sha256 }),
});
export type ClusterCheckpoint = z.infer<typeof clusterCheckpointSchema>;

export const clusterEndSchema = z.discriminatedUnion("outcome", [
  /** At a checkpoint, on request: another attempt continues. */
  z.object({ outcome: z.literal("stopped") }),
  z.object({ outcome: z.literal("failed"), host: z.string(), error: errorReportSchema }),
]);
export type ClusterEnd = z.infer<typeof clusterEndSchema>;

export const clusterResultSchema = z.object({
  /** Number of the attempt that has the output. */
  attempt: z.int().min(1),
  owner: clusterOwnerSchema,
  result: trainingResultSchema,
  /** Files of the output. */
  files: z.array(z.object({ name: z.string(), bytes: count, sha256 })),
  events: z.object({ bytes: count, sha256 }),
});
export type ClusterResult = z.infer<typeof clusterResultSchema>;

/** Returns the folder of a run, by its number in the cluster folder, from 1. */
export function runFolder(shared: string, run: number): string {
  return join(shared, "runs", String(run).padStart(4, "0"));
}

export function attemptFolder(run: string, attempt: number): string {
  return join(run, `attempt-${attempt}`);
}

export function dataFolder(shared: string, fingerprint: string): string {
  return join(shared, "data", fingerprint);
}

/** Returns the numbers of the runs of a cluster folder, ascending. @throws EctopyError `not-found`, `no-access` */
export function runsOf(shared: string): number[] {
  return numbersOf(join(shared, "runs"), /^(\d{4,})$/);
}

/** Returns the numbers of the attempts of a run, ascending. @throws EctopyError as {@link runsOf} */
export function attemptsOf(run: string): number[] {
  return numbersOf(run, /^attempt-(\d+)$/);
}

function numbersOf(folder: string, pattern: RegExp): number[] {
  try {
    return readdirSync(folder)
      .flatMap((name) => pattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    throw sharedFolderError(error, folder);
  }
}

/**
 * Reads a file of a cluster folder.
 * @returns undefined where it does not exist
 * @throws EctopyError `damaged-file`, `no-access`
 */
export function readClusterFile<Content>(path: string, schema: z.ZodType<Content>): Content | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw sharedFolderError(error, path);
  }
  try {
    return schema.parse(parseClusterText(text));
  } catch (cause) {
    throw new EctopyError("damaged-file", `${path} is damaged.`, "Start the experiment again.", { cause });
  }
}

/** Writes a file of a cluster folder, complete or not at all. @throws EctopyError `disk-full`, `no-access` */
export function writeClusterFile(path: string, content: unknown): void {
  try {
    writePrivateFile(path, `${clusterText(content)}\n`);
  } catch (error) {
    throw sharedFolderError(error, path);
  }
}

/**
 * Writes a file of a cluster folder unless it exists, complete or not at all.
 * @returns whether it was written: of several writers at the same time, one succeeds
 * @throws EctopyError `disk-full`, `no-access`
 */
export function writeClusterFileOnce(path: string, content: unknown): boolean {
  const aside = `${path}.once.${process.pid}`;
  try {
    writePrivateFile(aside, `${clusterText(content)}\n`);
    linkSync(aside, path);
    return true;
  } catch (error) {
    if (existsSync(path)) return false;
    if (!lacksLinks(error)) throw sharedFolderError(error, path);
    renameSync(aside, path);
    return true;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Returns whether the file system has no hard links (FAT, some network drives). */
function lacksLinks(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return ["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"].includes(code);
}
