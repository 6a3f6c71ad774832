/** Text about the intervals of metrics and their assumptions, the same wherever they are shown. */

export const INTERVAL_KIND = "95 % intervals (Wilson's score)";

/** Returns the limitations of the intervals. @param synthetic number of synthetic beats among the evaluated ones */
export function intervalCaveats(synthetic: number): string[] {
  const dependent =
    "The 95 % intervals assume independent beats. Beats of one patient are dependent, so the true uncertainty is larger.";
  const blended =
    "The intervals count synthetic beats as real ones, although they are interpolations and add no patient. This makes the intervals too narrow.";
  return synthetic > 0 ? [dependent, blended] : [dependent];
}
