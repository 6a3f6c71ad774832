/** What the parent and a training process say to each other. Plain data, carried by structured cloning. */
import type { ErrorReport } from "../../contract/domain/errors.ts";
import type { JobProgress } from "../../contract/domain/jobs.ts";
import type {
  BatchProgress,
  DeviceInfo,
  EpochMetrics,
  StepCurves,
  TrainingResult,
  TrainingSettings,
} from "../../contract/domain/training.ts";

export interface TrainingJob {
  settings: TrainingSettings;
  /** Number of the preparation. */
  preparation: number;
  /** Its folder (preparation-files.ts). */
  preparationFolder: string;
  /** Of the preparation, SHA-256: a checkpoint is of this data and no other. */
  dataFingerprint: string;
  /** Folder to put the model and the predictions in; it exists and is empty. */
  outputFolder: string;
  /** Of Ectopy, to be kept with the run. */
  version: string;
  /** Where to go on; null: from the beginning. */
  checkpoint: { folder: string; sha256: string } | null;
  /** Weights of a model that was trained elsewhere, as a network lists them, to be tested without training; null: train. */
  imported: readonly Float32Array[] | null;
}

export type TrainingCommand =
  | { type: "start"; job: TrainingJob }
  /** Stop at the next step and keep the best epoch so far. */
  | { type: "cancel" }
  /** Stand still after the step under way, until told to continue. */
  | { type: "pause" }
  | { type: "continue" }
  /** Write a checkpoint into this folder, which exists and is empty, after the step under way. */
  | { type: "checkpoint"; folder: string };

export type TrainingEvent =
  | { type: "device"; device: DeviceInfo; warning?: string }
  /** Beats of the largest batch that the free memory holds, by estimate. */
  | { type: "memory"; fittingBatch: number }
  | { type: "progress"; progress: BatchProgress }
  | { type: "evaluating"; progress: JobProgress }
  | { type: "steps"; curves: StepCurves }
  | { type: "epoch"; metrics: EpochMetrics }
  | { type: "paused" }
  | { type: "continued" }
  /** Everything is in the folder; all that came before it has been told. */
  | { type: "checkpoint"; folder: string; sha256: string; epochs: number; steps: number }
  | { type: "checkpoint-failed"; folder: string; error: ErrorReport }
  | { type: "done"; result: TrainingResult }
  | { type: "failed"; error: ErrorReport };
