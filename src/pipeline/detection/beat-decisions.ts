/**
 * Decides which peaks of the energy are QRS complexes. Pure, with constant memory.
 *
 * Source: P. S. Hamilton, Open source ECG analysis, Computers in Cardiology 29 (2002): thresholds between the medians
 * of the last eight QRS and noise peaks, search back after a long interval, refusal of T waves. The settings are those
 * with the fewest errors on DS1 of MIT-BIH (de Chazal 2004), of 180 combinations. The errors on DS2 were printed beside
 * them, and the floor for pauses was fixed by judgement and then checked on all 48 recordings: no figure on MIT-BIH is
 * independent of the choice.
 */
import { medianOf } from "./lead-seconds.ts";

/** A peak of the combined energy. */
export interface EnergyPeak {
  sample: number;
  energy: number;
}

/** Shortest distance of two peaks, in s: the refractory period. */
const REFRACTORY_S = 0.2;
/** Peaks of each kind of which the median is taken. */
const REMEMBERED_PEAKS = 8;
/** Position of the threshold between noise (0) and QRS level (1). */
const THRESHOLD = 0.45;
/** Threshold of the search back, as a share of the usual one. */
const SEARCH_BACK_THRESHOLD = 0.5;
/** Interval after which a missed beat is searched, as a multiple of the median RR interval. */
const LATE_AFTER = 1.5;
/** RR intervals that are needed for a median. */
const FEWEST_INTERVALS = 4;
/** Time in which a T wave may follow, in s. */
const T_WAVE_S = 0.36;
/** Energy below which a peak within that time is a T wave, as a share of the QRS complex before. */
const T_WAVE_SHARE = 0.6;
/** Shortest distance of a beat of the search back to the peak after it, in s. */
const BEFORE_NEXT_S = 0.25;
/** Highest energy that enters the median: an artefact does not raise the threshold. */
const MAX_REMEMBERED_ENERGY = 2;
/** Time for which refused peaks are kept for the search back, in s. */
const KEPT_S = 10;

export class BeatDecisions {
  readonly #rate: number;
  /** Peak that a higher one within the refractory period may still replace. */
  #candidate: EnergyPeak | null = null;
  #last: EnergyPeak | null = null;
  readonly #beats: number[] = [1];
  readonly #noise: number[] = [0.1];
  readonly #intervals: number[] = [];
  #refused: EnergyPeak[] = [];

  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Adds a local maximum of the energy. @returns beats that are decided now, in order of time */
  add(peak: EnergyPeak): EnergyPeak[] {
    const before = this.#candidate;
    if (before !== null && peak.sample - before.sample < REFRACTORY_S * this.#rate) {
      if (peak.energy > before.energy) this.#candidate = peak;
      return [];
    }
    this.#candidate = peak;
    return before === null ? [] : this.#decide(before);
  }

  /** Decides the last peak. */
  finish(): EnergyPeak[] {
    const last = this.#candidate;
    this.#candidate = null;
    return last === null ? [] : this.#decide(last);
  }

  #decide(peak: EnergyPeak): EnergyPeak[] {
    const noise = medianOf(this.#noise);
    const threshold = noise + THRESHOLD * (medianOf(this.#beats) - noise);
    const missed = this.#searchBack(peak, threshold);
    const found = missed === null ? [] : [this.#accept(missed)];
    if (peak.energy > threshold && !this.#isTWave(peak)) return [...found, this.#accept(peak)];
    remember(this.#noise, peak.energy);
    this.#refused = this.#refused.filter(({ sample }) => peak.sample - sample < KEPT_S * this.#rate);
    this.#refused.push(peak);
    return found;
  }

  /** Returns the highest refused peak since the last beat, where the next peak comes late; null: none. */
  #searchBack(peak: EnergyPeak, threshold: number): EnergyPeak | null {
    const last = this.#last;
    if (last === null || this.#intervals.length < FEWEST_INTERVALS) return null;
    if (peak.sample - last.sample <= LATE_AFTER * medianOf(this.#intervals)) return null;
    const between = this.#refused.filter(
      ({ sample, energy }) =>
        energy > SEARCH_BACK_THRESHOLD * threshold &&
        sample - last.sample > T_WAVE_S * this.#rate &&
        peak.sample - sample > BEFORE_NEXT_S * this.#rate,
    );
    return between.reduce<EnergyPeak | null>(
      (highest, each) => (highest === null || each.energy > highest.energy ? each : highest),
      null,
    );
  }

  #isTWave({ sample, energy }: EnergyPeak): boolean {
    const last = this.#last;
    return last !== null && sample - last.sample < T_WAVE_S * this.#rate && energy < T_WAVE_SHARE * last.energy;
  }

  #accept(peak: EnergyPeak): EnergyPeak {
    if (this.#last !== null) remember(this.#intervals, peak.sample - this.#last.sample);
    this.#last = peak;
    remember(this.#beats, Math.min(peak.energy, MAX_REMEMBERED_ENERGY));
    this.#refused = this.#refused.filter(({ sample }) => sample > peak.sample);
    return peak;
  }
}

function remember(values: number[], value: number): void {
  values.push(value);
  if (values.length > REMEMBERED_PEAKS) values.shift();
}
