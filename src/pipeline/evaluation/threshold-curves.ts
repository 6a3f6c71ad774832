/**
 * ROC and precision–recall curves of one class against the others, like scikit-learn's roc_curve, roc_auc_score,
 * precision_recall_curve and average_precision_score. Fawcett, "An introduction to ROC analysis", 2006.
 */
import type { RunCurves, ThresholdCurves } from "../../contract/domain/comparison.ts";

/** True and false positives at each occurring score, from the highest score down. */
export interface ScoreSteps {
  /** Beats of the class, and of the other classes, with this score or a higher one. */
  truePositives: Float64Array;
  falsePositives: Float64Array;
  /** The scores. */
  thresholds: Float32Array;
}

/**
 * Counts true and false positives.
 * @param scores score of each beat, not negative
 * @param isPositive 1 for a beat of the class, else 0
 */
export function scoreSteps(scores: Float32Array, isPositive: Uint8Array): ScoreSteps {
  // Non-negative float32 numbers have the order of their bits, so score and class are sorted as one plain number.
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  const keys = Float64Array.from(bits, (value, i) => 2 * value + isPositive[i]).sort();
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  const thresholds: number[] = [];
  let [positives, negatives] = [0, 0];
  for (let i = keys.length - 1; i >= 0; i--) {
    const isOf = keys[i] % 2;
    positives += isOf;
    negatives += 1 - isOf;
    // Beats with equal scores are one step.
    if (i > 0 && Math.floor(keys[i - 1] / 2) === Math.floor(keys[i] / 2)) continue;
    truePositives.push(positives);
    falsePositives.push(negatives);
    thresholds.push(Math.floor(keys[i] / 2));
  }
  return {
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
    thresholds: new Float32Array(Uint32Array.from(thresholds).buffer),
  };
}

/** Area under the ROC curve, by trapezoids; NaN where the class, or every other class, does not occur. */
export function rocArea({ truePositives, falsePositives }: ScoreSteps): number {
  const [positives, negatives] = [truePositives.at(-1) ?? 0, falsePositives.at(-1) ?? 0];
  let area = 0;
  let [lastTrue, lastFalse] = [0, 0];
  truePositives.forEach((value, i) => {
    area += ((value + lastTrue) / 2) * (falsePositives[i] - lastFalse);
    [lastTrue, lastFalse] = [value, falsePositives[i]];
  });
  return area / (positives * negatives);
}

/** Σ (Rₙ − Rₙ₋₁) Pₙ, without interpolation; NaN where the class does not occur. */
export function averagePrecision({ truePositives, falsePositives }: ScoreSteps): number {
  const positives = truePositives.at(-1) ?? 0;
  let sum = 0;
  let last = 0;
  truePositives.forEach((value, i) => {
    sum += (value - last) * (value / (value + falsePositives[i]));
    last = value;
  });
  return sum / positives;
}

/**
 * Returns both curves with a limited number of points: the ends, and steps evenly along both rates. Areas are computed
 * from all points.
 */
export function thresholdCurves(steps: ScoreSteps, points: number): ThresholdCurves {
  const { truePositives, falsePositives } = steps;
  const [positives, negatives] = [truePositives.at(-1) ?? 0, falsePositives.at(-1) ?? 0];
  const kept = evenly(steps, points);
  const rate = (value: number, of: number): number => (of === 0 ? 0 : value / of);
  return {
    positives,
    negatives,
    rocArea: rocArea(steps),
    averagePrecision: averagePrecision(steps),
    falsePositiveRate: [0, ...kept.map((i) => rate(falsePositives[i], negatives))],
    recall: [0, ...kept.map((i) => rate(truePositives[i], positives))],
    // Precision is undefined before the first beat; scikit-learn sets it to 1.
    precision: [1, ...kept.map((i) => truePositives[i] / (truePositives[i] + falsePositives[i]))],
  };
}

/** Returns steps at which at least one rate has grown by 1/points, and the last step. */
function evenly({ truePositives, falsePositives }: ScoreSteps, points: number): number[] {
  const [positives, negatives] = [truePositives.at(-1) ?? 0, falsePositives.at(-1) ?? 0];
  // Half of the points are spread along each rate.
  const place = (value: number, of: number): number => (of === 0 ? 0 : Math.floor((value / of) * (points / 2)));
  const kept: number[] = [];
  let before: [number, number] = [-1, -1];
  truePositives.forEach((value, i) => {
    const here: [number, number] = [place(value, positives), place(falsePositives[i], negatives)];
    if (i < truePositives.length - 1 && here[0] === before[0] && here[1] === before[1]) return;
    kept.push(i);
    before = here;
  });
  return kept;
}

/** Returns the scores of one class. @param table beats × classes */
export function scoresOf(table: Float32Array, classes: number, number: number): Float32Array {
  const scores = new Float32Array(table.length / classes);
  for (let i = 0; i < scores.length; i++) scores[i] = table[i * classes + number];
  return scores;
}

/**
 * Returns average areas over all classes. `macro`: mean over the classes that occur; `micro`: all beat-class pairs with
 * equal weights.
 * @param table beats × classes
 * @param ofClasses curves of each class, in the order of the table's columns
 */
export function averagedAreas(
  table: Float32Array,
  truth: Uint8Array,
  ofClasses: readonly ThresholdCurves[],
): RunCurves["averages"] {
  const isOf = new Uint8Array(table.length);
  truth.forEach((number, i) => (isOf[i * ofClasses.length + number] = 1));
  const micro = scoreSteps(table, isOf);
  const occurring = ofClasses.filter(({ positives }) => positives > 0);
  const mean = (area: "rocArea" | "averagePrecision"): number =>
    occurring.reduce((sum, curves) => sum + curves[area], 0) / occurring.length;
  return {
    macroRocArea: mean("rocArea"),
    macroAveragePrecision: mean("averagePrecision"),
    microRocArea: rocArea(micro),
    microAveragePrecision: averagePrecision(micro),
  };
}
