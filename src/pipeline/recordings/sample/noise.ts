/** Noise of a Holter recording: breathing, drift, muscle noise, mains hum and electrode motion. */
import type { RandomStream } from "../../random.ts";
import type { Leads } from "./render.ts";

export interface NoiseLevels {
  /** Breathing rate in Hz. */
  breathing: number;
  /** Muscle noise, root mean square in mV. */
  muscle: number;
}

/** Mains frequency, as in the MIT-BIH database. */
const MAINS_HZ = 60;

/** Adds noise to both leads, in mV. */
export function addNoise(leads: Leads, { breathing, muscle }: NoiseLevels, rate: number, random: RandomStream): void {
  for (const lead of leads) {
    addBaseline(lead, breathing, rate, random);
    addMuscle(lead, muscle, rate, random);
    addMains(lead, rate, random);
    addElectrodeMotion(lead, rate, random);
  }
}

/**
 * Adds baseline wander: z₀ of McSharry et al. 2003 (a sine at the breathing rate, 0.15 mV there), and a slow electrode
 * drift.
 */
function addBaseline(lead: Float64Array, breathing: number, rate: number, random: RandomStream): void {
  const amplitude = 0.03 + 0.05 * random.uniform();
  const phase = 2 * Math.PI * random.uniform();
  // First-order autoregression with a time constant of 4 s and a standard deviation of 0.04 mV.
  const keep = Math.exp(-1 / (4 * rate));
  const push = 0.04 * Math.sqrt(1 - keep * keep);
  let drift = 0.04 * random.normal();
  for (let i = 0; i < lead.length; i++) {
    drift = keep * drift + push * random.normal();
    lead[i] += drift + amplitude * Math.sin((2 * Math.PI * breathing * i) / rate + phase);
  }
}

/** Adds muscle noise: white noise, low-pass filtered like by a recorder, with varying strength. */
function addMuscle(lead: Float64Array, rms: number, rate: number, random: RandomStream): void {
  const keep = Math.exp(-1 / (3 * rate));
  const push = Math.sqrt(1 - keep * keep);
  let strength = random.normal();
  let previous = 0;
  // 0.8² + 0.6² = 1: the filter keeps the variance.
  for (let i = 0; i < lead.length; i++) {
    strength = keep * strength + push * (random.uniform() - 0.5) * Math.sqrt(12);
    const white = random.normal();
    lead[i] += rms * Math.exp(0.3 * strength) * (0.8 * white + 0.6 * previous);
    previous = white;
  }
}

function addMains(lead: Float64Array, rate: number, random: RandomStream): void {
  const amplitude = 0.003 + 0.005 * random.uniform();
  const phase = 2 * Math.PI * random.uniform();
  for (let i = 0; i < lead.length; i++) {
    lead[i] += amplitude * Math.sin((2 * Math.PI * MAINS_HZ * i) / rate + phase);
  }
}

/** Adds occasional electrode shifts: the trace leaves its baseline within a quarter of a second, and returns slowly. */
function addElectrodeMotion(lead: Float64Array, rate: number, random: RandomStream): void {
  const seconds = lead.length / rate;
  const shifts = Math.round(seconds / 100) + random.below(2);
  for (let n = 0; n < shifts; n++) {
    const start = Math.floor(random.uniform() * lead.length);
    const height = 0.25 * random.normal();
    const last = Math.min(lead.length, start + 5 * rate);
    for (let i = start; i < last; i++) {
      const time = (i - start) / rate;
      lead[i] += height * (1 - Math.exp(-time / 0.25)) * Math.exp(-time / 0.9);
    }
  }
}
