/** Networks, training settings, and what a run holds. */
import { z } from "zod";
import type { Evaluation } from "./evaluation.ts";
import type { ErrorReport } from "./errors.ts";
import type { JobProgress } from "./jobs.ts";
import { networkSchema } from "./networks.ts";
import { clippingSchema, optimizerSchema, scheduleSchema, weightingSchema } from "./optimization.ts";

export const networkNames = ["ann", "cnn", "lstm"] as const;
export type NetworkName = (typeof networkNames)[number];

/** How products (of matrices, and convolutions) are computed; weights, sums and everything else are float32. */
export const precisions = ["float32", "bfloat16"] as const;
export type Precision = (typeof precisions)[number];

/** Whose operations compute convolutions: which are faster depends on the processor. */
export const convolutionKinds = ["ectopy", "tensorflow"] as const;
export type Convolutions = (typeof convolutionKinds)[number];

/** A preset's name (network-presets.ts), or a whole network. */
export const networkChoiceSchema = z.union([z.enum(networkNames), networkSchema]);
export type NetworkChoice = z.infer<typeof networkChoiceSchema>;

export const trainingSettingsSchema = z.strictObject({
  network: networkChoiceSchema,
  epochs: z.int().min(1).max(100_000),
  batch: z.int().min(1).max(1_000_000),
  /** Where the schedule begins. */
  learningRate: z.number().gt(0).max(10),
  // Runs that were stored before there was a choice had these.
  optimizer: optimizerSchema.prefault({ kind: "adam" }),
  schedule: scheduleSchema.prefault({ kind: "constant" }),
  clipping: clippingSchema.prefault({ kind: "none" }),
  weighting: weightingSchema.prefault({}),
  /** Epochs without a better validation loss after which training stops; 0: never. */
  patience: z.int().min(0),
  /** Steps that count as an epoch; 0: as many as there are batches. */
  stepsPerEpoch: z.int().min(0),
  seed: z.int().min(0).max(0xffffffff),
  /** TensorFlow's threads inside one operation; 0: what this machine was measured to be fastest with. */
  threads: z.int().min(0).max(1024),
  /**
   * Micro-batches that a batch is divided into and computed side by side; 0: chosen by auto-tuning. Each draws its own dropout masks,
   * so the same seed with another number is another training: a run stores the number used, and repeats with it.
   */
  microBatches: z.int().min(0).max(64).default(0),
  /** They round differently: a run is stored with those that were used. */
  convolutions: z.enum(["auto", ...convolutionKinds]).default("auto"),
  precision: z.enum(precisions).default("float32"),
  /** Of a model that was trained elsewhere and is only tested here: the file that it came from. */
  importedFrom: z.string().min(1).max(255).optional(),
});
export type TrainingSettings = z.infer<typeof trainingSettingsSchema>;

/** Steps of an epoch over so many training beats: as many as there are batches, or fewer where the settings say so. */
export function stepsOf(
  beats: number,
  { batch, stepsPerEpoch }: Pick<TrainingSettings, "batch" | "stepsPerEpoch">,
): number {
  const all = Math.ceil(beats / batch);
  return stepsPerEpoch === 0 ? all : Math.min(all, stepsPerEpoch);
}

export const runStatuses = ["queued", "running", "paused", "completed", "cancelled", "failed", "interrupted"] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface EpochMetrics {
  /** From 1. */
  epoch: number;
  /** Over the epoch's own batches, as they were seen (dropout on), as Keras reports it. */
  trainLoss: number;
  trainAccuracy: number;
  validationLoss: number;
  validationAccuracy: number;
  validationMacroF1: number;
  /** Of each class, in the order of the preparation's labels; empty where it was not kept (runs of older versions). */
  validationF1: number[];
  /** Of the epoch's last step; 0 where it was not kept (runs of older versions). */
  learningRate: number;
  /** Training alone, without validation. */
  seconds: number;
  validationSeconds: number;
}

/** Loss and accuracy of steps that follow one another, dropout on. */
export interface StepCurves {
  /** From 1, over all epochs. */
  firstStep: number;
  losses: Float32Array;
  accuracies: Float32Array;
}

/** Many steps as few points, for a screen: each stands for a stretch of steps. */
export interface ThinnedSteps {
  /** Last step of each stretch, from 1, over all epochs. */
  steps: Int32Array;
  /** Means over the stretch, and the extremes of the loss. */
  losses: Float32Array;
  lowest: Float32Array;
  highest: Float32Array;
  accuracies: Float32Array;
}

/** What is being trained, and what waits. */
export interface TrainingQueue {
  /** The run under way and the last that was heard of it. */
  current: number | null;
  progress: BatchProgress | null;
  /** Measuring the machine, validating or testing; null while it trains. */
  evaluating: JobProgress | null;
  /** Why no run is trained although some are queued and nobody paused the queue. */
  blocked: ErrorReport | null;
  /** In the order in which they will be trained. */
  waiting: number[];
}

/** Progress inside an epoch. */
export interface BatchProgress {
  epoch: number;
  epochs: number;
  /** Steps done in this epoch, and in all of it. */
  step: number;
  steps: number;
  /** Means over the epoch so far. */
  loss: number;
  accuracy: number;
  samplesPerSecond: number;
}

/** An NVIDIA GPU, as its driver describes it. */
export interface Gpu {
  name: string;
  /** In MiB. */
  memory: number;
  driver: string;
  /** Such as 8.6: what its processors can do. */
  computeCapability: number;
}

/** What trained: said with every result, since the same seed on another device may differ in the last digits. */
export interface DeviceInfo {
  /** `tensorflow` (native) or `cpu` (plain JavaScript, slow). */
  backend: string;
  /** In words: the processor or the GPU. */
  description: string;
  cores: number;
  /** Of the machine, in bytes. Runs of before it was written down lack it, as they lack what follows. */
  memory?: number;
  gpu?: Gpu;
  /** Why no GPU was used, in words. */
  withoutGpu?: string;
  /** Why LSTM and GRU layers went without cuDNN on the GPU, in words. */
  withoutCudnn?: string;
  /** The most that the training process held at any time, in bytes; known when it has ended. */
  peakMemory?: number;
  versions: { ectopy: string; node: string; tfjs: string; tensorflow: string };
}

export interface TrainingResult {
  /** Epoch whose weights were kept (lowest validation loss). */
  bestEpoch: number;
  epochs: EpochMetrics[];
  stoppedEarly: boolean;
  cancelled: boolean;
  test: Evaluation;
  validation: Evaluation;
  parameters: { trainable: number; total: number };
  device: DeviceInfo;
  seconds: number;
}

export interface RunRecord {
  id: number;
  preparationId: number;
  settings: TrainingSettings;
  status: RunStatus;
  /** ISO 8601, UTC. */
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  error: ErrorReport | null;
  /** Null before it has begun. */
  device: DeviceInfo | null;
  result: TrainingResult | null;
}

/** Where a checkpoint stands. */
export interface CheckpointPosition {
  /** Epochs that had ended. */
  epochs: number;
  /** Steps done, over all epochs. */
  steps: number;
  /** ISO 8601, UTC. */
  createdAt: string;
}
