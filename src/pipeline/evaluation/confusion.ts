/** Confusion matrix and predicted classes: row = true class, column = predicted class. */
import type { ConfusionMatrix } from "../../contract/domain/evaluation.ts";

/**
 * Counts beats by true and predicted class.
 * @param truth true class of each beat, 0 to classes − 1
 * @param predicted predicted class of each beat
 * @throws RangeError where the lengths differ or a class is out of range
 */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  if (truth.length !== predicted.length) {
    throw new RangeError(`confusionMatrix: ${truth.length} true and ${predicted.length} predicted classes`);
  }
  const matrix = emptyMatrix(classes);
  for (let i = 0; i < truth.length; i++) {
    const row = matrix[truth[i]];
    if (row?.[predicted[i]] === undefined) {
      throw new RangeError(`confusionMatrix: classes ${truth[i]} and ${predicted[i]} of ${classes}`);
    }
    row[predicted[i]]++;
  }
  return matrix;
}

/** Returns a matrix without beats. */
export function emptyMatrix(classes: number): ConfusionMatrix {
  return Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
}

/** Adds a matrix to another one. */
export function addTo(sum: ConfusionMatrix, matrix: ConfusionMatrix): void {
  for (let row = 0; row < sum.length; row++) {
    for (let column = 0; column < sum.length; column++) sum[row][column] += matrix[row][column];
  }
}

/**
 * Returns the most probable class of each beat; of equal probabilities the first.
 * @param probabilities beats × classes
 */
export function predictedClasses(probabilities: Float32Array, classes: number): Uint8Array {
  const predicted = new Uint8Array(probabilities.length / classes);
  for (let beat = 0; beat < predicted.length; beat++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[beat * classes + c] > probabilities[beat * classes + best]) best = c;
    }
    predicted[beat] = best;
  }
  return predicted;
}
