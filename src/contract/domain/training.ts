/** Training settings, progress, results and runs. */
import { z } from "zod";
import { formatMilliseconds } from "../text/format-number.ts";
import type { Evaluation } from "./evaluation.ts";
import type { ErrorReport } from "./errors.ts";
import type { JobProgress } from "./jobs.ts";
import { networkSchema } from "./networks.ts";
import {
  clippingSchema,
  lossSchema,
  optimizerSchema,
  samplings,
  scheduleSchema,
  weightingSchema,
} from "./optimization.ts";

export const networkNames = ["ann", "cnn", "lstm"] as const;
export type NetworkName = (typeof networkNames)[number];

/** All presets: those of the reference study, and those that use the features of beats. */
export const presetNames = [...networkNames, "rhythm-and-shape", "residual-cnn"] as const;
export type PresetName = (typeof presetNames)[number];

/** Number format of products (matrix products and convolutions); weights, sums and all else are float32. */
export const precisions = ["float32", "bfloat16"] as const;
export type Precision = (typeof precisions)[number];

/**
 * What executes a training: Ectopy's kernels for this processor, the same kernels in WebAssembly, which run on every
 * machine, GPUs of any make by WebGPU, or TensorFlow.
 */
export const backendNames = ["kernels", "webassembly", "webgpu", "tensorflow"] as const;
export type BackendName = (typeof backendNames)[number];

/** Labels of the backends. */
export const backendTitles: Readonly<Record<BackendName, string>> = {
  kernels: "Ectopy's kernels",
  webassembly: "WebAssembly",
  webgpu: "WebGPU",
  tensorflow: "TensorFlow",
};

export interface BackendState {
  name: BackendName;
  /** Why this machine lacks it, as text; empty where it has it. */
  missing: string;
  /** GPUs that it finds, such as `Radeon RX 7600 (vulkan)`; absent with backends on the processor. */
  gpus?: string[];
  /** Measured training steps of the reference networks; absent before a measurement. */
  steps?: BackendStep[];
  /** Measured networks that this backend trains where the user leaves the backend open. */
  chosenFor?: NetworkName[];
}

/** Training step of a reference network: a window of 360 samples, 14 classes, and the network's default batch. */
export interface BackendStep {
  network: NetworkName;
  /** Null where the measurement failed. */
  milliseconds: number | null;
  /** Why there is no time, as text; empty where there is one. */
  problem: string;
}

/** Settings that are chosen for the machine where the user leaves them open. */
export const tunedSettings = ["threads", "backend"] as const;
/** Settings of earlier versions, which stored runs still have. */
const formerSettings = ["microBatches", "convolutions"] as const;

/** Name of a preset (network-presets.ts), or a network. */
export const networkChoiceSchema = z.union([z.enum(presetNames), networkSchema]);
export type NetworkChoice = z.infer<typeof networkChoiceSchema>;

/** `best`: the epoch with the lowest validation loss. `last`: the last epoch; the validation set then chooses nothing. */
export const keptEpochs = ["best", "last"] as const;
export type KeptEpoch = (typeof keptEpochs)[number];

/** Returns the name of the epoch whose weights are kept. */
export function keptEpochName({ keptEpoch }: Pick<TrainingSettings, "keptEpoch">): string {
  return keptEpoch === "last" ? "Last epoch" : "Best epoch";
}

/** A run whose network is part of an ensemble. The ensemble has its own copy of the weights. */
export const ensembleMemberSchema = z.strictObject({
  run: z.int().min(1),
  network: networkChoiceSchema,
  seed: z.int().min(0).max(0xffffffff),
  /** SHA-256 of the weights, in hexadecimal. */
  weights: z.string().length(64),
});
export type EnsembleMember = z.infer<typeof ensembleMemberSchema>;
/** Most runs of an ensemble. */
export const MAX_MEMBERS = 50;

export const trainingSettingsSchema = z.strictObject({
  /** Of an ensemble, that of its first member, as are all other settings. */
  network: networkChoiceSchema,
  epochs: z.int().min(1).max(100_000),
  batch: z.int().min(1).max(1_000_000),
  /** Initial learning rate. */
  learningRate: z.number().gt(0).max(10),
  // Defaults of runs stored by versions without these settings.
  optimizer: optimizerSchema.prefault({ kind: "adam" }),
  schedule: scheduleSchema.prefault({ kind: "constant" }),
  clipping: clippingSchema.prefault({ kind: "none" }),
  weighting: weightingSchema.prefault({}),
  // Absent in runs of earlier versions, whose identity in exports includes their settings.
  loss: lossSchema.exactOptional(),
  sampling: z.enum(samplings).exactOptional(),
  /** Epoch whose weights are kept; absent: `best`. A schedule that ends at a fixed epoch needs no choice by validation. */
  keptEpoch: z.enum(keptEpochs).exactOptional(),
  /** Early-stopping patience: epochs without a lower validation loss before the training stops; 0: off. */
  patience: z.int().min(0),
  /** Steps per epoch; 0: a full pass over the training set. */
  stepsPerEpoch: z.int().min(0),
  seed: z.int().min(0).max(0xffffffff),
  /** Threads of the processor; 0: one for each core. */
  threads: z.int().min(0).max(1024),
  precision: z.enum(precisions).default("float32"),
  /** Backends round differently. `auto`: the fastest that this machine has. */
  backend: z.enum(["auto", ...backendNames]).default("auto"),
  /** Settings whose value was chosen for the machine, not by the user; absent in runs stored by earlier versions. */
  tuned: z.array(z.enum([...tunedSettings, ...formerSettings])).optional(),
  /** Of runs stored by earlier versions: parts of a batch that were computed in parallel, with different masks. */
  microBatches: z.int().min(0).max(64).optional(),
  /** Of runs stored by earlier versions: implementation of convolutions. */
  convolutions: z.enum(["auto", "ectopy", "tensorflow"]).optional(),
  /** Run whose weights the training starts from; absent: random weights. */
  fineTunes: z.int().min(1).exactOptional(),
  /** File name of an imported model, which is only evaluated. */
  importedFrom: z.string().min(1).max(255).optional(),
  /**
   * Recordings of the test set that trained an imported model, by their samples, or whose patients did; absent: its training is
   * unknown.
   */
  trainedOnTest: z.array(z.string()).optional(),
  /** Runs whose probabilities an ensemble averages; absent: the run is no ensemble. */
  members: z.array(ensembleMemberSchema).min(2).max(MAX_MEMBERS).exactOptional(),
});
export type TrainingSettings = z.infer<typeof trainingSettingsSchema>;

/** Returns the steps of an epoch: a full pass over the training beats, or `stepsPerEpoch` where it is smaller. */
export function stepsOf(
  beats: number,
  { batch, stepsPerEpoch }: Pick<TrainingSettings, "batch" | "stepsPerEpoch">,
): number {
  const all = Math.ceil(beats / batch);
  return stepsPerEpoch === 0 ? all : Math.min(all, stepsPerEpoch);
}

export const runStatuses = ["queued", "running", "paused", "completed", "cancelled", "failed", "interrupted"] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Returns the status as text. A run that the user stopped after an epoch keeps its best epoch, which is evaluated. */
export function runStatusText(status: RunStatus, hasResult: boolean): string {
  return status === "cancelled" && hasResult ? "stopped" : status;
}

export interface EpochMetrics {
  /** From 1. */
  epoch: number;
  /** Mean over the batches of the epoch during training (dropout on), as Keras reports it. */
  trainLoss: number;
  trainAccuracy: number;
  validationLoss: number;
  validationAccuracy: number;
  validationMacroF1: number;
  /** F1 of each class, in the order of the labels; empty in runs stored by earlier versions. */
  validationF1: number[];
  /** Learning rate of the last step; 0 in runs stored by earlier versions. */
  learningRate: number;
  /** Training time without validation. */
  seconds: number;
  validationSeconds: number;
}

/** Loss and accuracy of consecutive steps, dropout on. */
export interface StepCurves {
  /** From 1, over all epochs. */
  firstStep: number;
  losses: Float32Array;
  accuracies: Float32Array;
}

/** Curve by step reduced to a few points; each point represents an interval of steps. */
export interface ThinnedSteps {
  /** Last step of each interval, from 1, over all epochs. */
  steps: Int32Array;
  /** Means over the interval, and the extremes of the loss. */
  losses: Float32Array;
  lowest: Float32Array;
  highest: Float32Array;
  accuracies: Float32Array;
}

/** Running and waiting trainings. */
export interface TrainingQueue {
  /** The running run and its latest progress. */
  current: number | null;
  progress: BatchProgress | null;
  /** Progress of the choice of a backend, validation or test; null during training. */
  evaluating: JobProgress | null;
  /** Why no run is trained although runs are queued and not paused by the user. */
  blocked: ErrorReport | null;
  /** Waiting runs, in the order of the queue. */
  waiting: number[];
}

/** Progress within an epoch. */
export interface BatchProgress {
  epoch: number;
  epochs: number;
  /** Finished steps of this epoch, and all its steps. */
  step: number;
  steps: number;
  /** Means over the epoch so far. */
  loss: number;
  accuracy: number;
  samplesPerSecond: number;
}

/** An NVIDIA GPU, by its driver's description. */
export interface Gpu {
  name: string;
  /** Memory in MiB. */
  memory: number;
  driver: string;
  /** CUDA compute capability, such as 8.6. */
  computeCapability: number;
}

/**
 * Device and versions of a training, stored with each result: the same seed may give other last digits on another
 * device.
 */
export interface DeviceInfo {
  /** A `BackendName`; in runs stored by earlier versions also `cpu`: plain JavaScript. */
  backend: string;
  /** Vectors and threads of Ectopy's kernels, such as `avx512, 2 threads`, or the GPU; absent with TensorFlow. */
  kernels?: string;
  /** Name of the processor or the GPU. */
  description: string;
  cores: number;
  /** Memory of the machine, in bytes. Absent in runs stored by earlier versions, like the following fields. */
  memory?: number;
  gpu?: Gpu;
  /** Why no GPU was used, as text. */
  withoutGpu?: string;
  /** Why LSTM and GRU layers were computed without cuDNN on the GPU, as text. */
  withoutCudnn?: string;
  /** Why the training continued on the processor, as text: the GPU failed. */
  fallback?: string;
  /** That the run was resumed on another backend, as text, and what follows. */
  resumedElsewhere?: string;
  /** Peak memory of the training process, in bytes; known after its end. */
  peakMemory?: number;
  versions: { ectopy: string; node: string; tfjs: string; tensorflow: string };
}

/** Returns a backend of a machine as text, such as `WebGPU: Radeon RX 7600 (vulkan)`. */
export function backendLine({ name, missing, gpus = [] }: BackendState): string {
  const state = missing !== "" ? missing : gpus.length > 0 ? gpus.join(", ") : "available";
  return `${backendTitles[name]}: ${state}`;
}

/** Returns the measured step as text, such as `ANN 0.4 ms per step (used by default)`. */
export function stepLine({ network, milliseconds, problem }: BackendStep, { chosenFor = [] }: BackendState): string {
  const time = milliseconds === null ? problem : `${formatMilliseconds(milliseconds)} per step`;
  return `${network.toUpperCase()}: ${time}${chosenFor.includes(network) ? ", used by default" : ""}`;
}

/** Returns the backend as text. */
export function backendText({ backend, kernels, versions }: DeviceInfo): string {
  switch (backend) {
    case "kernels":
    case "webassembly":
    case "webgpu":
      return kernels === undefined ? backendTitles[backend] : `${backendTitles[backend]} (${kernels})`;
    case "tensorflow":
      return `${backendTitles[backend]} ${versions.tensorflow}`;
    default:
      return "plain JavaScript";
  }
}

/**
 * Returns the device of a resumed run, which says where the run was resumed on another backend or with other vectors.
 * @param earlier device before the interruption; null: unknown, or nothing of that training was kept
 */
export function resumedOn(device: DeviceInfo, earlier: DeviceInfo | null): DeviceInfo {
  if (earlier === null) return device;
  const [before, now] = [earlier, device].map(arithmeticText);
  const resumedElsewhere =
    before === now
      ? earlier.resumedElsewhere
      : `Resumed on ${now}, after steps on ${before}: results differ in the last digits from an uninterrupted run.`;
  return resumedElsewhere === undefined ? device : { ...device, resumedElsewhere };
}

/** Returns what the bits of a result depend on, as text: the number of threads changes none. */
function arithmeticText(device: DeviceInfo): string {
  const { gpu } = device;
  const backend = backendText(device).replace(/, \d+ threads?(?=\)$)/, "");
  return gpu === undefined ? backend : `${backend} on ${gpu.name}`;
}

export interface TrainingResult {
  /** Epoch whose weights were kept: the one with the lowest validation loss, or the last one ({@link keptEpochs}). */
  bestEpoch: number;
  epochs: EpochMetrics[];
  stoppedEarly: boolean;
  /** Divides the logits so that probabilities are calibrated, fitted on the validation set; absent in runs of earlier versions. */
  temperature?: number | undefined;
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
  /** Null before the training has started. */
  device: DeviceInfo | null;
  result: TrainingResult | null;
}

/** Position of a checkpoint in its training. */
export interface CheckpointPosition {
  /** Finished epochs. */
  epochs: number;
  /** Finished steps, over all epochs. */
  steps: number;
  /** ISO 8601, UTC. */
  createdAt: string;
}
