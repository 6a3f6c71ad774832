/** What the parent and a training process say to each other. Plain data, carried by structured cloning. */
import type { ErrorReport } from "../contract/errors.ts";
import type { JobProgress } from "../contract/jobs.ts";
import type {
  BatchProgress,
  DeviceInfo,
  EpochMetrics,
  TrainingResult,
  TrainingSettings,
} from "../contract/training.ts";

export interface TrainingJob {
  settings: TrainingSettings;
  /** Folder of a prepared dataset (dataset-files.ts). */
  datasetFolder: string;
  /** Folder to put the model and the predictions in; it exists and is empty. */
  outputFolder: string;
  /** Of Ectopy, to be kept with the run. */
  version: string;
}

export type TrainingCommand =
  | { type: "start"; job: TrainingJob }
  /** Stop at the next step and keep the best epoch so far. */
  | { type: "cancel" };

export type TrainingEvent =
  | { type: "device"; device: DeviceInfo; warning?: string }
  | { type: "progress"; progress: BatchProgress }
  | { type: "evaluating"; progress: JobProgress }
  | { type: "epoch"; metrics: EpochMetrics }
  | { type: "done"; result: TrainingResult }
  | { type: "failed"; error: ErrorReport };
