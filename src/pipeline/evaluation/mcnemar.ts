/**
 * McNemar's test of two classifiers on the same beats (McNemar, Psychometrika 12, 1947), in its exact form: under the
 * null hypothesis of equal accuracy, the beats that only one of them predicts correctly follow a binomial distribution
 * with p = 1/2.
 */
import type { PairedTest } from "../../contract/domain/comparison.ts";

/** Compares two classifiers. @param truth true class of each beat @param one, other predicted classes */
export function mcnemar(truth: Uint8Array, one: Uint8Array, other: Uint8Array): PairedTest {
  let [onlyOneCorrect, onlyOtherCorrect, bothCorrect, bothWrong] = [0, 0, 0, 0];
  truth.forEach((number, i) => {
    const [isOneCorrect, isOtherCorrect] = [one[i] === number, other[i] === number];
    if (isOneCorrect && isOtherCorrect) bothCorrect++;
    else if (isOneCorrect) onlyOneCorrect++;
    else if (isOtherCorrect) onlyOtherCorrect++;
    else bothWrong++;
  });
  return {
    bothCorrect,
    onlyOneCorrect,
    onlyOtherCorrect,
    bothWrong,
    pValue: binomialPValue(onlyOneCorrect, onlyOtherCorrect),
  };
}

/**
 * Returns the p-value of the exact two-sided binomial test with p = 1/2: 2 · P(X ≤ min(a, b)) for a + b trials, at most
 * 1.
 */
export function binomialPValue(a: number, b: number): number {
  const trials = a + b;
  const fewer = Math.min(a, b);
  if (2 * fewer === trials) return 1;
  // Starts with the largest term; each following term is the previous one times k / (n − k + 1).
  let term = 1;
  let sum = 0;
  for (let k = fewer; k >= 0 && term > sum * Number.EPSILON; k--) {
    sum += term;
    term *= k / (trials - k + 1);
  }
  const logTerm = logFactorial(trials) - logFactorial(fewer) - logFactorial(trials - fewer) - trials * Math.LN2;
  return Math.min(1, 2 * Math.exp(logTerm) * sum);
}

/** ln n!, by Stirling's series from 20 on (its error there is below 1e-16). */
function logFactorial(n: number): number {
  if (n < 20) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  const inverse = 1 / n;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}
