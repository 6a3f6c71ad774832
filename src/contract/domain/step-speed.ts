/** Speed of a training on this machine. */
import { z } from "zod";
import { networkShapeSchema, type NetworkShape } from "./networks.ts";
import { trainingSettingsSchema } from "./training.ts";

/** Everything that the duration of a training step depends on. */
export const speedQuestionSchema = z.strictObject({
  ...trainingSettingsSchema.pick({
    network: true,
    batch: true,
    precision: true,
    threads: true,
    backend: true,
  }).shape,
  ...networkShapeSchema.shape,
});
export type SpeedQuestion = z.infer<typeof speedQuestionSchema>;

/** Settings that the time of a step depends on. */
export type StepSettings = Omit<SpeedQuestion, keyof NetworkShape>;

/** Returns the settings and the sizes of a question. */
export function partsOf({ windowLength, channels, features, steps, classes, ...settings }: SpeedQuestion): {
  settings: StepSettings;
  shape: NetworkShape;
} {
  const shape: NetworkShape = { windowLength, classes };
  if (channels !== undefined) shape.channels = channels;
  if (features !== undefined) shape.features = features;
  if (steps !== undefined) shape.steps = steps;
  return { settings, shape };
}

/** Maximum number of questions in one request. */
export const MAX_SPEED_QUESTIONS = 100;

/** Durations of a training, measured on this machine. */
export interface StepSpeed {
  /** Median duration of a step. */
  milliseconds: number;
  /** Prediction of one beat, in validation and test. */
  predictionMilliseconds: number;
  /** Start and end of a run: its process, its data, the layers, and the storage of its result. */
  fixedSeconds: number;
  /** Whether a training measured them, or a benchmark, which knows the step alone exactly. */
  source: "benchmark" | "run";
  /** Name of the processor or the GPU. */
  device: string;
  /** ISO 8601, UTC. */
  measuredAt: string;
}
