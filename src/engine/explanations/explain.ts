/**
 * Explains a prediction: which values of the inputs spoke for a class, and which against it.
 *
 * - **Integrated gradients** (Sundararajan et al. 2017): from a baseline to the beat on a straight line, the mean gradient of
 *   the class's log odds times the way. The values sum up to the difference of the log odds.
 * - **Guided Grad-CAM** (Selvaraju et al. 2017) with absolute values: the map of the last convolution, |Σ weight · channel|,
 *   times the guided gradient (Springenberg et al. 2015). It has no sign, and is a second look at the place.
 */
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import type { Backend, LoadedPlan } from "../backends/backend.ts";
import { inputsWithShapes, type NetworkInput } from "../networks/wiring.ts";
import { makeExplanation, type ExplanationPlan } from "../plan/make-explanation.ts";
import type { ExplanationProgram, Program } from "../plan/plan.ts";

export interface ExplainedInput extends Pick<NetworkInput, "id" | "shape"> {
  /** Integrated gradients, in log odds; positive: for the class. Row major, as the shape says. */
  integrated: Float32Array;
  /** Guided Grad-CAM, from 0 to 1, its maximum; null where no convolution runs along the input's time. */
  guided: Float32Array | null;
}

export interface Explanation {
  /** Log odds of the class, ln(p / (1 − p)), of the beat and of the baseline. */
  logOdds: { beat: number; baseline: number };
  inputs: ExplainedInput[];
}

/** Network with its weights, in a network's order (`weightsInOrder`). */
export interface WeightedNetwork {
  spec: NetworkSpec;
  shape: NetworkShape;
  weights: readonly Float32Array[];
}

/** Points on the way from the baseline to the beat, computed this many at once. */
const POINTS = 128;
const BATCH = 32;

/** Smallest sum of other probabilities: beyond it, log odds have no more digits. */
const LEAST_PROBABILITY = 1e-30;

export interface Explainer {
  /**
   * Explains one beat.
   * @param beat values of each input that the network uses, in their order
   * @param baseline the same of a beat that says nothing, such as the mean of the training beats
   * @param label number of the class
   */
  explain(beat: readonly Float32Array[], baseline: readonly Float32Array[], label: number): Explanation;
  /** Releases the memory. */
  close(): void;
}

/** Loads a network that explains its predictions. */
export function loadExplainer(backend: Backend, { spec, shape, weights }: WeightedNetwork): Explainer {
  const plan = makeExplanation({ network: spec, shape, batch: BATCH });
  const loaded = backend.load(plan, 1);
  loaded.download();
  plan.state.weights.forEach(({ offset }, i) => loaded.memory.state.set(weights[i], offset));
  loaded.upload();
  const given = inputsWithShapes(spec, shape);
  return {
    explain(beat, baseline, label) {
      const { integrated, logOdds } = integrate({ plan, loaded, classes: shape.classes }, { beat, baseline, label });
      const guided = guide({ plan, loaded, classes: shape.classes }, given, { beat, label });
      return {
        logOdds,
        inputs: given.map(({ id, shape: of }, i) => ({ id, shape: of, integrated: integrated[i], guided: guided[i] })),
      };
    },
    close: () => loaded.close(),
  };
}

/**
 * Returns the means of several networks' explanations of one beat: their integrated gradients sum up to the difference of the
 * mean log odds. @param explanations at least one
 */
export function meanExplanation(explanations: readonly Explanation[]): Explanation {
  const [first] = explanations;
  if (explanations.length === 1) return first;
  const mean = (of: (explanation: Explanation) => number): number =>
    explanations.reduce((sum, each) => sum + of(each), 0) / explanations.length;
  return {
    logOdds: { beat: mean(({ logOdds }) => logOdds.beat), baseline: mean(({ logOdds }) => logOdds.baseline) },
    inputs: first.inputs.map(({ id, shape, integrated }, i) => ({
      ...{ id, shape },
      integrated: integrated.map((_, j) => mean(({ inputs }) => inputs[i].integrated[j])),
      guided: meanOfGuided(explanations.flatMap(({ inputs }) => inputs[i].guided ?? [])),
    })),
  };
}

/** Returns the mean of guided maps, scaled to a maximum of 1; null without any. */
function meanOfGuided(maps: readonly Float32Array[]): Float32Array | null {
  if (maps.length === 0) return null;
  const sums = maps[0].map((_, j) => maps.reduce((sum, map) => sum + map[j], 0));
  const largest = sums.reduce((a, b) => Math.max(a, b), 0);
  return largest > 0 ? sums.map((value) => value / largest) : sums;
}

interface Loaded {
  plan: ExplanationPlan;
  loaded: LoadedPlan;
  classes: number;
}

interface Question {
  beat: readonly Float32Array[];
  baseline: readonly Float32Array[];
  label: number;
}

/** Returns the integrated gradients by each input. The way is cut into equal pieces; each has its middle as its point. */
function integrate(
  { plan, loaded, classes }: Loaded,
  { beat, baseline, label }: Question,
): { integrated: Float32Array[]; logOdds: Explanation["logOdds"] } {
  const sums = beat.map((values) => new Float64Array(values.length));
  for (let first = 0; first < POINTS; first += BATCH) {
    const rows = beat.map((values, i) => {
      const batch = new Float32Array(BATCH * values.length);
      for (let row = 0; row < BATCH; row++) {
        const way = (first + row + 0.5) / POINTS;
        for (let j = 0; j < values.length; j++) {
          batch[row * values.length + j] = baseline[i][j] + way * (values[j] - baseline[i][j]);
        }
      }
      return batch;
    });
    const probabilities = predict(plan, loaded, rows);
    gradients(plan.plain, loaded, rows, logOddsWeights(probabilities, classes, label)).forEach((of, i) => {
      const { length } = sums[i];
      for (let k = 0; k < of.length; k++) sums[i][k % length] += of[k] / POINTS;
    });
  }
  const [ends] = [beat.map((values, i) => firstRows([values, baseline[i]]))];
  const probabilities = predict(plan, loaded, ends);
  const at = (row: number): number => logOddsOf(probabilities.subarray(row * classes, (row + 1) * classes), label);
  return {
    integrated: sums.map((sum, i) => Float32Array.from(sum, (mean, j) => mean * (beat[i][j] - baseline[i][j]))),
    logOdds: { beat: at(0), baseline: at(1) },
  };
}

/** Returns guided Grad-CAM by each input; null where it has no convolution along its time. */
function guide(
  { plan, loaded, classes }: Loaded,
  inputs: readonly NetworkInput[],
  { beat, label }: Pick<Question, "beat" | "label">,
): (Float32Array | null)[] {
  const { plain, guided } = plan;
  if (plain.maps.length === 0) return inputs.map(() => null);
  const seeds = new Float32Array(BATCH * classes);
  seeds[label] = 1;
  gradients(
    plain,
    loaded,
    beat.map((values) => firstRows([values])),
    seeds,
  );
  const maps = new Map(
    plain.maps.map(({ input, output, gradient, time, channels }) => {
      const size = time * channels;
      const [values, by] = [output, gradient].map((buffer) => feedOf(loaded, plain, buffer).slice(0, size));
      return [input, classMap(values, by, { time, channels })];
    }),
  );
  const passed = gradients(guided, loaded, beat, seeds.subarray(0, classes));
  return inputs.map(({ shape }, i) => {
    const map = maps.get(i);
    if (map === undefined) return null;
    const [time, channels] = shape;
    const product = passed[i].map((gradient, j) => Math.abs(gradient) * stretched(map, Math.floor(j / channels), time));
    const largest = product.reduce((a, b) => Math.max(a, b), 0);
    return largest > 0 ? product.map((value) => value / largest) : product;
  });
}

/** Returns |Σ channel · mean gradient by the channel| at each position of a convolution's output. */
function classMap(
  output: Float32Array,
  gradient: Float32Array,
  { time, channels }: { time: number; channels: number },
): Float64Array {
  const weights = new Float64Array(channels);
  gradient.forEach((value, j) => (weights[j % channels] += value / time));
  return Float64Array.from({ length: time }, (_, t) =>
    Math.abs(weights.reduce((sum, weight, c) => sum + weight * output[t * channels + c], 0)),
  );
}

/** Returns a map's value at a position of an input that is longer, between the positions of the map. */
function stretched(map: Float64Array, position: number, length: number): number {
  const at = Math.min(map.length - 1, Math.max(0, ((position + 0.5) * map.length) / length - 0.5));
  const [low, part] = [Math.floor(at), at % 1];
  return map[low] * (1 - part) + map[Math.min(low + 1, map.length - 1)] * part;
}

/** Returns the gradient of the class's log odds by the logits, for each beat: 1, and −p / Σ p over the other classes. */
export function logOddsWeights(probabilities: Float32Array, classes: number, label: number): Float32Array {
  const weights = new Float32Array(probabilities.length);
  for (let row = 0; row < probabilities.length; row += classes) {
    const others = othersOf(probabilities.subarray(row, row + classes), label);
    for (let c = 0; c < classes; c++) weights[row + c] = c === label ? 1 : -probabilities[row + c] / others;
  }
  return weights;
}

function logOddsOf(probabilities: Float32Array, label: number): number {
  return Math.log(Math.max(probabilities[label], LEAST_PROBABILITY) / othersOf(probabilities, label));
}

function othersOf(probabilities: Float32Array, label: number): number {
  return probabilities.reduce((sum, p, c) => (c === label ? sum : sum + p), LEAST_PROBABILITY);
}

/** Returns rows of a batch, of which the first are given and the others 0. */
function firstRows(rows: readonly Float32Array[]): Float32Array {
  const batch = new Float32Array(BATCH * rows[0].length);
  rows.forEach((row, i) => batch.set(row, i * row.length));
  return batch;
}

function predict({ prediction }: ExplanationPlan, loaded: LoadedPlan, rows: readonly Float32Array[]): Float32Array {
  prediction.inputs.forEach((buffer, i) => feedOf(loaded, prediction, buffer).set(rows[i]));
  loaded.run(prediction, 1);
  return feedOf(loaded, prediction, prediction.probabilities).slice();
}

/** Returns the gradients by each input. */
function gradients(
  program: ExplanationProgram,
  loaded: LoadedPlan,
  rows: readonly Float32Array[],
  logitWeights: Float32Array,
): Float32Array[] {
  program.inputs.forEach((buffer, i) => feedOf(loaded, program, buffer).set(rows[i]));
  feedOf(loaded, program, program.logitWeights).set(logitWeights);
  loaded.run(program, 1);
  return program.gradients.map((buffer) => feedOf(loaded, program, buffer).slice());
}

function feedOf({ memory }: LoadedPlan, program: Program, buffer: number): Float32Array {
  const { offset, floats } = program.buffers[buffer];
  return memory.feed.subarray(offset, offset + floats);
}
