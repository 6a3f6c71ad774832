/**
 * Times of the input recipe. It computes at {@link RECIPE_RATE}: leads of other rates are resampled first, so that each
 * duration is the same number of samples in every recording.
 */
import { RECIPE_RATE } from "../../contract/domain/recipe.ts";

/** Returns a duration in samples, rounded. @param milliseconds from 0 on */
export function samplesIn(milliseconds: number): number {
  return Math.round((milliseconds * RECIPE_RATE) / 1000);
}

/** Samples before the R-peak, and from it on. */
export const WINDOW_SAMPLES = samplesIn(600);
