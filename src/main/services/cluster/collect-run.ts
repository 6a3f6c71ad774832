/** Stores what a cluster folder has of one run: its events so far, its result, or its failure. */
import { cpSync, existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { ClusterRunProgress } from "../../../contract/domain/cluster.ts";
import { EctopyError, type ErrorReport } from "../../../contract/domain/errors.ts";
import { runState } from "../../cluster/attempts.ts";
import {
  attemptFolder,
  attemptsOf,
  CANCEL_FILE,
  clusterOwnerSchema,
  clusterResultSchema,
  EVENTS_FILE,
  OUTPUT_FOLDER,
  OWNER_FILE,
  readClusterFile,
  refusedFile,
  RESULT_FILE,
  runFolder,
  type ClusterOwner,
  type ClusterResult,
} from "../../cluster/cluster-files.ts";
import { readEvents } from "../../cluster/event-log.ts";
import { runProgress } from "../../cluster/run-progress.ts";
import { logger } from "../../base/logger.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { ClusterExperiment, ClusterRunRow } from "../../store/cluster-experiments.ts";
import { findDamage } from "../../store/manifest.ts";
import type { Workspace } from "../../store/workspace.ts";
import * as messages from "../training/run-log-messages.ts";
import { logLine, RunRecorder, type RecorderWatch } from "../training/run-recorder.ts";
import { logOf } from "./worker-logs.ts";

const log = logger("cluster");

export interface CollectOptions {
  workspace: Workspace;
  experiment: Pick<ClusterExperiment, "folder" | "cancelled" | "executor">;
  row: ClusterRunRow;
  watch: RecorderWatch;
}

/**
 * Stores what is new of a run.
 * @returns its progress; null: it has ended
 * @throws EctopyError `no-access`, `not-found`, `disk-full`, `damaged-file`
 */
export function collectRun(options: CollectOptions): ClusterRunProgress | null {
  const { workspace, experiment, row, watch } = options;
  const folder = runFolder(experiment.folder, row.number);
  if (existsSync(join(folder, RESULT_FILE)) && keepResult(options, folder)) return null;
  const state = runState(folder, null);
  const attempt = attemptsOf(folder).at(-1);
  if (attempt !== undefined) storeReadableEvents(options, folder, attempt);
  if (state.state === "failed") {
    const { job = "" } = ownerOf(folder, attempt ?? 0) ?? {};
    endRun(workspace, row.run, { status: "failed", error: state.error, log: logOf(experiment.folder, job) }, watch);
    return null;
  }
  if (state.state === "free" && (experiment.cancelled || existsSync(join(folder, CANCEL_FILE)))) {
    endRun(workspace, row.run, { status: "cancelled" }, watch);
    return null;
  }
  return { run: row.run, ...runProgress(folder, state) };
}

/** End of a run without a result. */
type RunEnd =
  | { status: "cancelled" }
  /** @param log last lines of its worker's log, which is deleted with the folder */
  | { status: "failed"; error: ErrorReport; log: string };

export function endRun(workspace: Workspace, run: number, end: RunEnd, watch: Pick<RecorderWatch, "onLogged">): void {
  const entries =
    end.status === "cancelled"
      ? [logLine("note", messages.WITHDRAWN)]
      : [
          ...(end.log === "" ? [] : [logLine("note", `The worker's log ends: ${end.log}`)]),
          logLine("error", messages.failed(end.error)),
        ];
  workspace.transaction(() => {
    workspace.runs.end(run, end.status, end.status === "failed" ? end.error : null, timestamp());
    for (const entry of entries) workspace.runLog.add(run, entry);
    workspace.clusterExperiments.removeRun(run);
  });
  for (const entry of entries) watch.onLogged(entry);
}

type Stored = Pick<CollectOptions, "workspace" | "row" | "watch" | "experiment">;

/**
 * Stores the events that an attempt has added since the last time; all of them where it is a new attempt.
 * @throws EctopyError `damaged-file`: they differ from their hash in the result
 */
function storeEvents(
  { workspace, row, watch, experiment }: Stored,
  folder: string,
  attempt: number,
  result: ClusterResult | null,
): void {
  const { runs, runLog, clusterExperiments, runMachines } = workspace;
  const isNew = attempt !== row.attempt;
  const path = join(attemptFolder(folder, attempt), EVENTS_FILE);
  const { events, end } = readEvents(path, isNew ? 0 : row.eventBytes, result?.events ?? null);
  const owner = isNew ? ownerOf(folder, attempt) : undefined;
  // It has made its folder, and does not say yet who it is.
  if (isNew && owner === undefined && result === null) return;
  workspace.transaction(() => {
    if (isNew) {
      // Its events begin with those of the earlier attempts up to the checkpoint.
      runs.rewind(row.run, { epochs: 0, steps: 0 });
      runs.start(row.run, timestamp());
      runLog.add(row.run, logLine("note", startedOn(attempt, owner)));
      if (owner !== undefined) {
        const { host, job } = owner;
        runMachines.set(row.run, { executor: experiment.executor.name, host, job, attempt });
      }
    }
    const recorder = new RunRecorder(workspace, row.run, runs.find(row.run)!.device, watch);
    for (const event of events) {
      if (event.type === "device") recorder.storeDevice(event.device);
      else if (event.type === "steps") recorder.storeSteps(event.curves);
      else if (event.type === "epoch") recorder.storeEpoch(event.metrics);
      else if (event.type === "warning") recorder.storeWithEntry(logLine("warning", event.message), () => {});
    }
    clusterExperiments.setCollected(row.run, attempt, end);
  });
  // A damaged result is refused after its events were stored: they are then not stored again.
  row.attempt = attempt;
  row.eventBytes = end;
}

/** Stores the events of an attempt unless they are damaged: its result is then refused, and a later attempt replaces it. */
function storeReadableEvents(options: Stored, folder: string, attempt: number): void {
  try {
    storeEvents(options, folder, attempt, null);
  } catch (error) {
    if (!(error instanceof EctopyError) || error.code !== "damaged-file") throw error;
    log.warning(`Run ${options.row.run}: the events of attempt ${attempt} are damaged`, error);
  }
}

function ownerOf(folder: string, attempt: number): ClusterOwner | undefined {
  return readClusterFile(join(attemptFolder(folder, attempt), OWNER_FILE), clusterOwnerSchema);
}

function startedOn(attempt: number, owner: ClusterOwner | undefined): string {
  const job = owner?.job ? `, job ${owner.job}` : "";
  const where = owner === undefined ? "on another machine" : `on ${owner.host}${job}`;
  return attempt === 1 ? `Started ${where}.` : `Attempt ${attempt}, ${where}.`;
}

/** @returns whether it was stored: a result whose files differ from their hashes is set aside, and trained again */
function keepResult(options: CollectOptions, folder: string): boolean {
  const { workspace, row, watch } = options;
  const latest = attemptsOf(folder).at(-1) ?? 0;
  let read: ClusterResult;
  try {
    read = readClusterFile(join(folder, RESULT_FILE), clusterResultSchema)!;
    storeEvents(options, folder, read.attempt, read);
  } catch (error) {
    if (!(error instanceof EctopyError) || error.code !== "damaged-file") throw error;
    return refuse(options, folder, latest, error.message);
  }
  const { attempt, result, files } = read;
  const staged = workspace.stage("runs");
  try {
    const output = join(attemptFolder(folder, attempt), OUTPUT_FOLDER);
    if (existsSync(output)) cpSync(output, staged.path, { recursive: true });
    const [damaged] = findDamage(staged.path, files, "content");
    if (damaged !== undefined) {
      staged.discard();
      return refuse(options, folder, attempt, `${damaged.name} differs from its hash.`);
    }
    const { settings } = workspace.runs.find(row.run)!;
    const last = logLine("note", messages.ended(result, settings));
    workspace.keep("runs", staged, () => {
      workspace.runs.finish(row.run, result, timestamp());
      workspace.runLog.add(row.run, last);
      workspace.clusterExperiments.removeRun(row.run);
      return row.run;
    });
    watch.onLogged(last);
    return true;
  } catch (error) {
    staged.discard();
    throw error;
  }
}

function refuse({ workspace, row, watch }: Stored, folder: string, attempt: number, why: string): false {
  renameSync(join(folder, RESULT_FILE), join(folder, refusedFile(attempt)));
  const message = `The result of attempt ${attempt} was refused: ${why} The run continues from its checkpoint.`;
  const entry = logLine("warning", message);
  workspace.runLog.add(row.run, entry);
  watch.onLogged(entry);
  watch.warn(`Run ${row.run}: ${message}`);
  return false;
}
