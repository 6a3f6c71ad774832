/**
 * Messages between a training process and its parent: plain data, carried by structured cloning, and parsed where they
 * arrive. Unlike JSON, they carry typed arrays, NaN and infinity.
 */
import { z } from "zod";
import { errorCodes, type ErrorCode, type ErrorReport } from "../../contract/domain/errors.ts";
import type { Evaluation } from "../../contract/domain/evaluation.ts";
import { storedKinds } from "../../contract/domain/integrity.ts";
import type { JobProgress } from "../../contract/domain/jobs.ts";
import {
  trainingSettingsSchema,
  type BatchProgress,
  type DeviceInfo,
  type EpochMetrics,
  type StepCurves,
  type TrainingResult,
} from "../../contract/domain/training.ts";

const count = z.int().min(0);
const sha256 = z.string().length(64);
/** A number that may be NaN or infinite, such as a loss; `z.number` accepts finite numbers only. */
const anyNumber = z.custom<number>((value) => typeof value === "number", "a number");
/** Typed without `z.instanceof`, whose type excludes arrays on a SharedArrayBuffer. */
const float32Array = z.custom<Float32Array>((value) => value instanceof Float32Array, "a Float32Array");

export const trainingJobSchema = z.object({
  settings: trainingSettingsSchema,
  /** Number of the preparation. */
  preparation: z.int().min(1),
  /** Folder of the preparation (src/pipeline/beats/preparation-format.ts). */
  preparationFolder: z.string(),
  /** Fingerprint of the preparation, in hexadecimal: a checkpoint is resumed on the same data only. */
  dataFingerprint: sha256,
  /** Folder for the model and the predictions; it exists and is empty. */
  outputFolder: z.string(),
  /** Version of Ectopy, stored with the run. */
  version: z.string(),
  /** Checkpoint to resume from; null: start at the first epoch. */
  checkpoint: z.object({ folder: z.string(), sha256 }).nullable(),
  /** Weights of an imported model, in the network's order, to be tested without training; null: train. */
  imported: z.array(float32Array).readonly().nullable(),
  /** Weights that the training starts from, in the network's order; null: those of the seed. */
  initial: z.array(float32Array).readonly().nullable(),
  /** Name of the GPU for WebGPU; null: the first one. */
  adapter: z.string().nullable(),
});
export type TrainingJob = z.infer<typeof trainingJobSchema>;

/** Commands of the parent. */
export const trainingCommandSchema = z.discriminatedUnion("type", [
  /** @param keep whether the process waits for another start once this run is done; it ends otherwise, and after a failure */
  z.object({ type: z.literal("start"), job: trainingJobSchema, keep: z.boolean().optional() }),
  /** Drop the current step where it can be interrupted, stop, and keep the best epoch so far. */
  z.object({ type: z.literal("cancel") }),
  /** Drop the current step where it can be interrupted, and pause until `continue`. */
  z.object({ type: z.literal("pause") }),
  z.object({ type: z.literal("continue") }),
  /** Write a checkpoint into this folder, which exists and is empty, after the current step. */
  z.object({ type: z.literal("checkpoint"), folder: z.string() }),
]);
export type TrainingCommand = z.infer<typeof trainingCommandSchema>;

export const errorReportSchema: z.ZodType<ErrorReport> = z.object({
  code: z.enum([...(Object.keys(errorCodes) as ErrorCode[]), "cancelled", "bug"]),
  message: z.string(),
  fix: z.string(),
  subject: z.object({ kind: z.enum(storedKinds), id: z.int().min(1) }).exactOptional(),
});

/** Loose: optional fields that describe hardware are kept as they are. */
const device: z.ZodType<DeviceInfo> = z.looseObject({
  backend: z.string(),
  description: z.string(),
  cores: z.int(),
  versions: z.object({ ectopy: z.string(), node: z.string(), tfjs: z.string(), tensorflow: z.string() }),
});

export const batchProgressSchema: z.ZodType<BatchProgress> = z.object({
  epoch: count,
  epochs: count,
  step: count,
  steps: count,
  loss: anyNumber,
  accuracy: anyNumber,
  samplesPerSecond: anyNumber,
});

const jobProgress: z.ZodType<JobProgress> = z.object({
  stage: z.string(),
  done: z.number(),
  total: z.number(),
  unit: z.string(),
  detail: z.string().exactOptional(),
});

const stepCurves: z.ZodType<StepCurves> = z.object({
  firstStep: z.int().min(1),
  losses: float32Array,
  accuracies: float32Array,
});

const epochMetrics: z.ZodType<EpochMetrics> = z.object({
  epoch: z.int().min(1),
  trainLoss: anyNumber,
  trainAccuracy: anyNumber,
  validationLoss: anyNumber,
  validationAccuracy: anyNumber,
  validationMacroF1: anyNumber,
  validationF1: z.array(anyNumber),
  learningRate: anyNumber,
  seconds: anyNumber,
  validationSeconds: anyNumber,
});

const evaluation: z.ZodType<Evaluation> = z.object({
  loss: anyNumber,
  accuracy: anyNumber,
  macroF1: anyNumber,
  weightedF1: anyNumber,
  perClass: z.array(
    z.object({ label: z.string(), ppv: anyNumber, sensitivity: anyNumber, f1: anyNumber, support: count }),
  ),
  confusion: z.array(z.array(count)),
});

export const trainingResultSchema: z.ZodType<TrainingResult> = z.object({
  bestEpoch: count,
  epochs: z.array(epochMetrics),
  stoppedEarly: z.boolean(),
  temperature: z.number().optional(),
  cancelled: z.boolean(),
  test: evaluation,
  validation: evaluation,
  parameters: z.object({ trainable: count, total: count }),
  device,
  seconds: anyNumber,
});

/** Events of a training process, in the order in which they happen. */
export const trainingEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("device"), device }),
  /** A sentence for the user: the training continues otherwise than it began. */
  z.object({ type: z.literal("warning"), message: z.string() }),
  /** Estimated beats of the largest batch that fits into the available memory. */
  z.object({ type: z.literal("memory"), fittingBatch: count }),
  z.object({ type: z.literal("progress"), progress: batchProgressSchema }),
  z.object({ type: z.literal("evaluating"), progress: jobProgress }),
  z.object({ type: z.literal("steps"), curves: stepCurves }),
  z.object({ type: z.literal("epoch"), metrics: epochMetrics }),
  z.object({ type: z.literal("paused") }),
  z.object({ type: z.literal("continued") }),
  /** The checkpoint is complete, and all events that it includes have been sent. */
  z.object({ type: z.literal("checkpoint"), folder: z.string(), sha256, epochs: count, steps: count }),
  z.object({ type: z.literal("checkpoint-failed"), folder: z.string(), error: errorReportSchema }),
  z.object({ type: z.literal("done"), result: trainingResultSchema }),
  z.object({ type: z.literal("failed"), error: errorReportSchema }),
]);
export type TrainingEvent = z.infer<typeof trainingEventSchema>;
