/**
 * Groups the beats of a recording by shape into families. Pure and deterministic; beats are read one by one, and memory is that
 * of the families.
 *
 * 1. The leader algorithm (Hartigan, Clustering Algorithms, 1975, ch. 3), in order of time: a beat joins the family whose mean it
 *    correlates with most after alignment, if by {@link JOIN_CORRELATION} and with a similar amplitude; else it founds one. QRS
 *    complexes are compared by correlation as in Krasteva & Jekova (Ann Biomed Eng 35:2065, 2007).
 * 2. Families whose means are alike are joined.
 * 3. Each beat goes to the family of the nearest mean, which no longer changes.
 */
import { align, correlationAt, SHAPE_POINTS, writeShape, type ReadShape } from "./beat-shapes.ts";

/** Correlation from which a beat joins a family, and from which two families are one. */
export const JOIN_CORRELATION = 0.9;
const SAME_CORRELATION = 0.95;
/** A beat that correlates by this much with the family of the beat before it is not compared with the others. */
const SURE_CORRELATION = 0.98;
/** Amplitudes in a family differ by at most this factor from the mean. */
const MAX_AMPLITUDE_RATIO = 2;
/** Families at most; later beats of other shapes join the nearest. Noise would found a family with each beat. */
export const MAX_FAMILIES = 60;

/** The mean shape of a family. */
export interface FamilyMean {
  /** `leads` × `SHAPE_POINTS` values in physical units, each lead without its mean. */
  mean: Float64Array;
  /** The mean, of length 1. */
  unit: Float64Array;
  /** Length of the mean. */
  norm: number;
}

/** Mean shapes that beats are compared with. */
export interface Templates {
  families: readonly FamilyMean[];
}

/** The family of a beat by its shape. */
export interface Membership {
  /** Number of the family in the templates. */
  family: number;
  correlation: number;
  shift: number;
}

class RunningMean implements FamilyMean {
  readonly mean: Float64Array;
  readonly unit: Float64Array;
  norm = 0;
  count = 0;
  constructor(length: number) {
    this.mean = new Float64Array(length);
    this.unit = new Float64Array(length);
  }
  add(values: Float64Array, count = 1): void {
    this.count += count;
    const weight = count / this.count;
    let squares = 0;
    for (let i = 0; i < values.length; i++) {
      this.mean[i] += weight * (values[i] - this.mean[i]);
      squares += this.mean[i] ** 2;
    }
    this.norm = Math.sqrt(squares);
    for (let i = 0; i < values.length; i++) this.unit[i] = this.norm > 0 ? this.mean[i] / this.norm : 0;
  }
}

/**
 * Returns the mean shapes of the families of some beats; none for no beats.
 * @param samples of the R-peaks, ascending @param read reads one beat; its result may be used again
 */
export function findTemplates(samples: Int32Array, read: (sample: number) => ReadShape): Templates {
  const families: RunningMean[] = [];
  let latest = 0;
  let values = new Float64Array();
  for (const sample of samples) {
    const shape = read(sample);
    if (values.length === 0) values = new Float64Array(shape.leads * SHAPE_POINTS);
    const found = nearest(shape, families, latest);
    const joins =
      found !== null &&
      (families.length >= MAX_FAMILIES ||
        (found.correlation >= JOIN_CORRELATION && isSimilar(shape, families[found.family].norm)));
    if (!joins) families.push(new RunningMean(values.length));
    latest = joins ? found.family : families.length - 1;
    writeShape(shape, joins ? found.shift : 0, values);
    families[latest].add(values);
  }
  return { families: joinSame(families) };
}

/** Joins families of one shape, the largest first. */
function joinSame(families: readonly RunningMean[]): RunningMean[] {
  const joined: RunningMean[] = [];
  for (const family of families.toSorted((a, b) => b.count - a.count)) {
    const same = joined.find(
      ({ unit, norm }) =>
        dot(unit, family.unit) >= SAME_CORRELATION &&
        Math.max(norm, family.norm) <= MAX_AMPLITUDE_RATIO * Math.min(norm, family.norm),
    );
    if (same) same.add(family.mean, family.count);
    else joined.push(family);
  }
  return joined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * Returns the family whose mean a beat is nearest to.
 * @param latest family that is compared first: most beats are like the one before
 * @throws RangeError there are no families
 */
export function familyOf(shape: ReadShape, { families }: Templates, latest = 0): Membership {
  const found = nearest(shape, families, latest);
  if (found === null) throw new RangeError("There are no families.");
  return found;
}

/** Families that a beat is aligned with: those that it correlates with most before it is aligned. */
const ALIGNED_FAMILIES = 6;

/** @returns the most alike family of a similar amplitude; where no amplitude is similar, of any */
function nearest(shape: ReadShape, families: readonly FamilyMean[], latest: number): Membership | null {
  if (families.length === 0) return null;
  const first: Membership = { family: latest, ...align(shape, families[latest].unit) };
  if (first.correlation >= SURE_CORRELATION && isSimilar(shape, families[latest].norm)) return first;
  let best: Membership | null = null;
  let any = first;
  for (const family of mostAlike(shape, families)) {
    const found = family === latest ? first : { family, ...align(shape, families[family].unit) };
    if (found.correlation > any.correlation) any = found;
    if (isSimilar(shape, families[family].norm) && found.correlation > (best?.correlation ?? -2)) best = found;
  }
  return best ?? any;
}

/** Families by their correlation without alignment, those of a similar amplitude first. */
function mostAlike(shape: ReadShape, families: readonly FamilyMean[]): number[] {
  const order = Array.from(families, (_, i) => i);
  if (families.length <= ALIGNED_FAMILIES) return order;
  const scores = Float64Array.from(families, ({ unit, norm }) => {
    return correlationAt(shape, unit, 0) - (isSimilar(shape, norm) ? 0 : 2);
  });
  return order.sort((a, b) => scores[b] - scores[a] || a - b).slice(0, ALIGNED_FAMILIES);
}

function isSimilar({ norms }: ReadShape, norm: number): boolean {
  const own = norms[norms.length >> 1];
  return own <= MAX_AMPLITUDE_RATIO * norm && norm <= MAX_AMPLITUDE_RATIO * own;
}
