/** Logs of workers, in the cluster folder. */
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { WorkerLog } from "../../../contract/domain/cluster.ts";
import { LOGS_FOLDER } from "../../cluster/executors/worker-plan.ts";

/** Bytes from the end of a log that are shown. */
const MAX_BYTES = 20_000;
/** Newest logs that are shown. */
const MAX_LOGS = 100;
/** Lines that a failed run keeps. */
const LAST_LINES = 3;

/** Returns the ends of the newest logs, newest first; none where there is no folder. */
export function workerLogs(shared: string): WorkerLog[] {
  const folder = join(shared, LOGS_FOLDER);
  try {
    return readdirSync(folder)
      .map((name) => ({ name, modified: statSync(join(folder, name)).mtime }))
      .sort((a, b) => b.modified.getTime() - a.modified.getTime())
      .slice(0, MAX_LOGS)
      .map(({ name, modified }) => ({ name, modifiedAt: modified.toISOString(), text: endOf(join(folder, name)) }));
  } catch {
    return []; // The executor may not have written one yet.
  }
}

/** Returns the last lines of a job's log, or of the newest one where the job has none; empty: there is no log. */
export function logOf(shared: string, job: string): string {
  const logs = workerLogs(shared);
  const found = logs.find(({ name }) => job !== "" && name.includes(job)) ?? logs.at(0);
  return (found?.text ?? "").trim().split("\n").slice(-LAST_LINES).join(" ");
}

function endOf(path: string): string {
  const { size } = statSync(path);
  const bytes = Buffer.alloc(Math.min(size, MAX_BYTES));
  const file = openSync(path, "r");
  try {
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
  } finally {
    closeSync(file);
  }
  return bytes.toString("utf8");
}
