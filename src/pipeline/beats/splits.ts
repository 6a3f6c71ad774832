/**
 * Splits into training, validation and test set: stratified by class, or patient-wise.
 *
 * A split is an array of set numbers (0 training, 1 validation, 2 test), one for each item or patient.
 */
import { EctopyError } from "../../contract/domain/errors.ts";
import { randomStream, shuffle } from "../random.ts";

export type Fractions = readonly [train: number, validation: number, test: number];

/**
 * Returns the sizes of two calls of scikit-learn's `train_test_split`, the first one for the test set:
 * test = ⌈n·test⌉, validation = ⌈rest·validation/(train + validation)⌉.
 */
export function splitSizes(n: number, [train, validation, test]: Fractions): [number, number, number] {
  const testSize = Math.min(n, Math.ceil(n * test));
  const rest = n - testSize;
  const validationSize = Math.min(rest, Math.ceil(rest * (validation / (train + validation))));
  return [rest - validationSize, validationSize, testSize];
}

/**
 * Distributes `draws` over classes in proportion to their counts, by largest remainder (scikit-learn's
 * `_approximate_mode`; equal remainders prefer the lower class, where scikit-learn draws at random).
 */
export function proportionalDraws(counts: ArrayLike<number>, draws: number): Uint32Array {
  const total = Array.from(counts).reduce((a, b) => a + b, 0);
  const shares = Array.from(counts, (count) => (total === 0 ? 0 : (count / total) * draws));
  const result = Uint32Array.from(shares, Math.floor);
  const missing = draws - result.reduce((a, b) => a + b, 0);
  const byRemainder = shares
    .map((share, number) => ({ number, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.number - b.number);
  for (let i = 0; i < missing; i++) result[byRemainder[i].number]++;
  return result;
}

/**
 * Stratified split: each set has each class in exact proportion; the items of a class are assigned uniformly at random.
 * One pass: each item takes one of the remaining places of its class (selection sampling, Knuth 3.4.2 S).
 * @param classes class of each item
 * @param labels class labels; each class has a random stream, so that no class depends on another
 */
export function stratifiedSplit(
  classes: Uint8Array,
  labels: readonly string[],
  fractions: Fractions,
  seed: number,
): Uint8Array {
  const counts = new Uint32Array(labels.length);
  for (const number of classes) counts[number]++;
  const [train, validation] = splitSizes(classes.length, fractions);
  const rest = proportionalDraws(counts, train + validation);
  const places = proportionalDraws(rest, train);
  const inTrain = places;
  const inValidation = rest.map((count, number) => count - places[number]);
  const left = counts.slice();
  const randoms = labels.map((label) => randomStream(seed, "split", label));

  const split = new Uint8Array(classes.length);
  for (let item = 0; item < classes.length; item++) {
    const number = classes[item];
    const place = randoms[number].below(left[number]--);
    if (place < inTrain[number]) {
      inTrain[number]--;
    } else if (place < inTrain[number] + inValidation[number]) {
      inValidation[number]--;
      split[item] = 1;
    } else {
      split[item] = 2;
    }
  }
  return split;
}

/** Random splits that are tried: fewer with many patients, so that the work stays bounded. */
const MAX_TRIES = 4000;
const MIN_TRIES = 50;
const MAX_OPERATIONS = 20_000_000;

/**
 * Patient-wise split: of many random splits the one with the lowest cost. The first criterion is the number of sets
 * that lack a class with two or more patients; the second one is the sum of |share − fraction| over classes and sets,
 * with equal weights of classes.
 * @param counts beats by patient and class, `patients` × `classes`
 * @param fractions shares of two or three sets; they need not add up to 1
 * @throws EctopyError `invalid-settings` with fewer patients than sets
 */
export function patientSplit(
  counts: Uint32Array,
  classes: number,
  fractions: readonly number[],
  seed: number,
): Uint8Array {
  const patients = counts.length / classes;
  if (patients < fractions.length) {
    throw new EctopyError(
      "invalid-settings",
      `The beats of ${patients} patient${patients === 1 ? "" : "s"} cannot be divided into ${fractions.length} sets.`,
      "Use more recordings, or a protocol that splits beats instead of patients.",
    );
  }
  const whole = fractions.reduce((a, b) => a + b, 0);
  const shares = fractions.map((fraction) => fraction / whole);
  const sizes = patientSizes(patients, shares);
  const costOf = splitCost(counts, classes, shares);
  const random = randomStream(seed, "patients");
  const tries = Math.max(MIN_TRIES, Math.min(MAX_TRIES, Math.floor(MAX_OPERATIONS / (patients * classes))));

  const order = Uint32Array.from({ length: patients }, (_, patient) => patient);
  const split = new Uint8Array(patients);
  let best = split.slice();
  let bestCost = Infinity;
  for (let attempt = 0; attempt < tries; attempt++) {
    shuffle(order, random);
    let next = 0;
    sizes.forEach((size, set) => {
      for (const end = next + size; next < end; next++) split[order[next]] = set;
    });
    const cost = costOf(split);
    if (cost < bestCost) {
      bestCost = cost;
      best = split.slice();
    }
  }
  return best;
}

/** Returns the number of patients in each set: in proportion, and at least one. */
function patientSizes(patients: number, shares: readonly number[]): number[] {
  const sizes = Array.from(proportionalDraws(shares, patients));
  for (let set = 0; set < sizes.length; set++) {
    if (sizes[set] > 0) continue;
    sizes[sizes.indexOf(Math.max(...sizes))]--;
    sizes[set]++;
  }
  return sizes;
}

/** Returns a function that computes the cost of a split; lower is better. */
function splitCost(counts: Uint32Array, classes: number, shares: readonly number[]) {
  const patients = counts.length / classes;
  const totals = new Float64Array(classes);
  const patientsWith = new Uint32Array(classes);
  for (let i = 0; i < counts.length; i++) {
    totals[i % classes] += counts[i];
    if (counts[i] > 0) patientsWith[i % classes]++;
  }
  /** A missing class costs more than all differences in shares, which sum up to at most 2 for a class. */
  const missing = 2 * classes + 1;
  const sums = new Float64Array(shares.length * classes);
  return (split: Uint8Array): number => {
    sums.fill(0);
    for (let patient = 0; patient < patients; patient++) {
      for (let c = 0; c < classes; c++) sums[split[patient] * classes + c] += counts[patient * classes + c];
    }
    let cost = 0;
    for (let c = 0; c < classes; c++) {
      if (totals[c] === 0) continue;
      for (let set = 0; set < shares.length; set++) {
        const sum = sums[set * classes + c];
        if (sum === 0 && patientsWith[c] >= 2) cost += missing;
        cost += Math.abs(sum / totals[c] - shares[set]);
      }
    }
    return cost;
  };
}
