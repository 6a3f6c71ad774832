/** Stores what a cluster folder has of one run: its events so far, its result, or its failure. */
import { cpSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { ErrorReport } from "../../../contract/domain/errors.ts";
import { runState } from "../../cluster/attempts.ts";
import {
  attemptFolder,
  attemptsOf,
  clusterOwnerSchema,
  clusterResultSchema,
  EVENTS_FILE,
  OUTPUT_FOLDER,
  OWNER_FILE,
  readClusterFile,
  RESULT_FILE,
  runFolder,
  type ClusterOwner,
  type ClusterResult,
} from "../../cluster/cluster-files.ts";
import { readEvents } from "../../cluster/event-log.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { ClusterRunRow } from "../../store/cluster-experiments.ts";
import { findDamage } from "../../store/manifest.ts";
import type { Workspace } from "../../store/workspace.ts";
import * as messages from "../training/run-log-messages.ts";
import { logLine, RunRecorder, type RecorderWatch } from "../training/run-recorder.ts";

export interface CollectOptions {
  workspace: Workspace;
  /** Cluster folder of the experiment. */
  shared: string;
  row: ClusterRunRow;
  watch: RecorderWatch;
}

/** State of a run after it was collected. */
export type Collected =
  | "ended"
  /** A worker trains it. */
  | "running"
  /** No worker trains it. */
  | "free";

/** @throws EctopyError `no-access`, `not-found`, `disk-full`, `damaged-file` */
export function collectRun({ workspace, shared, row, watch }: CollectOptions): Collected {
  const folder = runFolder(shared, row.number);
  const state = runState(folder, null);
  const result = state.state === "done" ? readClusterFile(join(folder, RESULT_FILE), clusterResultSchema)! : null;
  const attempt = result?.attempt ?? attemptsOf(folder).at(-1);
  if (attempt !== undefined) storeEvents({ workspace, row, watch }, folder, attempt, result);
  if (result !== null) return keepResult({ workspace, row, watch }, folder, result) ? "ended" : "free";
  if (state.state !== "failed") return state.state === "running" ? "running" : "free";
  endRun(workspace, row.run, "failed", state.error, watch);
  return "ended";
}

/** Stores the end of a run without a result. */
export function endRun(
  workspace: Workspace,
  run: number,
  status: "failed" | "cancelled",
  error: ErrorReport | null,
  watch: Pick<RecorderWatch, "onLogged">,
): void {
  const entry = error === null ? logLine("note", messages.WITHDRAWN) : logLine("error", messages.failed(error));
  workspace.transaction(() => {
    workspace.runs.end(run, status, error, timestamp());
    workspace.runLog.add(run, entry);
    workspace.clusterExperiments.removeRun(run);
  });
  watch.onLogged(entry);
}

type Stored = Pick<CollectOptions, "workspace" | "row" | "watch">;

/** Stores the events that an attempt has added since the last time; all of them where it is a new attempt. */
function storeEvents(
  { workspace, row, watch }: Stored,
  folder: string,
  attempt: number,
  result: ClusterResult | null,
): void {
  const { runs, runLog, clusterExperiments } = workspace;
  const isNew = attempt !== row.attempt;
  const path = join(attemptFolder(folder, attempt), EVENTS_FILE);
  const { events, end } = readEvents(path, isNew ? 0 : row.eventBytes, result?.events ?? null);
  workspace.transaction(() => {
    if (isNew) {
      // Its events begin with those of the earlier attempts up to the checkpoint.
      runs.rewind(row.run, { epochs: 0, steps: 0 });
      runs.start(row.run, timestamp());
      const owner = readClusterFile(join(attemptFolder(folder, attempt), OWNER_FILE), clusterOwnerSchema);
      runLog.add(row.run, logLine("note", startedOn(attempt, owner)));
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
}

function startedOn(attempt: number, owner: ClusterOwner | undefined): string {
  const job = owner?.job ? `, job ${owner.job}` : "";
  const where = owner === undefined ? "on another machine" : `on ${owner.host}${job}`;
  return attempt === 1 ? `Started ${where}.` : `Attempt ${attempt}, ${where}.`;
}

/** @returns whether it was stored: a result whose files differ from their hashes is set aside, and trained again */
function keepResult(
  { workspace, row, watch }: Stored,
  folder: string,
  { attempt, result, files }: ClusterResult,
): boolean {
  const staged = workspace.stage("runs");
  try {
    cpSync(join(attemptFolder(folder, attempt), OUTPUT_FOLDER), staged.path, { recursive: true });
    const [damaged] = findDamage(staged.path, files, "content");
    if (damaged !== undefined) {
      staged.discard();
      renameSync(join(folder, RESULT_FILE), join(folder, `refused-${attempt}.json`));
      const message = `The result of attempt ${attempt} was refused: ${damaged.name} differs from its hash. The run continues from its checkpoint.`;
      const entry = logLine("warning", message);
      workspace.runLog.add(row.run, entry);
      watch.onLogged(entry);
      watch.warn(`Run ${row.run}: ${message}`);
      return false;
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
