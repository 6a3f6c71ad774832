/** Custom networks, saved by name, and the speed of a network on this machine. */
import { z } from "zod";
import { networkSchema, type NetworkSpec } from "./networks.ts";
import { trainingSettingsSchema } from "./training.ts";

export interface SavedModel {
  id: number;
  /** Its name is unique, ignoring case. */
  network: NetworkSpec;
  /** ISO 8601, UTC. */
  createdAt: string;
  changedAt: string;
}

export const savingSchema = z.strictObject({
  /** Number of the custom network to replace; without it, a new one is saved. */
  model: z.int().min(1).optional(),
  network: networkSchema,
});

/** Everything that the duration of a training step depends on. */
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

/** Duration of a training step, measured on this machine. */
export interface StepSpeed {
  /** Median duration of a step. */
  milliseconds: number;
  /** Name of the processor or the GPU. */
  device: string;
  /** ISO 8601, UTC. */
  measuredAt: string;
}
