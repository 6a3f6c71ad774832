/**
 * Combines the energies of all leads into one, second by second, each lead weighted by its quality. Pure.
 *
 * A lead's level is the median of its highest energies over the seconds around, so that an artefact does not raise it;
 * its background is the median energy between beats. A lead with much background, such as muscle noise, counts little.
 */
import { ENERGY_DELAY_S } from "./band-energy.ts";

/** One second of a lead. */
export interface LeadSecond {
  samples: Float32Array;
  energy: Float32Array;
  /** Highest energy. */
  peak: number;
  /** Median energy. */
  median: number;
}

/** One second of all leads, with their combined energy. */
export interface CombinedSecond {
  /** Number of its first sample. */
  from: number;
  leads: readonly LeadSecond[];
  /** About 1 at a QRS complex of usual size. */
  energy: Float32Array;
  /** Background of the best lead relative to its level; null: no lead has a signal. */
  background: number | null;
  /** Lead with the greatest weight. */
  best: number;
}

/** Seconds on each side that decide the level of a lead: some 16 beats. */
export const NEIGHBOUR_SECONDS = 8;
/** Keeps the weight of a lead without any background finite. */
const LEAST_BACKGROUND = 0.02;
/** Values of each second of which the median is taken. */
const MEDIAN_VALUES = 60;

/** Describes one second of a lead. */
export function leadSecond(samples: Float32Array, energy: Float32Array): LeadSecond {
  const step = Math.max(1, Math.floor(energy.length / MEDIAN_VALUES));
  const some = energy.filter((_, i) => i % step === 0);
  return { samples, energy, peak: energy.reduce((most, value) => Math.max(most, value), 0), median: medianOf(some) };
}

/**
 * Combines a second of all leads.
 * @param around each lead's seconds from {@link NEIGHBOUR_SECONDS} before to as many after, those that exist
 */
export function combineSecond(
  from: number,
  second: readonly LeadSecond[],
  around: readonly (readonly LeadSecond[])[],
): CombinedSecond {
  const qualities = around.map((seconds) => {
    const level = levelOf(seconds);
    const background = level > 0 ? medianOf(seconds.map(({ median }) => median)) / level : null;
    return { level, background, weight: background === null ? 0 : (background + LEAST_BACKGROUND) ** -2 };
  });
  const total = qualities.reduce((sum, { weight }) => sum + weight, 0);
  const energy = new Float32Array(second[0].energy.length);
  for (const [lead, { level, weight }] of qualities.entries()) {
    if (weight === 0) continue;
    const factor = weight / total / level;
    second[lead].energy.forEach((value, i) => (energy[i] += factor * value));
  }
  const best = qualities.reduce((most, { weight }, lead) => (weight > qualities[most].weight ? lead : most), 0);
  return { from, leads: second, energy, background: qualities[best].background, best };
}

/** The level is at least the share of the second with this rank that follows: a pause does not turn noise into beats. */
const RANK_OF_FLOOR = 2;
const FLOOR_SHARE = 0.3;

function levelOf(seconds: readonly LeadSecond[]): number {
  const peaks = seconds.map(({ peak }) => peak).sort((a, b) => b - a);
  return Math.max(medianOf(peaks), FLOOR_SHARE * (peaks[RANK_OF_FLOOR] ?? 0));
}

/** Delay of the energy, in samples. */
export function energyDelay(rate: number): number {
  return Math.round(ENERGY_DELAY_S * rate);
}

/** Returns the median; 0 of no values. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
