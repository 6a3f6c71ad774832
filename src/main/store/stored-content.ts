/** Collects the content of a folder's manifest from the database, and writes the steps of a run as a file beside it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StepCurves } from "../../contract/domain/training.ts";
import type { CheckpointStore } from "./checkpoints.ts";
import type { DatasetStore } from "./datasets.ts";
import type { ExperimentStore } from "./experiments.ts";
import { STEPS_FILE, type ManifestContent, type StoredRun } from "./manifest-content.ts";
import type { PreparationStore } from "./preparations.ts";
import type { RemarkStore } from "./remarks.ts";
import type { RunLogStore } from "./run-log.ts";
import type { RunStore } from "./runs.ts";

/** Stores whose rows have a folder, and stores with further rows of these. */
export interface ContentStores {
  readonly datasets: DatasetStore;
  readonly preparations: PreparationStore;
  readonly runs: RunStore;
  readonly checkpoints: CheckpointStore;
  readonly experiments: ExperimentStore;
  readonly remarks: RemarkStore;
  readonly runLog: RunLogStore;
}

export type WorkspaceFolder = ManifestContent["kind"];
/** Kinds of folders, in the order of their dependencies. */
export const workspaceFolders = [
  "datasets",
  "preparations",
  "runs",
  "checkpoints",
] as const satisfies WorkspaceFolder[];

/** Returns the database's rows of a folder. @throws Error if there is no such row; EctopyError `damaged-file` */
export function storedContent(stores: ContentStores, kind: WorkspaceFolder, id: number): ManifestContent {
  switch (kind) {
    case "datasets": {
      const { datasets } = stores;
      return {
        kind,
        dataset: withoutId(present(datasets.find(id))),
        versions: datasets.versions(id),
        identified: datasets.isIdentified(id),
        corrections: datasets.corrections(id),
        records: datasets.records(id),
        findings: datasets.findings(id),
      };
    }
    case "preparations": {
      const preparation = withoutId(present(stores.preparations.find(id)));
      const version = stores.preparations.datasetVersion(id);
      const fingerprint = present(stores.datasets.versions(preparation.datasetId)[version - 1]);
      return { kind, datasetFingerprint: fingerprint, datasetVersion: version, preparation };
    }
    case "runs":
      return { kind, ...storedRun(stores, id) };
    case "checkpoints": {
      const checkpoint = withoutId(present(stores.checkpoints.find(id)));
      return { kind, ...checkpoint, of: storedRun(stores, checkpoint.runId) };
    }
  }
}

function storedRun(stores: ContentStores, id: number): StoredRun {
  const run = withoutId(present(stores.runs.find(id)));
  const member = stores.experiments.ofRun(id);
  return {
    preparationFingerprint: present(stores.preparations.find(run.preparationId)).fingerprint,
    run,
    epochs: stores.runs.epochs(id),
    log: stores.runLog.ofRun(id),
    remarks: stores.remarks.find(id),
    experiment: member
      ? {
          name: member.experiment.name,
          plan: member.experiment.plan,
          metric: member.experiment.metric,
          createdAt: member.experiment.createdAt,
          label: member.label,
        }
      : null,
  };
}

function withoutId<T extends { id: number }>(row: T): Omit<T, "id"> {
  const { id, ...rest } = row;
  void id;
  return rest;
}

/** Refuses a missing row: foreign keys forbid a row without the rows that it refers to. */
function present<T>(row: T | undefined): T {
  if (row === undefined) throw new Error("A row of the workspace's database is missing.");
  return row;
}

/** Writes the loss and accuracy of every step of a run into its folder, if there are any. */
export function writeSteps(folder: string, { losses, accuracies }: StepCurves): void {
  if (losses.length === 0) return;
  const values = new Float32Array(2 * losses.length);
  values.set(losses);
  values.set(accuracies, losses.length);
  writeFileSync(join(folder, STEPS_FILE), values, { mode: 0o600 });
}

/** Returns the steps that {@link writeSteps} wrote; undefined if the file is missing or incomplete. */
export function readSteps(folder: string): StepCurves | undefined {
  try {
    const values = new Float32Array(new Uint8Array(readFileSync(join(folder, STEPS_FILE))).buffer);
    const count = values.length / 2;
    return Number.isInteger(count) && count > 0
      ? { firstStep: 1, losses: values.subarray(0, count), accuracies: values.subarray(count) }
      : undefined;
  } catch {
    return undefined;
  }
}
