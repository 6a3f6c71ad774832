/** Networks of one's own, kept by name; and how fast a network trains on this machine. */
import { z } from "zod";
import { networkSchema, type NetworkSpec } from "./networks.ts";
import { trainingSettingsSchema } from "./training.ts";

export interface SavedModel {
  id: number;
  /** Its name is the model's: no two have the same, in whatever case. */
  network: NetworkSpec;
  /** ISO 8601, UTC. */
  createdAt: string;
  changedAt: string;
}

export const savingSchema = z.strictObject({
  /** The one to change; without it, a new one. */
  model: z.int().min(1).optional(),
  network: networkSchema,
});

/** What the time of a training step depends on. */
export const speedQuestionSchema = z.strictObject({
  ...trainingSettingsSchema.pick({
    network: true,
    batch: true,
    precision: true,
    threads: true,
    microBatches: true,
    convolutions: true,
  }).shape,
  windowLength: z.int().min(1).max(200_000),
  classes: z.int().min(1).max(256),
});
export type SpeedQuestion = z.infer<typeof speedQuestionSchema>;

/** A training step of one network, measured on this machine. */
export interface StepSpeed {
  /** Median of a step. */
  milliseconds: number;
  /** The processor or the GPU, in words. */
  device: string;
  /** ISO 8601, UTC. */
  measuredAt: string;
}
