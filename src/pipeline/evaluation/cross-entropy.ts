/** Mean cross-entropy of predicted probabilities, like Keras' `sparse_categorical_crossentropy`. */

/** Keras' `epsilon`. */
const EPSILON = 1e-7;

/**
 * Returns the mean cross-entropy. Probabilities are clipped to [10⁻⁷, 1 − 10⁻⁷] and scaled to sum 1, because Keras
 * passes their logarithms to TensorFlow as logits.
 * @param probabilities beats × classes
 * @param truth true class of each beat, at least one
 * @returns in nats
 */
export function meanCrossEntropy(probabilities: Float32Array, classes: number, truth: ArrayLike<number>): number {
  let total = 0;
  for (let beat = 0; beat < truth.length; beat++) {
    const start = beat * classes;
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += clip(probabilities[start + c]);
    total += Math.log(sum / clip(probabilities[start + truth[beat]]));
  }
  return total / truth.length;
}

function clip(probability: number): number {
  return Math.min(1 - EPSILON, Math.max(EPSILON, probability));
}
