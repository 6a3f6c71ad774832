/** Copies the checkpoint of a run from its cluster folder into the workspace, so that the run can be resumed here. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { logger } from "../../base/logger.ts";
import { timestamp } from "../../base/timestamp.ts";
import { attemptsOf, runFolder } from "../../cluster/cluster-files.ts";
import { latestCheckpoint } from "../../cluster/latest-checkpoint.ts";
import type { ClusterExperiment, ClusterRunRow } from "../../store/cluster-experiments.ts";
import type { Workspace } from "../../store/workspace.ts";

const log = logger("cluster");

/** Copies the latest checkpoint. Where there is none, or it can't be read, the run begins again. */
export function takeCheckpoint(
  workspace: Workspace,
  { folder }: ClusterExperiment,
  { run, number }: ClusterRunRow,
): void {
  const staged = workspace.stage("checkpoints");
  try {
    const there = runFolder(folder, number);
    const found = latestCheckpoint(there, attemptsOf(there).at(-1) ?? 0);
    if (found === null) return staged.discard();
    cpSync(join(found.attempt, found.folder), staged.path, { recursive: true });
    const { sha256, epochs, steps } = found;
    workspace.keep("checkpoints", staged, () =>
      workspace.checkpoints.add({ runId: run, sha256, epochs, steps, createdAt: timestamp() }),
    );
  } catch (error) {
    staged.discard();
    log.warning(`The checkpoint of run ${run} could not be taken from the shared folder`, error);
  }
}
