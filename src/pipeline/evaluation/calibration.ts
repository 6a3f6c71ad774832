/**
 * Calibration: whether a probability of 90 % is right in 90 % of the beats. A temperature divides the logits, so that
 * predicted classes stay as they are. Guo, Pleiss, Sun & Weinberger, On calibration of modern neural networks, ICML 2017.
 */
import type { Reliability, ReliabilityBin } from "../../contract/domain/calibration.ts";
import { predictedClasses } from "./confusion.ts";

/** Keras' `epsilon`: the smallest probability whose logarithm is taken, as in cross-entropy.ts. */
const EPSILON = 1e-7;
/** Bounds of the temperature: beyond them, the validation set has no wrong, or no correct, prediction. */
export const TEMPERATURES = { min: 0.05, max: 20 } as const;
const STEPS = 60;
/** Bins of equal width, as in the paper. */
export const BINS = 15;

/**
 * Returns the temperature with the lowest cross-entropy. The loss is convex in 1/T, so that its derivative is bisected.
 * @param probabilities beats × classes, of the validation set
 * @param truth true class of each beat, at least one
 */
export function fitTemperature(probabilities: Float32Array, classes: number, truth: ArrayLike<number>): number {
  const logs = Float64Array.from(probabilities, (value) => Math.log(Math.max(EPSILON, value)));
  let [low, high]: [number, number] = [1 / TEMPERATURES.max, 1 / TEMPERATURES.min];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (slopeAt(middle, logs, classes, truth) > 0) high = middle;
    else low = middle;
  }
  return 2 / (low + high);
}

/** Returns the derivative of the summed cross-entropy by 1/T: expected minus true logit. */
function slopeAt(inverse: number, logs: Float64Array, classes: number, truth: ArrayLike<number>): number {
  let slope = 0;
  for (let beat = 0; beat < truth.length; beat++) {
    const start = beat * classes;
    let highest = -Infinity;
    for (let c = 0; c < classes; c++) highest = Math.max(highest, logs[start + c]);
    let [sum, expected] = [0, 0];
    for (let c = 0; c < classes; c++) {
      const share = Math.exp(inverse * (logs[start + c] - highest));
      sum += share;
      expected += share * logs[start + c];
    }
    slope += expected / sum - logs[start + truth[beat]];
  }
  return slope;
}

/** Returns the probabilities at a temperature: softmax(ln p / T). @param probabilities beats × classes */
export function withTemperature(probabilities: Float32Array, classes: number, temperature: number): Float32Array {
  const scaled = new Float32Array(probabilities.length);
  for (let start = 0; start < scaled.length; start += classes) {
    let sum = 0;
    for (let c = start; c < start + classes; c++) {
      scaled[c] = Math.max(EPSILON, probabilities[c]) ** (1 / temperature);
      sum += scaled[c];
    }
    for (let c = start; c < start + classes; c++) scaled[c] /= sum;
  }
  return scaled;
}

/**
 * Returns mean probability and accuracy of the predicted class in bins of equal width, and their mean difference weighted
 * by beats: the expected calibration error.
 * @param truth true class of each beat, at least one
 */
export function reliability(probabilities: Float32Array, classes: number, truth: ArrayLike<number>): Reliability {
  const predicted = predictedClasses(probabilities, classes);
  const sums = Array.from({ length: BINS }, () => ({ beats: 0, confidence: 0, correct: 0 }));
  for (let beat = 0; beat < truth.length; beat++) {
    const confidence = probabilities[beat * classes + predicted[beat]];
    // A bin holds its upper bound, as in the paper.
    const sum = sums[Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1))];
    sum.beats++;
    sum.confidence += confidence;
    if (predicted[beat] === truth[beat]) sum.correct++;
  }
  const bins = sums.map(({ beats, confidence, correct }, i): ReliabilityBin => ({
    low: i / BINS,
    high: (i + 1) / BINS,
    beats,
    confidence: beats === 0 ? null : confidence / beats,
    accuracy: beats === 0 ? null : correct / beats,
  }));
  const error = sums.reduce((all, { confidence, correct }) => all + Math.abs(confidence - correct), 0) / truth.length;
  return { bins, error };
}
