/** Finds the checkpoint from which a run of a cluster folder is continued. */
import { join } from "node:path";
import { isSound } from "../../engine/training/checkpoint-files.ts";
import {
  attemptFolder,
  CHECKPOINT_FILE,
  clusterCheckpointSchema,
  EVENTS_FILE,
  readClusterFile,
  type ClusterCheckpoint,
} from "./cluster-files.ts";
import { beginsWith } from "./event-log.ts";

/** A checkpoint of an attempt with its path. */
export interface FoundCheckpoint extends ClusterCheckpoint {
  attempt: string;
}

/**
 * Returns the checkpoint with the most steps whose files and events are unchanged; null: there is none.
 * @param run folder of the run
 * @param attempts number of the last attempt to look at
 */
export function latestCheckpoint(run: string, attempts: number): FoundCheckpoint | null {
  const found = Array.from({ length: attempts }, (_, i) => attemptFolder(run, i + 1))
    .flatMap((folder): FoundCheckpoint[] => {
      const checkpoint = readClusterFile(join(folder, CHECKPOINT_FILE), clusterCheckpointSchema);
      return checkpoint === undefined ? [] : [{ ...checkpoint, attempt: folder }];
    })
    .sort((a, b) => b.steps - a.steps);
  const isUsable = ({ attempt, folder, sha256, events }: FoundCheckpoint): boolean =>
    isSound(join(attempt, folder), sha256) && beginsWith(join(attempt, EVENTS_FILE), events);
  return found.find(isUsable) ?? null;
}
