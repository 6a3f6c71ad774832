/**
 * Wilson's score interval of a share (Wilson, J Am Stat Assoc 22:209-212, 1927). Unlike the normal interval it stays
 * within 0 and 1, and has a width even where all trials have the same outcome.
 *
 * It assumes independent trials. Beats of one patient are dependent, so it is too narrow for them.
 */
import type { Interval } from "../../contract/domain/evaluation.ts";

/** Quantile of the standard normal distribution: 95 % lie within ±z. */
const Z = 1.959963984540054;

/** Returns the 95 % interval of hits / trials; null without trials. */
export function wilsonInterval(hits: number, trials: number): Interval | null {
  if (trials === 0) return null;
  const square = Z * Z;
  const centre = (hits + square / 2) / (trials + square);
  const half = (Z / (trials + square)) * Math.sqrt((hits * (trials - hits)) / trials + square / 4);
  // Exactly 0 and 1 at the ends, without rounding errors.
  return {
    low: hits === 0 ? 0 : centre - half,
    high: hits === trials ? 1 : centre + half,
  };
}
