/**
 * Combines the energies of all leads into one, second by second, each lead weighted by its quality. Pure.
 *
 * A lead's level is the median of its highest energies over the seconds around, so that an artefact does not raise it;
 * its background is the median energy between beats. A lead with much energy between beats, such as muscle noise or
 * artefacts of its electrode, counts little, also where that lasts for seconds only.
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
  /** Energy that a share of {@link UNREST_SHARE} of the second is below. */
  unrest: number;
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
/**
 * Share of a second whose energy measures its unrest. QRS complexes take about a fifth of the time, artefacts in their band
 * more. Like {@link NEAR_SECONDS}, chosen on DS1 of MIT-BIH with noise added to one lead (bench/detector-noise.ts).
 */
const UNREST_SHARE = 0.65;
/** Seconds on each side whose unrest counts at once: a burst is shorter than the seconds that decide the level. */
const NEAR_SECONDS = 1;
/** Values of each second of which the median is taken. */
const MEDIAN_VALUES = 60;

/** Describes one second of a lead. */
export function leadSecond(samples: Float32Array, energy: Float32Array): LeadSecond {
  const step = Math.max(1, Math.floor(energy.length / MEDIAN_VALUES));
  const some = energy.filter((_, i) => i % step === 0);
  const sorted = some.sort();
  const peak = energy.reduce((most, value) => Math.max(most, value), 0);
  const unrest = sorted.at(Math.min(sorted.length - 1, Math.floor(UNREST_SHARE * sorted.length))) ?? 0;
  return { samples, energy, peak, median: medianOf(sorted), unrest };
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
  const qualities = around.map((seconds, lead) => {
    const level = levelOf(seconds);
    if (level === 0) return { level, background: null, weight: 0 };
    const at = seconds.indexOf(second[lead]);
    const near = seconds.slice(Math.max(0, at - NEAR_SECONDS), at + NEAR_SECONDS + 1);
    const unrest = Math.max(unrestOf(seconds), unrestOf(near)) / level;
    return {
      level,
      background: medianOf(seconds.map(({ median }) => median)) / level,
      weight: (unrest + LEAST_BACKGROUND) ** -2,
    };
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

function unrestOf(seconds: readonly LeadSecond[]): number {
  return medianOf(seconds.map(({ unrest }) => unrest));
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
