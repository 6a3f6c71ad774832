/** Explanation of a run's prediction for a test beat: what of the network's inputs spoke for a class, and what against it. */
import { z } from "zod";

export const explanationQuerySchema = z.strictObject({
  /** Index of the beat in the test set. */
  number: z.int().min(0),
  /** Number of the class; null: the predicted one. */
  label: z.int().min(0).nullable(),
});
export type ExplanationQuery = z.infer<typeof explanationQuerySchema>;

/** Contributions are in log odds, ln(p / (1 − p)); positive: for the class. */
export interface BeatExplanation {
  /** Number of the explained class. */
  label: number;
  /** Log odds of the class, for the beat and for the mean of the training beats. */
  logOdds: { beat: number; baseline: number };
  /** The beat's samples; null where the network does not use them. */
  beat: ExplainedBeat | null;
  /** Contribution of each feature, over all beats of a sequence; null where the network uses none. */
  features: { names: string[]; contributions: Float32Array } | null;
  /** Contribution of each beat of a sequence; null where the network uses none. */
  neighbours: { before: number; after: number; contributions: Float32Array } | null;
}

export interface ExplainedBeat {
  /** Samples × channels, as the network gets them. */
  values: Float32Array;
  channels: number;
  /** Integrated gradients, samples × channels. */
  contributions: Float32Array;
  /** Guided Grad-CAM, samples × channels, from 0 to 1; null where no convolution runs along the beat. */
  guided: Float32Array | null;
  /** Rank correlation of both methods along the beat, −1 to 1; null without the second. */
  agreement: number | null;
}
