/**
 * How surely a share is known from so many trials: Wilson's score interval. Wilson, J Am Stat Assoc 22:209-212, 1927. Unlike the
 * plain normal interval it stays within 0 and 1, and has a width where every trial went the same way.
 *
 * It takes the trials for independent. Beats of one patient are not: over such beats it is too narrow.
 */
import type { Interval } from "../../contract/domain/evaluation.ts";

/** Of the standard normal distribution: 95 % lie within ±z. */
const Z = 1.959963984540054;

/** @returns the 95 % interval of hits / trials; null where there were no trials */
export function wilsonInterval(hits: number, trials: number): Interval | null {
  if (trials === 0) return null;
  const square = Z * Z;
  const centre = (hits + square / 2) / (trials + square);
  const half = (Z / (trials + square)) * Math.sqrt((hits * (trials - hits)) / trials + square / 4);
  // Exactly 0 and 1 at the ends, whatever the rounding.
  return {
    low: hits === 0 ? 0 : centre - half,
    high: hits === trials ? 1 : centre + half,
  };
}
