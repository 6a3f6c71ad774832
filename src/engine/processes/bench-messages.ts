/** Job and answer of a benchmark process. */
import { z } from "zod";
import { networkShapeSchema } from "../../contract/domain/networks.ts";
import { backendNames, networkChoiceSchema, precisions } from "../../contract/domain/training.ts";

export const benchJobSchema = z.strictObject({
  network: networkChoiceSchema,
  shape: networkShapeSchema,
  batch: z.int(),
  precision: z.enum(precisions),
  backend: z.enum(["auto", ...backendNames]),
  /** Name of the GPU for WebGPU; null: the first one. */
  adapter: z.string().nullable(),
  /** Rounds, of which the median is returned. */
  rounds: z.int().min(1),
  /** Approximate duration of a round. */
  milliseconds: z.number().gt(0),
  /** Minimum number of steps of a round. */
  leastSteps: z.int().min(1),
});
export type BenchJob = z.infer<typeof benchJobSchema>;

export const benchResultSchema = z.object({
  /** Backend that was measured. */
  backend: z.string(),
  /** Duration of a step. */
  milliseconds: z.number().gt(0),
  /** Peak memory of the process, in bytes. */
  peakMemory: z.number(),
});
export type BenchResult = z.infer<typeof benchResultSchema>;
