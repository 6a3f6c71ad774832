/** Writes a cluster folder: what workers need to train the runs of an experiment, and nothing else of the workspace. */
import { existsSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { copyFile, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CancelledError, EctopyError } from "../../contract/domain/errors.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import { formatBytes } from "../../contract/text/format-bytes.ts";
import {
  DESCRIPTION_FILE,
  FORMER_DESCRIPTION_FILE,
  preparationArrayFiles,
} from "../../pipeline/beats/preparation-format.ts";
import { makePrivateFolder, tightenTree } from "../base/private-files.ts";
import { syncFolder } from "../store/disk.ts";
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
import { sharedFolderError } from "./shared-folder-error.ts";

export interface ClusterPlan extends Pick<ClusterFolder, "experiment"> {
  /** Runs in the order of their numbers in the cluster folder, from 1. */
  runs: readonly (ClusterRun & { preparationFolder: string })[];
}

interface Watch {
  progress: ReportProgress;
  signal: AbortSignal;
}

const UNWATCHED: Watch = { progress: () => {}, signal: new AbortController().signal };

/** Space of the shared disk that a cluster folder leaves free, for checkpoints and results. */
const SPACE_LEFT_BYTES = 20_000_000;

/**
 * Writes a cluster folder. Workers find it once it is complete: `experiment.json` comes last.
 * @throws EctopyError `disk-full`, `no-access`, `not-found`; CancelledError
 */
export async function writeClusterFolder(
  shared: string,
  { experiment, runs }: ClusterPlan,
  watch: Watch = UNWATCHED,
): Promise<void> {
  const sources = new Map(runs.map(({ fingerprint, preparationFolder }) => [fingerprint, preparationFolder]));
  const total = [...sources.values()].reduce((sum, folder) => sum + bytesToSend(folder), 0);
  try {
    makePrivateFolder(shared);
    refuseFullDisk(shared, total);
    let sent = 0;
    for (const [fingerprint, folder] of sources) {
      await copyPreparation(folder, dataFolder(shared, fingerprint), watch.signal, (bytes) => {
        sent += bytes;
        const detail = `${formatBytes(sent)} of ${formatBytes(total)}`;
        watch.progress({ stage: "Copying beats", done: 0, total: 0, unit: "", detail });
      });
    }
    for (const [i, run] of runs.entries()) {
      const { settings, preparation, fingerprint } = run;
      const folder = runFolder(shared, i + 1);
      makePrivateFolder(folder);
      writeClusterFile(join(folder, RUN_FILE), { settings, preparation, fingerprint } satisfies ClusterRun);
    }
    const content: ClusterFolder = { format: CLUSTER_FORMAT, version, experiment };
    writeClusterFile(join(shared, EXPERIMENT_FILE), content);
  } catch (error) {
    throw sharedFolderError(error, shared);
  }
}

/** Returns the size of the files of a preparation that are copied. @throws EctopyError `not-found`, `no-access` */
export function bytesToSend(folder: string): number {
  try {
    return namesIn(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  } catch (error) {
    throw sharedFolderError(error, folder);
  }
}

/** Returns the names of the description and the arrays: no header notes, which stay in the dataset. */
function namesIn(folder: string): string[] {
  const names = [DESCRIPTION_FILE, FORMER_DESCRIPTION_FILE, ...preparationArrayFiles(() => true)];
  return names.filter((name) => existsSync(join(folder, name)));
}

/** @throws EctopyError `disk-full` */
function refuseFullDisk(shared: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(shared);
  const free = bavail * bsize;
  if (free >= bytes + SPACE_LEFT_BYTES) return;
  throw new EctopyError(
    "disk-full",
    `The beats take ${formatBytes(bytes)}, and ${formatBytes(free)} are free in ${dirname(shared)}.`,
    "Free some space on the shared disk. Nothing was sent.",
  );
}

async function copyPreparation(
  from: string,
  to: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const aside = `${to}.partial`;
  rmSync(aside, { recursive: true, force: true });
  makePrivateFolder(aside);
  for (const name of namesIn(from)) {
    if (signal.aborted) throw new CancelledError();
    await copyFile(join(from, name), join(aside, name));
    await syncCopy(join(aside, name));
    onBytes(statSync(join(aside, name)).size);
  }
  tightenTree(aside);
  syncFolder(aside);
  renameSync(aside, to);
}

/** Syncs without blocking: the window of the app is open meanwhile, and the disk may be slow. */
async function syncCopy(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
