/** Sends the queued runs of an experiment to an executor: writes their cluster folder, and has workers started. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { CancelledError } from "../../../contract/domain/errors.ts";
import type { Executor } from "../../../contract/domain/executors.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { makePrivateFolder } from "../../base/private-files.ts";
import { checkVersions } from "../../cluster/executors/check-versions.ts";
import { startWorkers } from "../../cluster/executors/executor.ts";
import { LOGS_FOLDER } from "../../cluster/executors/worker-plan.ts";
import { writeClusterFolder, type ClusterPlan } from "../../cluster/write-cluster-folder.ts";
import type { Workspace } from "../../store/workspace.ts";
import { withTuned } from "../training/tuned-settings.ts";

export interface SendOptions {
  workspace: Workspace;
  experiment: number;
  executor: Executor;
  progress: ReportProgress;
  signal: AbortSignal;
}

/**
 * Sends the queued runs of an experiment. Where that fails, nothing is left in the shared folder.
 * @throws EctopyError `server-refuses`, `server-unsuitable`, `unsupported`, `not-found`, `not-connected`, `disk-full`,
 *   `no-access`; CancelledError
 */
export async function sendExperiment(options: SendOptions, queued: readonly number[]): Promise<void> {
  const { workspace, experiment, executor, progress, signal } = options;
  const { clusterExperiments, runs } = workspace;
  progress({ stage: `Checking the version on ${executor.name}`, done: 0, total: 0, unit: "" });
  await checkVersions(executor);
  const folder = folderOf(options);
  const plans = queued.map((run) => planOf(run, options));
  // Before the folder exists: where this process ends while it writes, the next one finds and deletes it.
  workspace.transaction(() => {
    clusterExperiments.add({ experiment, executor, folder }, queued);
    queued.forEach((run, i) => runs.setSettings(run, plans[i].settings));
  });
  try {
    await writeClusterFolder(folder, { experiment, runs: plans }, { progress, signal });
    makePrivateFolder(join(folder, LOGS_FOLDER));
    if (signal.aborted) throw new CancelledError();
    progress({ stage: `Starting workers on ${executor.name}`, done: 0, total: 0, unit: "" });
    clusterExperiments.addWorkers(experiment, await startWorkers(executor, folder, plans.length));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function planOf(run: number, { workspace, executor }: SendOptions): ClusterPlan["runs"][number] {
  const { runs, preparations } = workspace;
  const { preparationId, settings } = runs.find(run)!;
  return {
    settings: settled(settings, executor),
    preparation: preparationId,
    fingerprint: preparations.find(preparationId)!.fingerprint,
    preparationFolder: workspace.path("preparations", preparationId),
  };
}

/** Returns a new folder for an experiment in the shared one: several workspaces may use it. */
function folderOf({ workspace, experiment, executor: { folder } }: SendOptions): string {
  const owner = createHash("sha256").update(`${hostname()} ${workspace.folder}`).digest("hex").slice(0, 8);
  const name = `ectopy-${owner}-experiment-${experiment}`;
  for (let i = 1; ; i++) {
    const path = join(folder, i === 1 ? name : `${name}-${i}`);
    if (!existsSync(path)) return path;
  }
}

/**
 * Returns the settings without open ones, so that every machine computes the same. A worker without kernels for its processor
 * chooses the backend again.
 */
function settled(settings: TrainingSettings, { threads }: Executor): TrainingSettings {
  // Plans compute in float32 only.
  const fastest = settings.precision === "bfloat16" ? "tensorflow" : "kernels";
  return withTuned(settings, {
    ...settings,
    backend: settings.backend === "auto" ? fastest : settings.backend,
    threads: settings.threads === 0 ? threads : settings.threads,
  });
}
