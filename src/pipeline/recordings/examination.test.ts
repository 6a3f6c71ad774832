import fc from "fast-check";
import { expect, it } from "vitest";
import { LeadExamination } from "./examination.ts";
import { MISSING_VALUE } from "./source.ts";

/** The longest interval of equal samples that are not missing, counted one by one. */
function longestRun(samples: readonly number[]): number {
  let [longest, run] = [0, 0];
  for (const [i, sample] of samples.entries()) {
    run = sample === samples[i - 1] ? run + 1 : 1;
    if (sample !== MISSING_VALUE) longest = Math.max(longest, run);
  }
  return longest;
}

it("finds the longest interval of equal samples and the extremes of any samples, in blocks of any length", () => {
  const extremes = [MISSING_VALUE, MISSING_VALUE + 1, 2 ** 31 - 1, -1, 0, 1];
  const sample = fc.oneof(fc.constantFrom(...extremes), fc.integer({ min: -3, max: 3 }));
  fc.assert(
    fc.property(fc.array(fc.array(sample, { maxLength: 12 }), { maxLength: 6 }), (blocks) => {
      const examination = new LeadExamination();
      for (const block of blocks) examination.add(Int32Array.from(block), MISSING_VALUE);
      const all = blocks.flat();
      const present = all.filter((each) => each !== MISSING_VALUE);
      const { samples, missing, longestFlat, lowest, highest } = examination.result();
      expect([samples, missing, longestFlat]).toEqual([all.length, all.length - present.length, longestRun(all)]);
      expect([lowest, highest]).toEqual(
        present.length === 0 ? [NaN, NaN] : [Math.min(...present), Math.max(...present)],
      );
    }),
    { seed: 1, numRuns: 500 },
  );
});
