/**
 * McNemar's test: whether two classifiers, tried on the same beats, differ by more than chance. McNemar, Psychometrika 12, 1947;
 * the exact form: under the hypothesis that both are as good, the beats that only one of them gets right fall like a coin.
 */
import type { PairedTest } from "../../contract/domain/comparison.ts";

/** @param truth, one, other the true class and what each said, by beat */
export function mcnemar(truth: Uint8Array, one: Uint8Array, other: Uint8Array): PairedTest {
  let [onlyOneCorrect, onlyOtherCorrect, bothCorrect, bothWrong] = [0, 0, 0, 0];
  truth.forEach((number, i) => {
    const [oneRight, otherRight] = [one[i] === number, other[i] === number];
    if (oneRight && otherRight) bothCorrect++;
    else if (oneRight) onlyOneCorrect++;
    else if (otherRight) onlyOtherCorrect++;
    else bothWrong++;
  });
  return {
    bothCorrect,
    onlyOneCorrect,
    onlyOtherCorrect,
    bothWrong,
    pValue: coinPValue(onlyOneCorrect, onlyOtherCorrect),
  };
}

/** Two-sided and exact: 2 · P(at most the fewer of the two, of so many throws), at most 1. */
export function coinPValue(a: number, b: number): number {
  const throws = a + b;
  const fewer = Math.min(a, b);
  if (2 * fewer === throws) return 1;
  // Largest term first: from there on, each is the one before times k / (n − k + 1).
  let term = 1;
  let sum = 0;
  for (let k = fewer; k >= 0 && term > sum * Number.EPSILON; k--) {
    sum += term;
    term *= k / (throws - k + 1);
  }
  const logTerm = logFactorial(throws) - logFactorial(fewer) - logFactorial(throws - fewer) - throws * Math.LN2;
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
