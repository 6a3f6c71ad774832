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
/** Curvature of a spike, as a multiple of the highest one beside it. */
const SPIKE_CURVATURE = 4;
/** Samples on each side of a spike that belong to it. */
const SPIKE_SAMPLES = 2;
/** Time beside a spike that it is compared with, in s. */
const BESIDE_SPIKE_S = 0.03;

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
 * Returns pacing spikes in a second of a lead: single samples whose curvature exceeds by far that of all samples near
 * them. Spikes at the ends of the second are not found, nor spikes that an anti-aliasing filter has widened.
 */
export function pacingSpikes(samples: Float32Array, rate: number): number[] {
  const beside = Math.max(SPIKE_SAMPLES + 1, Math.round(BESIDE_SPIKE_S * rate));
  const curvature = samples.map((value, i) =>
    i === 0 || i === samples.length - 1 ? 0 : Math.abs(samples[i - 1] - 2 * value + samples[i + 1]),
  );
  const spikes: number[] = [];
  for (let i = beside; i < samples.length - beside; i++) {
    const value = curvature[i];
    if (value === 0 || value < curvature[i - 1] || value <= curvature[i + 1]) continue;
    let highest = 0;
    for (let k = SPIKE_SAMPLES; k <= beside; k++) highest = Math.max(highest, curvature[i - k], curvature[i + k]);
    if (value > SPIKE_CURVATURE * highest && highest > 0) spikes.push(i);
  }
  return spikes;
}
