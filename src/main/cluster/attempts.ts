/**
 * Attempts of workers to train a run of a cluster folder. An attempt is a numbered folder: of several workers that make the next
 * one, `mkdir` lets one succeed, on network file systems too. A later attempt ends the earlier ones.
 */
import { existsSync, mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { ErrorReport } from "../../contract/domain/errors.ts";
import { sharedFolderError } from "./shared-folder-error.ts";
import type { BatchProgress } from "../../contract/domain/training.ts";
import { ageOf } from "../base/file-age.ts";
import { PRIVATE_FOLDER_MODE } from "../base/private-files.ts";
import {
  ALIVE_FILE,
  attemptFolder,
  attemptsOf,
  CHECKPOINT_FILE,
  ENDED_FILE,
  clusterCheckpointSchema,
  clusterEndSchema,
  OWNER_FILE,
  readClusterFile,
  refusedFile,
  RESULT_FILE,
  writeClusterFile,
  type ClusterEnd,
  type ClusterOwner,
} from "./cluster-files.ts";

export interface AttemptTimes {
  /** Interval between two signs of life. */
  intervalMs: number;
  /** Time without one after which an attempt counts as ended: well above the delays of network file systems. */
  timeoutMs: number;
}
export const ATTEMPT_TIMES: AttemptTimes = { intervalMs: 30_000, timeoutMs: 180_000 };

/** Failures after which a run is failed: on a second machine, the reason lies in the run. */
const MAX_FAILURES = 2;
/** Results that may differ from their hashes: then the disk is at fault. */
const MAX_REFUSED = 3;
/** Attempts in a row that may disappear without a checkpoint: a run that takes its machine down is not repeated for ever. */
const MAX_LOST = 5;

export type RunState =
  /** No worker trains it, and one may. @param next number of the next attempt @param failure on another machine */
  | { state: "free"; next: number; failure: ErrorReport | null }
  | { state: "running"; attempt: number }
  | { state: "done" }
  | { state: "failed"; error: ErrorReport };

/**
 * Returns whether a worker may train a run.
 * @param host machine of the worker: it does not repeat a run that failed there; null: any machine
 * @throws EctopyError `no-access`, `damaged-file`
 */
export function runState(run: string, host: string | null, times: AttemptTimes = ATTEMPT_TIMES): RunState {
  if (existsSync(join(run, RESULT_FILE))) return { state: "done" };
  const attempts = attemptsOf(run);
  const failures: Extract<ClusterEnd, { outcome: "failed" }>[] = [];
  let lost = 0;
  let refused = 0;
  for (const attempt of attempts) {
    const folder = attemptFolder(run, attempt);
    const end = readClusterFile(join(folder, ENDED_FILE), clusterEndSchema);
    if (end?.outcome === "failed") failures.push(end);
    const isRefused = existsSync(join(run, refusedFile(attempt)));
    if (isRefused) refused++;
    if (end === undefined && !isRefused && attempt === attempts.at(-1) && silence(run, folder) < times.timeoutMs) {
      return { state: "running", attempt };
    }
    const gotOn = readClusterFile(join(folder, CHECKPOINT_FILE), clusterCheckpointSchema) !== undefined;
    lost = end === undefined && !isRefused && !gotOn ? lost + 1 : 0;
  }
  const last = failures.at(-1);
  const failedHere = failures.some((failure) => failure.host === host);
  if (last !== undefined && (failures.length >= MAX_FAILURES || failedHere))
    return { state: "failed", error: last.error };
  if (refused >= MAX_REFUSED) return { state: "failed", error: refusedTooOften(refused) };
  if (lost >= MAX_LOST) return { state: "failed", error: lostTooOften(lost) };
  return { state: "free", next: (attempts.at(-1) ?? 0) + 1, failure: last?.error ?? null };
}

function lostTooOften(times: number): ErrorReport {
  return {
    code: "training-failed",
    message: `The training ended ${times} times without a message, before its first checkpoint.`,
    fix: "The log of the executor may say why: memory or time may not suffice.",
  };
}

function refusedTooOften(times: number): ErrorReport {
  return {
    code: "damaged-file",
    message: `The result differed from its hashes ${times} times: the shared folder damages files.`,
    fix: "Use another shared folder.",
  };
}

/** Returns the milliseconds since an attempt's last sign of life; until the first one, its folder is one. */
function silence(run: string, attempt: string): number {
  const alive = join(attempt, ALIVE_FILE);
  try {
    return ageOf(existsSync(alive) ? alive : attempt, join(run, `probe-${hostname()}-${process.pid}`));
  } catch (error) {
    throw sharedFolderError(error, run);
  }
}

/** A worker's attempt to train a run. */
export class Attempt {
  readonly number: number;
  readonly folder: string;
  readonly owner: ClusterOwner;
  readonly #run: string;

  private constructor(run: string, number: number, owner: ClusterOwner) {
    this.#run = run;
    this.number = number;
    this.folder = attemptFolder(run, number);
    this.owner = owner;
  }

  /**
   * Begins the next attempt of a run.
   * @returns null where another worker has begun it
   * @throws EctopyError `disk-full`, `no-access`
   */
  static begin(run: string, next: number, owner: ClusterOwner): Attempt | null {
    const attempt = new Attempt(run, next, owner);
    try {
      mkdirSync(attempt.folder, { mode: PRIVATE_FOLDER_MODE });
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") return null;
      throw sharedFolderError(error, run);
    }
    writeClusterFile(join(attempt.folder, OWNER_FILE), owner);
    attempt.showLife(null);
    return attempt;
  }

  /** Writes a sign of life. @throws EctopyError `disk-full`, `no-access` */
  showLife(progress: BatchProgress | null): void {
    writeClusterFile(join(this.folder, ALIVE_FILE), { progress });
  }

  /** Returns whether a later attempt has begun: this one was silent for too long, and must write no more. */
  get isReplaced(): boolean {
    return attemptsOf(this.#run).at(-1) !== this.number;
  }

  /** Stores how the attempt ended without a result. @throws EctopyError `disk-full`, `no-access` */
  end(end: ClusterEnd): void {
    writeClusterFile(join(this.folder, ENDED_FILE), end);
  }
}
