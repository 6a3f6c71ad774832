/** Marks where a signal can't be trusted: flat or noisy stretches, and pacing spikes. Pure, with constant memory. */
import type { CombinedSecond } from "./lead-seconds.ts";

export const signalMarkKinds = ["flat", "noise"] as const;

/** A stretch in samples, without its last one. */
export interface SignalMark {
  kind: (typeof signalMarkKinds)[number];
  from: number;
  to: number;
}

/** Background of the best lead, relative to its level, from which on a second is noisy: beats rise above it hardly. */
const NOISY_BACKGROUND = 0.5;
/** Lowest sampling rate in Hz at which 8 ms are enough samples to know a spike from a QRS complex. */
const LEAST_SPIKE_RATE_HZ = 200;
/** Time on each side of a spike within which most of it comes and goes, in s. */
const NARROW_S = 0.008;
/** Times on each side after which a QRS complex has fallen much further, and a spike has not, in s. */
const WIDE_S = [0.02, 0.028] as const;
/** Least share of that fall within the narrow time. */
const SHARP_SHARE = 0.7;
/** Fall of a spike, as a multiple of the highest one beside it. These two were chosen on DS1 and the paced recordings. */
const SPIKE_RATIO = 5;
/** Least fall of a spike, as a share of the range of the signal around it. */
const LEAST_SPIKE_SHARE = 0.05;
/** Time on each side of a spike that it is compared with, in s. */
const BESIDE_SPIKE_S = 0.08;

/** Joins marked seconds to stretches. */
export class SignalMarks {
  #open: SignalMark | null = null;

  /** Adds a second. @returns stretches that ended */
  add(second: CombinedSecond): SignalMark[] {
    const kind = kindOf(second);
    const to = second.from + second.energy.length;
    if (this.#open !== null && this.#open.kind === kind) {
      this.#open.to = to;
      return [];
    }
    const ended = this.finish();
    if (kind !== null) this.#open = { kind, from: second.from, to };
    return ended;
  }

  finish(): SignalMark[] {
    const ended = this.#open === null ? [] : [this.#open];
    this.#open = null;
    return ended;
  }
}

function kindOf({ leads, background }: CombinedSecond): SignalMark["kind"] | null {
  if (leads.every(({ samples }) => samples.every((value) => value === samples[0]))) return "flat";
  return background !== null && background > NOISY_BACKGROUND ? "noise" : null;
}

/**
 * Returns pacing spikes in a lead: deflections of which most has come and gone within 8 ms on each side, unlike those of QRS
 * complexes, and that exceed by far such deflections beside them. A digital recorder shows a spike as one sample or two;
 * tape and anti-aliasing filter widen those of MIT-BIH to about 15 ms, and join them to the QRS complex.
 * @param samples with {@link spikeReach} samples before and after those in which spikes are sought
 */
export function pacingSpikes(samples: Float32Array, rate: number): number[] {
  if (rate < LEAST_SPIKE_RATE_HZ) return [];
  const steps = (seconds: number): number => Math.max(1, Math.round(seconds * rate));
  const [narrow, wide, beside] = [steps(NARROW_S), WIDE_S.map(steps), spikeReach(rate)];
  const sharp = samples.map((_, i) => fallWithin(samples, i, narrow));
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of samples) [lowest, highest] = [Math.min(lowest, value), Math.max(highest, value)];
  const least = LEAST_SPIKE_SHARE * (highest - lowest);
  const spikes: number[] = [];
  for (let i = beside; i < samples.length - beside; i++) {
    const value = sharp[i];
    if (value === 0 || value < least || value < sharp[i - 1] || value <= sharp[i + 1]) continue;
    const fall = (steps: number): number =>
      Math.min(Math.abs(samples[i] - samples[i - steps]), Math.abs(samples[i] - samples[i + steps]));
    if (wide.some((each) => value < SHARP_SHARE * fall(each))) continue;
    let other = 0;
    for (let k = wide[0]; k <= beside; k++) other = Math.max(other, sharp[i - k], sharp[i + k]);
    if (value > SPIKE_RATIO * other) spikes.push(i);
  }
  return spikes;
}

/** Returns the samples on each side of a spike that it is compared with. */
export function spikeReach(rate: number): number {
  return Math.max(2, Math.round(BESIDE_SPIKE_S * rate));
}

/** Joins the spikes of all leads: one spike is in several leads, some samples apart. */
export function unitedSpikes(byLead: readonly (readonly number[])[], rate: number): number[] {
  const all = byLead.flat().sort((a, b) => a - b);
  const apart = Math.round(WIDE_S[0] * rate);
  const spikes: number[] = [];
  for (const spike of all) if (spikes.length === 0 || spike - spikes.at(-1)! > apart) spikes.push(spike);
  return spikes;
}

/** Returns how far a deflection falls within some samples on both sides; 0: the sample is no peak of them. */
function fallWithin(samples: Float32Array, i: number, steps: number): number {
  if (i < steps || i >= samples.length - steps) return 0;
  const [before, after] = [samples[i] - samples[i - steps], samples[i] - samples[i + steps]];
  return before * after <= 0 ? 0 : Math.min(Math.abs(before), Math.abs(after));
}
