/** What the intervals beside figures are, and what they take for granted: the same words wherever they are shown. */

export const INTERVAL_KIND = "95 % intervals (Wilson's score)";

/** @param synthetic beats among those that the figures are of */
export function intervalCaveats(synthetic: number): string[] {
  const dependent =
    "The 95 % intervals take beats for independent of each other. Beats of one patient are not: the true uncertainty is larger than the intervals say.";
  const blended =
    "The intervals count synthetic beats like real ones, though these add no patient and are blends of real beats: they are narrower still than the data deserve.";
  return synthetic > 0 ? [dependent, blended] : [dependent];
}
