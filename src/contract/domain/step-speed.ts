/** Speed of a training on this machine. */
import { z } from "zod";
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
  windowLength: z.int().min(1).max(200_000),
  classes: z.int().min(1).max(256),
});
export type SpeedQuestion = z.infer<typeof speedQuestionSchema>;

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
