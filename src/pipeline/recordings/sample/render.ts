/**
 * Renders beats as a noise-free two-lead ECG.
 *
 * McSharry et al. 2003, eq. 1: a point moves on a limit cycle at angular velocity ω = 2π/RR, and its height z follows
 * dz/dt = −Σ aᵢ Δθᵢ exp(−Δθᵢ²/2bᵢ²) − (z − z₀). Within one beat ω is constant, so θ = ωt exactly and the sum integrates
 * to Σ (aᵢbᵢ²/ω) exp(−Δθᵢ²/2bᵢ²): Gaussians in time, of standard deviation bᵢ/ω. They are rendered directly, at a
 * thousandth of a solver's cost. The return to z₀ is omitted: its time constant of 1 s only reverses what the Gaussians
 * themselves return from. z₀, the breathing baseline, is added with the noise. As in ECGSYN, the code published with
 * the paper, time and width of the T wave follow the square root of the RR interval, and the QRS complex does not
 * change.
 */
import type { RandomStream } from "../../random.ts";
import type { BeatSymbol, PlannedBeat, TimeLine } from "./rhythm.ts";
import { fuse, scale, type Morphology, type Shape, type ShapeName, type Wave } from "./shapes.ts";
import type { Conduction, PatientSpec } from "./patients.ts";

export type Leads = [Float64Array, Float64Array];

export interface CleanEcg {
  /** MLII and V1 in mV. */
  leads: Leads;
  /** Sample of each beat's R-peak: the main deflection of its complex in MLII (for `x`, the peak of the P wave). */
  peaks: number[];
}

/**
 * Renders all beats.
 * @param rate sampling rate in Hz
 * @param length number of samples
 * @param breathing breathing rate in Hz, which modulates the height of the complexes
 */
export function renderBeats(
  { beats, fibrillation }: TimeLine,
  { patient, morphology }: { patient: PatientSpec; morphology: Morphology },
  { rate, length, breathing }: { rate: number; length: number; breathing: number },
  random: RandomStream,
): CleanEcg {
  const leads: Leads = [new Float64Array(length), new Float64Array(length)];
  const peaks: number[] = [];
  for (const beat of beats) {
    const atrial = scale(morphology.atrial[beat.atrial], Math.exp(0.06 * random.normal()));
    if (beat.symbol === "x") {
      // The annotation of a blocked P wave is at the peak of that wave.
      const [first] = atrial;
      const center = first?.center ?? 0;
      addWaves(leads, atrial, beat.time - center, rate);
      peaks.push(Math.round(beat.time * rate));
      continue;
    }
    const shape = shapeOf(beat.symbol, patient, morphology, random);
    const height = 1 + 0.05 * Math.sin(2 * Math.PI * breathing * beat.time) + 0.02 * random.normal();
    const qrs = scale(shape.qrs, height);
    addWaves(leads, atrial, beat.time, rate);
    addWaves(leads, qrs, beat.time, rate);
    addWaves(leads, shape.artefact, beat.time, rate);
    addWaves(leads, followRate(scale(shape.repolarisation, Math.exp(0.05 * random.normal())), beat), beat.time, rate);
    peaks.push(mainDeflection(qrs, beat.time, rate, length));
  }
  for (const episode of fibrillation) addFibrillation(leads, episode, rate, random);
  return { leads, peaks };
}

const conductedShape: Record<Conduction, ShapeName> = { normal: "normal", lbbb: "lbbb", rbbb: "rbbb" };

function shapeOf(symbol: BeatSymbol, patient: PatientSpec, morphology: Morphology, random: RandomStream): Shape {
  const { shapes } = morphology;
  const conducted = shapes[conductedShape[patient.conduction]];
  const premature = shapes[patient.focus === "left" ? "pvc-left" : "pvc-right"];
  switch (symbol) {
    case "N":
    case "L":
    case "R":
    case "A":
    case "J":
    case "j":
    case "e":
    case "x":
      return conducted;
    case "V":
      return premature;
    case "a":
      // Too early for the right bundle branch, which is still refractory.
      return shapes.rbbb;
    case "E":
      return shapes.escape;
    case "/":
      return shapes.paced;
    case "F":
      return fuse(conducted, premature, 0.55 + 0.2 * random.uniform());
    case "f":
      return fuse(conducted, shapes.paced, 0.55 + 0.2 * random.uniform());
    case "Q":
      return { ...conducted, qrs: [...scale(conducted.qrs, 0.5), ...strangeWaves(random)] };
  }
}

/** Returns deflections at random positions that no class explains. */
function strangeWaves(random: RandomStream): Wave[] {
  return Array.from({ length: 3 }, () => ({
    center: 0.06 * random.normal(),
    rise: 0.012 + 0.02 * random.uniform(),
    fall: 0.012 + 0.02 * random.uniform(),
    height: [0.35 * random.normal(), 0.35 * random.normal()] as [number, number],
  }));
}

/** Scales ST segment and T wave to the beat's interval. */
function followRate(waves: Wave[], { interval }: PlannedBeat): Wave[] {
  const factor = Math.sqrt(Math.min(1.3, Math.max(0.45, interval)));
  return waves.map(({ center, rise, fall, height }) => ({
    center: center * factor,
    rise: rise * factor,
    fall: fall * factor,
    height,
  }));
}

/** Number of standard deviations beyond which a wave is below a hundredth of the converter's step. */
const reach = 4.5;

function addWaves(leads: Leads, waves: Wave[], time: number, rate: number): void {
  const length = leads[0].length;
  for (const { center, rise, fall, height } of waves) {
    const middle = (time + center) * rate;
    const first = Math.max(0, Math.ceil(middle - reach * rise * rate));
    const last = Math.min(length - 1, Math.floor(middle + reach * fall * rate));
    const [mlii, v1] = height;
    for (let i = first; i <= last; i++) {
      const deviation = (i - middle) / ((i < middle ? rise : fall) * rate);
      const value = Math.exp(-0.5 * deviation * deviation);
      leads[0][i] += mlii * value;
      leads[1][i] += v1 * value;
    }
  }
}

/**
 * Returns the sample within 60 ms of the R-peak's time at which the complex alone has its largest amplitude in MLII.
 */
function mainDeflection(qrs: Wave[], time: number, rate: number, length: number): number {
  const first = Math.max(0, Math.ceil((time - 0.06) * rate));
  const last = Math.min(length - 1, Math.floor((time + 0.06) * rate));
  const around: Leads = [new Float64Array(last - first + 1), new Float64Array(last - first + 1)];
  addWaves(around, qrs, time - first / rate, rate);
  let best = 0;
  for (let i = 1; i < around[0].length; i++) {
    if (Math.abs(around[0][i]) > Math.abs(around[0][best])) best = i;
  }
  return first + best;
}

/**
 * Adds fibrillatory waves: a saw-tooth of about 6 Hz with varying rate and height, larger in V1 (model: Stridh & Sörnmo
 * 2001, IEEE Trans Biomed Eng 48:105, with random processes instead of sines for rate and height).
 */
function addFibrillation(
  leads: Leads,
  { from, to }: TimeLine["fibrillation"][number],
  rate: number,
  random: RandomStream,
): void {
  const base = 5.5 + 1.5 * random.uniform();
  const height = 0.04 + 0.025 * random.uniform();
  const start = Math.max(0, Math.round(from * rate));
  const end = Math.min(leads[0].length, Math.round(to * rate));
  // Rate and height vary as autoregressions with a time constant of a third of a second.
  const keep = Math.exp(-3 / rate);
  const push = Math.sqrt(1 - keep * keep);
  let phase = 0;
  let faster = 0;
  let higher = 0;
  for (let i = start; i < end; i++) {
    faster = keep * faster + push * random.normal();
    higher = keep * higher + push * random.normal();
    phase += (2 * Math.PI * base * (1 + 0.2 * faster)) / rate;
    const wave =
      height * Math.exp(0.35 * higher) * (Math.sin(phase) + 0.4 * Math.sin(2 * phase) + 0.2 * Math.sin(3 * phase));
    leads[0][i] += 0.6 * wave;
    leads[1][i] += 1.2 * wave;
  }
}
