/**
 * Detects R-peaks in one lead or in several together, in a stream. Pure: memory depends on the sampling rate and the
 * number of leads alone, about 17 s of samples. Beats are known 9 s after they occur.
 *
 * Method: energy in the band of QRS complexes (Pan and Tompkins 1985), leads weighted by their quality, decisions by
 * Hamilton's rules (2002). Constants are in s and Hz, so that every rate from 100 Hz on uses the same settings.
 */
import { BandEnergy } from "./band-energy.ts";
import { BeatDecisions, type EnergyPeak } from "./beat-decisions.ts";
import { combineSecond, energyDelay, leadSecond, NEIGHBOUR_SECONDS } from "./lead-seconds.ts";
import type { CombinedSecond, LeadSecond } from "./lead-seconds.ts";
import { pacingSpikes, SignalMarks, spikeReach, unitedSpikes, type SignalMark } from "./signal-marks.ts";

/** Lowest sampling rate in Hz: the band up to 20 Hz needs it. */
export const LEAST_RATE_HZ = 100;
/** Time on each side of the energy's peak in which the R-peak lies, in s. */
const PEAK_SEARCH_S = 0.07;
/** Weight of a sample at the end of that time: an R-peak is near the energy's peak. */
const WEIGHT_AT_END = 0.5;
/** Time on each side of which the mean is the baseline, in s. */
const BASELINE_S = 0.2;

/** What was found in a stretch, in samples from the start of the recording. */
export interface Detected {
  beats: number[];
  marks: SignalMark[];
  /** Pacing spikes. */
  spikes: number[];
}

export class RPeakDetector {
  readonly #rate: number;
  /** Samples of a second. */
  readonly #length: number;
  readonly #energies: BandEnergy[];
  readonly #decisions: BeatDecisions;
  readonly #marks = new SignalMarks();
  /** Samples of the second that is not yet complete, and their energies. */
  #pending: { samples: Float32Array; energy: Float32Array }[];
  #filled = 0;
  /** Seconds whose neighbours are not all known, after those that are still neighbours. */
  readonly #seconds: LeadSecond[][] = [];
  /** Number of the first second in {@link #seconds}, and of the next one to combine. */
  #firstSecond = 0;
  #nextSecond = 0;
  /** Combined seconds in which R-peaks may still be sought. */
  readonly #combined: CombinedSecond[] = [];
  /** Last two values of the combined energy. */
  #before: [number, number] = [0, 0];
  /** Last pacing spike; empty: none yet. */
  #lastSpike: number[] = [];
  /** Last finite sample of each lead: it stands for missing ones. */
  readonly #held: (number | null)[];

  /** @throws RangeError for a rate below {@link LEAST_RATE_HZ}, or no leads */
  constructor(rate: number, leads: number) {
    if (!(rate >= LEAST_RATE_HZ)) throw new RangeError(`R-peaks need a sampling rate of ${LEAST_RATE_HZ} Hz or more.`);
    if (leads < 1) throw new RangeError("R-peaks need a lead.");
    this.#rate = rate;
    this.#length = Math.round(rate);
    this.#energies = Array.from({ length: leads }, () => new BandEnergy(rate));
    this.#held = Array.from({ length: leads }, () => null);
    this.#decisions = new BeatDecisions(rate);
    this.#pending = this.#emptySecond();
  }

  /** Adds samples of all leads, equally many of each; NaN: missing. */
  add(leads: readonly ArrayLike<number>[]): Detected {
    const found = nothing();
    for (let i = 0; i < leads[0].length; i++) {
      for (const [lead, samples] of leads.entries()) {
        const value = Number.isNaN(samples[i]) ? (this.#held[lead] ?? 0) : samples[i];
        if (!Number.isNaN(samples[i])) this.#held[lead] = value;
        this.#pending[lead].samples[this.#filled] = value;
        this.#pending[lead].energy[this.#filled] = this.#energies[lead].add(value);
      }
      this.#filled++;
      if (this.#filled === this.#length) this.#endSecond(found);
    }
    return found;
  }

  /** Decides what is left at the end of the recording. */
  finish(): Detected {
    const found = nothing();
    if (this.#filled > 0) this.#endSecond(found);
    while (this.#nextSecond < this.#firstSecond + this.#seconds.length) this.#combineNext(found);
    this.#place(this.#decisions.finish(), found);
    found.marks.push(...this.#marks.finish());
    return found;
  }

  #emptySecond(): { samples: Float32Array; energy: Float32Array }[] {
    return this.#energies.map(() => ({
      samples: new Float32Array(this.#length),
      energy: new Float32Array(this.#length),
    }));
  }

  #endSecond(found: Detected): void {
    this.#seconds.push(
      this.#pending.map(({ samples, energy }) =>
        leadSecond(samples.subarray(0, this.#filled), energy.subarray(0, this.#filled)),
      ),
    );
    this.#pending = this.#emptySecond();
    this.#filled = 0;
    if (this.#firstSecond + this.#seconds.length > this.#nextSecond + NEIGHBOUR_SECONDS) this.#combineNext(found);
  }

  #combineNext(found: Detected): void {
    const index = this.#nextSecond - this.#firstSecond;
    const around = this.#seconds.slice(Math.max(0, index - NEIGHBOUR_SECONDS), index + NEIGHBOUR_SECONDS + 1);
    const second = this.#seconds[index];
    const from = this.#nextSecond * this.#length;
    const combined = combineSecond(
      from,
      second,
      second.map((_, lead) => around.map((each) => each[lead])),
    );
    this.#nextSecond++;
    if (index === NEIGHBOUR_SECONDS) {
      this.#seconds.shift();
      this.#firstSecond++;
    }
    this.#combined.push(combined);
    if (this.#combined.length > NEIGHBOUR_SECONDS + 3) this.#combined.shift();
    found.marks.push(...this.#marks.add(combined));
    found.spikes.push(...this.#spikesOf(around, around.indexOf(second), from));
    this.#findPeaks(combined, found);
  }

  /** Returns the pacing spikes of a second, in any lead, with what is beside them in the seconds before and after. */
  #spikesOf(around: readonly LeadSecond[][], index: number, from: number): number[] {
    const reach = spikeReach(this.#rate);
    const second = around[index];
    const byLead = second.map(({ samples }, lead) => {
      const before = around[index - 1]?.[lead].samples.slice(-reach) ?? new Float32Array();
      const after = around[index + 1]?.[lead].samples.slice(0, reach) ?? new Float32Array();
      const all = new Float32Array(before.length + samples.length + after.length);
      all.set(before);
      all.set(samples, before.length);
      all.set(after, before.length + samples.length);
      return pacingSpikes(all, this.#rate).map((sample) => from - before.length + sample);
    });
    const spikes = unitedSpikes([this.#lastSpike, ...byLead], this.#rate).filter((spike) => spike >= from);
    const last = spikes.at(-1);
    if (last !== undefined) this.#lastSpike = [last];
    return spikes;
  }

  /** Passes the local maxima of the energy on. */
  #findPeaks({ from, energy }: CombinedSecond, found: Detected): void {
    let [earlier, before] = this.#before;
    for (let i = 0; i < energy.length; i++) {
      const value = energy[i];
      if (before >= earlier && before > value && before > 0) {
        this.#place(this.#decisions.add({ sample: from + i - 1, energy: before }), found);
      }
      earlier = before;
      before = value;
    }
    this.#before = [earlier, before];
  }

  #place(peaks: readonly EnergyPeak[], { beats }: Detected): void {
    for (const peak of peaks) beats.push(this.#rPeakOf(peak.sample - energyDelay(this.#rate)));
  }

  /** Returns the sample near a time that differs most from the mean around it, in the best lead. */
  #rPeakOf(near: number): number {
    const [reach, around] = [Math.round(PEAK_SEARCH_S * this.#rate), Math.round(BASELINE_S * this.#rate)];
    const lead = this.#secondAt(near)?.best ?? 0;
    const value = (sample: number): number | undefined => {
      const second = this.#secondAt(sample);
      return second?.leads[lead].samples[sample - second.from];
    };
    let [sum, count] = [0, 0];
    for (let sample = near - around; sample <= near + around; sample++) {
      const each = value(sample);
      if (each === undefined) continue;
      sum += each;
      count++;
    }
    let [peak, highest] = [Math.max(0, near), 0];
    for (let sample = near - reach; sample <= near + reach; sample++) {
      const weight = 1 - (1 - WEIGHT_AT_END) * ((sample - near) / reach) ** 2;
      const height = weight * Math.abs((value(sample) ?? sum / count) - sum / count);
      if (height > highest) [peak, highest] = [sample, height];
    }
    return peak;
  }

  #secondAt(sample: number): CombinedSecond | undefined {
    const first = this.#combined[0]?.from ?? 0;
    const second = this.#combined[Math.floor((sample - first) / this.#length)];
    return second !== undefined && sample >= second.from && sample < second.from + second.energy.length
      ? second
      : undefined;
  }
}

function nothing(): Detected {
  return { beats: [], marks: [], spikes: [] };
}

/** Detects R-peaks in whole leads. */
export function detectRPeaks(leads: readonly ArrayLike<number>[], rate: number): Detected {
  const detector = new RPeakDetector(rate, leads.length);
  const [during, last] = [detector.add(leads), detector.finish()];
  return {
    beats: [...during.beats, ...last.beats],
    marks: [...during.marks, ...last.marks],
    spikes: [...during.spikes, ...last.spikes],
  };
}
