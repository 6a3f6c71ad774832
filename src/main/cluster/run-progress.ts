/** What the files of a cluster folder tell about a run that has not ended. */
import { join } from "node:path";
import type { ClusterRunProgress } from "../../contract/domain/cluster.ts";
import type { RunState } from "./attempts.ts";
import {
  ALIVE_FILE,
  attemptFolder,
  attemptsOf,
  CHECKPOINT_FILE,
  clusterAliveSchema,
  clusterCheckpointSchema,
  clusterOwnerSchema,
  OWNER_FILE,
  readClusterFile,
} from "./cluster-files.ts";

/**
 * Returns the progress of a run without its number in the workspace.
 * @param run its folder
 * @throws EctopyError `no-access`, `not-found`, `damaged-file`
 */
export function runProgress(run: string, state: RunState): Omit<ClusterRunProgress, "run"> {
  const attempts = attemptsOf(run);
  const attempt = attempts.at(-1) ?? 0;
  const folder = attemptFolder(run, attempt);
  const owner = readClusterFile(join(folder, OWNER_FILE), clusterOwnerSchema);
  const checkpoint = attempts
    .map((number) => readClusterFile(join(attemptFolder(run, number), CHECKPOINT_FILE), clusterCheckpointSchema))
    .findLast((found) => found !== undefined);
  const failure = state.state === "free" ? (state.failure?.message ?? "") : "";
  const isRunning = state.state === "running";
  return {
    state: isRunning ? "running" : failure !== "" ? "failed-once" : attempt === 0 ? "waiting" : "requeued",
    host: owner?.host ?? "",
    job: owner?.job ?? "",
    attempt,
    progress: isRunning ? (readClusterFile(join(folder, ALIVE_FILE), clusterAliveSchema)?.progress ?? null) : null,
    checkpointEpochs: checkpoint?.epochs ?? null,
    failure,
  };
}
