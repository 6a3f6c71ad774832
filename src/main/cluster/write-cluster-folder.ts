/** Writes a cluster folder: what workers need to train the runs of an experiment, and nothing else of the workspace. */
import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { systemError } from "../../contract/domain/system-errors.ts";
import { DESCRIPTION_FILE, preparationArrayFiles } from "../../pipeline/beats/preparation-format.ts";
import { makePrivateFolder, tightenTree } from "../base/private-files.ts";
import { syncTree } from "../store/disk.ts";
import { version } from "../version.ts";
import {
  dataFolder,
  EXPERIMENT_FILE,
  CLUSTER_FORMAT,
  RUN_FILE,
  runFolder,
  writeClusterFile,
  type ClusterFolder,
  type ClusterRun,
} from "./cluster-files.ts";

export interface ClusterPlan extends Pick<ClusterFolder, "experiment"> {
  /** Runs in the order of their numbers in the cluster folder, from 1. */
  runs: readonly (ClusterRun & { preparationFolder: string })[];
}

/**
 * Writes a cluster folder. Workers find it once it is complete: `experiment.json` comes last.
 * @throws EctopyError `disk-full`, `no-access`, `not-found`
 */
export function writeClusterFolder(shared: string, { experiment, runs }: ClusterPlan): void {
  makePrivateFolder(shared);
  for (const [i, { preparationFolder, ...job }] of runs.entries()) {
    copyPreparation(preparationFolder, dataFolder(shared, job.fingerprint));
    const folder = runFolder(shared, i + 1);
    makePrivateFolder(folder);
    writeClusterFile(join(folder, RUN_FILE), job);
  }
  const content: ClusterFolder = { format: CLUSTER_FORMAT, version, experiment };
  writeClusterFile(join(shared, EXPERIMENT_FILE), content);
}

/** Copies the arrays of a preparation: no header notes, which stay in the dataset. Does nothing where they are there. */
function copyPreparation(from: string, to: string): void {
  if (existsSync(to)) return;
  const aside = `${to}.partial`;
  try {
    rmSync(aside, { recursive: true, force: true });
    makePrivateFolder(aside);
    for (const name of [DESCRIPTION_FILE, ...preparationArrayFiles(() => true)]) {
      if (existsSync(join(from, name))) cpSync(join(from, name), join(aside, name));
    }
    tightenTree(aside);
    syncTree(aside);
    renameSync(aside, to);
  } catch (error) {
    throw systemError(error, to);
  }
}
