/**
 * Synthetic recordings, made of the beats of a training recording: early atrial beats, atrial fibrillation, sinus arrhythmia with
 * pauses. Labels of beats that are not normal, and all shapes, are the recording's own.
 *
 * Few patients have atrial ectopy, and each has its rate of it, its coupling interval and its P wave: a network that has seen
 * eighteen of them learns these patients. The families vary just that.
 */
import { medianInPlace } from "../signal/median.ts";
import { randomStream, type RandomStream } from "../random.ts";
import { RECIPE_RATE, type SyntheticFamily } from "../../contract/domain/recipe.ts";
import { rebuildRecording, type BeatEdits } from "./rebuild-recording.ts";

/** Beats of a recording that synthetic ones are made of. */
export interface SourceBeats {
  leadCount: number;
  /** Annotated R-peaks at the recipe's rate. */
  peaks: Int32Array;
  /** Class label of each beat; undefined: excluded. */
  labels: readonly (string | undefined)[];
  /** Whether a beat may be moved: normal, no escape beat, and in sinus rhythm. */
  isSinus: readonly boolean[];
  /** Whether atrial fibrillation or flutter is annotated. */
  hasFibrillation: boolean;
}

/** What the random numbers of a synthetic recording depend on. */
export interface SyntheticIdentity {
  seed: number;
  /** Name of the recording that it is made of. */
  name: string;
  /** Number in {@link familiesOf}. */
  number: number;
}

/** Class of early atrial beats. */
const EARLY_LABEL = "S";
/** Beats at each end that stay as they are. */
const END_BEATS = 3;
/** Shortest RR interval that is made, in s. */
const MIN_RR_S = 0.33;

/**
 * Returns the synthetic recordings of a recording: two with early beats, one with fibrillation unless the recording has it, and one
 * with sinus arrhythmia.
 */
export function familiesOf({ hasFibrillation }: Pick<SourceBeats, "hasFibrillation">): SyntheticFamily[] {
  const families: SyntheticFamily[] = ["early-beats", "early-beats", "fibrillation", "sinus-arrhythmia"];
  return families.filter((family) => family !== "fibrillation" || !hasFibrillation);
}

/** Returns what a synthetic recording changes, by seed, recording and number alone. */
export function planSynthetic(source: SourceBeats, { seed, name, number }: SyntheticIdentity): SyntheticPlan {
  const family = familiesOf(source)[number];
  const random = randomStream(seed, "synthetic-recording", name, number);
  const plan = planOf(source);
  PLANS[family](plan, random);
  plan.rr.forEach((interval, beat) => (plan.rr[beat] = Math.max(MIN_RR_S, interval)));
  return { ...plan, family, random };
}

/** Makes a planned recording. @param leads of the source, filtered, in mV at the recipe's rate */
export function makeSynthetic(
  leads: readonly Float64Array[],
  { peaks }: SourceBeats,
  plan: SyntheticPlan,
): { leads: Float64Array[]; peaks: Int32Array } {
  const rebuilt = rebuildRecording({ leads, peaks }, plan);
  if (plan.family === "fibrillation") addFibrillatoryWaves(rebuilt.leads, plan.random);
  return rebuilt;
}

/** What a family changes. */
interface Plan extends BeatEdits {
  /** RR interval before each beat before the changes, in s. */
  recorded: Float64Array;
  /** Class label of each beat; undefined: excluded. */
  labels: (string | undefined)[];
  /** Whether a beat may be moved. */
  isFree: boolean[];
}

export interface SyntheticPlan extends Plan {
  family: SyntheticFamily;
  /** Stream of the plan, at its end. */
  random: RandomStream;
}

function planOf({ leadCount, peaks, labels, isSinus }: SourceBeats): Plan {
  const count = peaks.length;
  const recorded = Float64Array.from(peaks, (peak, beat) =>
    beat === 0 ? 0.8 : (peak - peaks[beat - 1]) / RECIPE_RATE,
  );
  return {
    recorded,
    rr: recorded.slice(),
    pGains: Array.from({ length: count }, () => Array.from({ length: leadCount }, () => 1)),
    pShifts: new Int32Array(count),
    amplitudes: new Float64Array(count).fill(1),
    labels: [...labels],
    isFree: isSinus.map((isFree, beat) => isFree && beat >= END_BEATS && beat < count - END_BEATS),
  };
}

const PLANS: Record<SyntheticFamily, (plan: Plan, random: RandomStream) => void> = {
  "early-beats": planEarlyBeats,
  fibrillation: planFibrillation,
  "sinus-arrhythmia": planSinusArrhythmia,
};

/** Early beats, single or in runs, at one coupling interval and with one P wave that differs from the sinus one. */
function planEarlyBeats(plan: Plan, random: RandomStream): void {
  const { recorded, rr, isFree, pGains, pShifts, amplitudes, labels } = plan;
  const count = rr.length;
  const usual = Float64Array.from(recorded, (_, beat) => {
    const nearby = recorded.slice(Math.max(0, beat - 15), beat + 16);
    return medianInPlace(nearby, nearby.length);
  });
  const early = between(random, 0.6, 0.9);
  const pause = between(random, 1, 1.4);
  const gains = pGains[0].map(() => between(random, -1, 0.7));
  const shift = Math.trunc(between(random, -12, 12));
  const amplitude = random.uniform() < 0.5 ? 1 : between(random, 0.85, 1.1);
  // From 2 % to 56 % of the beats.
  const share = 10 ** between(random, -1.7, -0.25);
  const runShare = [0, 0.2, 0.5][random.below(3)];
  const runLength = 10 ** between(random, 0.5, 1.6);
  let beat = END_BEATS;
  while (beat < count - END_BEATS) {
    let run = random.uniform() > runShare ? 1 : 2 + Math.floor(exponential(random, runLength));
    if (isFree[beat - 1]) {
      let at = beat;
      const coupling = early + 0.05 * random.normal();
      while (at < Math.min(count - END_BEATS, beat + run) && isFree[at]) {
        rr[at] = usual[at] * within(coupling + 0.02 * random.normal(), 0.45, 0.95);
        pGains[at] = gains.map((gain) => gain + 0.1 * random.normal());
        pShifts[at] = shift;
        amplitudes[at] = amplitude;
        labels[at] = EARLY_LABEL;
        at++;
      }
      if (at > beat && isFree[at]) rr[at] = usual[at] * within(pause + 0.08 * random.normal(), 0.9, 2);
      run = Math.max(1, at - beat);
    }
    beat += run + Math.max(1, Math.floor(exponential(random, (run * (1 - share)) / share)));
  }
}

/** Irregular intervals without P waves. */
function planFibrillation({ recorded, rr, isFree, pGains }: Plan, random: RandomStream): void {
  const irregularity = between(random, 0.1, 0.25);
  const gain = between(random, -0.1, 0.2);
  for (const [beat, isMoved] of isFree.entries()) {
    const factor = Math.exp(irregularity * random.normal());
    if (!isMoved) continue;
    rr[beat] = within(recorded[beat] * factor, 0.34, 2.2);
    pGains[beat] = pGains[beat].map(() => gain);
  }
}

/** A rate that breathes, and pauses. */
function planSinusArrhythmia({ recorded, rr, isFree }: Plan, random: RandomStream): void {
  const depth = between(random, 0.05, 0.15);
  const cycles = between(random, 0.1, 0.35) * 0.8;
  const pauseShare = between(random, 0, 0.03);
  let phase = 0;
  for (const [beat, isMoved] of isFree.entries()) {
    phase += 2 * Math.PI * cycles * between(random, 0.7, 1.3);
    const factor = Math.exp(depth * Math.sin(phase) + 0.01 * random.normal());
    const isPause = random.uniform() < pauseShare;
    const lengthened = between(random, 1.3, 2.2);
    if (!isMoved) continue;
    rr[beat] = within(recorded[beat] * factor, 0.4, 2.5);
    if (isPause) rr[beat] = Math.min(4, rr[beat] * lengthened);
  }
}

/** Samples after which the rate of fibrillatory waves changes. */
const WAVE_SAMPLES = 200;

/** Adds waves of 4.5 to 8 Hz, whose amplitude changes slowly. */
function addFibrillatoryWaves(leads: readonly Float64Array[], random: RandomStream): void {
  const frequency = between(random, 4.5, 8);
  const amplitude = between(random, 0.01, 0.07);
  const amplitudes = leads.map((_, lead) => amplitude * (lead === 0 ? 1 : between(random, 0.5, 2)));
  let [phase, change] = [0, 0];
  for (let i = 0; i < leads[0].length; i++) {
    if (i % WAVE_SAMPLES === 0) change = 0.8 * random.normal();
    phase += (2 * Math.PI * (frequency + change)) / RECIPE_RATE;
    const wave = Math.sin(phase) * (1 + 0.3 * Math.sin((2 * Math.PI * 0.4 * i) / RECIPE_RATE));
    for (const [lead, values] of leads.entries()) values[i] += amplitudes[lead] * wave;
  }
}

function between(random: RandomStream, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

function exponential(random: RandomStream, mean: number): number {
  return -mean * Math.log(1 - random.uniform());
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
