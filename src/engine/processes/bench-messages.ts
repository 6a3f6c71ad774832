/** What is asked of a measuring process, and what it answers. */
import { z } from "zod";
import { convolutionKinds, networkChoiceSchema, precisions } from "../../contract/domain/training.ts";

export const benchJobSchema = z.strictObject({
  network: networkChoiceSchema,
  shape: z.strictObject({ windowLength: z.int(), classes: z.int() }),
  batch: z.int(),
  microBatches: z.int(),
  convolutions: z.enum(convolutionKinds),
  precision: z.enum(precisions),
  /** So many rounds, each of about so long in ms, but of so many steps at least; the median round is told. */
  rounds: z.int().min(1),
  milliseconds: z.number().gt(0),
  leastSteps: z.int().min(1),
});
export type BenchJob = z.infer<typeof benchJobSchema>;

export const benchResultSchema = z.object({
  /** `cpu`: plain JavaScript was measured, the native library not being there. */
  backend: z.string(),
  /** Of a step. */
  milliseconds: z.number().gt(0),
  /** Of the whole process, in bytes. */
  peakMemory: z.number(),
});
export type BenchResult = z.infer<typeof benchResultSchema>;
