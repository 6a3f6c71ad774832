/**
 * Beats that a feature of one beat looks at: around it, or up to it alone (causal). Both have the same number of beats: ten on
 * each side, or the last twenty-one.
 */
import type { RecipeVariant } from "../../contract/domain/recipe.ts";
import { slidingMedian, type WindowRanges } from "../signal/sliding-median.ts";

/** Beats of one recording. */
export class BeatRanges {
  readonly count: number;
  readonly isCausal: boolean;

  constructor(count: number, variant: RecipeVariant) {
    this.count = count;
    this.isCausal = variant === "causal";
  }

  /** Returns `reach` beats on each side, within the recording; causal: 2 · reach beats before. */
  around(reach: number): WindowRanges {
    return this.isCausal ? this.between(2 * reach, 0) : this.between(reach, reach);
  }

  /** Returns some beats before and after each beat, within the recording. */
  between(before: number, after: number): WindowRanges {
    const length = this.count;
    return {
      first: Int32Array.from({ length }, (_, beat) => Math.max(0, beat - before)),
      last: Int32Array.from({ length }, (_, beat) => Math.min(length - 1, beat + after)),
    };
  }

  /** Returns the mean over the range of each beat. */
  mean(values: ArrayLike<number>, { first, last }: WindowRanges): Float64Array {
    const sums = new Float64Array(this.count + 1);
    for (let i = 0; i < this.count; i++) sums[i + 1] = sums[i] + values[i];
    return Float64Array.from(first, (from, beat) => (sums[last[beat] + 1] - sums[from]) / (last[beat] + 1 - from));
  }

  /** Returns the median over the range of each beat. */
  median(values: Float64Array, range: WindowRanges): Float64Array {
    const out = new Float64Array(this.count);
    slidingMedian({ values }, range, out);
    return out;
  }
}
