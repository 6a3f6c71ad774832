/** Optimizers, clipping and sample weights: compares the graph with the step op by op, and that with arithmetic. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { beforeAll, describe, expect, it } from "vitest";
import {
  optimizerSchema,
  type ClippingSettings,
  type OptimizerSettings,
} from "../../src/contract/domain/optimization.ts";
import { createTraining, type ExecutionMode, type Training } from "../../src/engine/training/create-training.ts";
import { createOptimizer } from "../../src/engine/optimizers/create-optimizer.ts";
import { loadTensorFlow, type LoadedTensorFlow, type TensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import type { Batch } from "../../src/engine/training/training-step.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { largestDifference } from "../support/floats.ts";
import { disposeTraining, trainableWeights } from "../support/tiny-training.ts";

let loaded: LoadedTensorFlow;
let tf: TensorFlow;
beforeAll(async () => {
  loaded = await loadTensorFlow("test");
  tf = loaded.tf;
});

const WINDOW = 16;
const CLASSES = 4;
const BATCH = 8;
const NONE: ClippingSettings = { kind: "none" };

const optimizers = (
  [
    { kind: "adam" },
    { kind: "adamw", weightDecay: 0.1 },
    { kind: "sgd" },
    { kind: "sgd", momentum: 0.9 },
    { kind: "sgd", momentum: 0.9, nesterov: true },
    { kind: "rmsprop" },
    { kind: "rmsprop", rho: 0.95, momentum: 0.5 },
  ] as const
).map((settings) => optimizerSchema.parse(settings));

function create(optimizer: OptimizerSettings, clipping: ClippingSettings, engine: ExecutionMode): Training {
  const shape = { windowLength: WINDOW, classes: CLASSES };
  return createTraining(loaded, { network: "ann", shape, batches: [BATCH], optimizer, clipping, seed: 42 }, engine);
}

/** Sample weights from 0 (ignored) to 2. */
function batchOf(step: number): Batch {
  const random = randomStream(11, step);
  return {
    inputs: [Float32Array.from({ length: BATCH * WINDOW }, () => random.normal())],
    classes: Int32Array.from({ length: BATCH }, () => random.below(CLASSES)),
    weights: Float32Array.from({ length: BATCH }, (_, i) => (i === 0 ? 0 : 2 * random.uniform())),
  };
}

/** A learning rate that decreases from step to step. */
const rateOf = (step: number): number => 0.01 / (1 + step);

function difference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(0, largestDifference(a, b));
}

function expectSame(optimizer: OptimizerSettings, clipping: ClippingSettings): void {
  const [graph, eager] = [create(optimizer, clipping, "graph"), create(optimizer, clipping, "eager")];
  for (let step = 0; step < 6; step++) {
    const [ours, theirs] = [graph, eager].map((training) => training.step.run(batchOf(step), rateOf(step)));
    expect(Math.abs(ours.loss - theirs.loss)).toBeLessThan(1e-5);
  }
  // The same arithmetic in float32, in another order. Measured: at most 4e-7, except for optimizers that divide by √v,
  // where a gradient near 0 moves a weight by a fraction of the rate: 3e-5.
  expect(difference(graph.network.weights(), eager.network.weights())).toBeLessThan(1e-4);
  const [ours, theirs] = [graph.step.state(), eager.step.state()];
  expect(ours.steps).toBe(6);
  expect(theirs.steps).toBe(6);
  expect(difference(ours.slots, theirs.slots)).toBeLessThan(1e-4);
  disposeTraining(graph);
  disposeTraining(eager);
}

describe("the graph's step and the step op by op", () => {
  it.each(optimizers)("change weights and slots equally: $kind %j", (optimizer) => expectSame(optimizer, NONE));

  it.each([
    { kind: "value", limit: 0.01 },
    { kind: "norm", limit: 0.05 },
    { kind: "global-norm", limit: 0.1 },
  ] as const)("clip alike: $kind", (clipping) => expectSame(optimizerSchema.parse({ kind: "sgd" }), clipping));
});

describe("clipping", () => {
  const sgd = optimizerSchema.parse({ kind: "sgd" });
  /** Difference of the trainable weights in one step at a learning rate of 1: the gradient. */
  const gradientOf = (clipping: ClippingSettings): Float32Array[] => {
    const training = create(sgd, clipping, "graph");
    const before = training.network.weights();
    training.step.run(batchOf(1), 1);
    const after = training.network.weights();
    const length = trainableWeights(training.network);
    disposeTraining(training);
    return before.slice(0, length).map((values, i) => values.map((value, k) => value - after[i][k]));
  };
  const norm = (values: Float32Array): number => Math.hypot(...values);

  it("clips by value, by norm or by global norm, and keeps gradients within the limit", () => {
    const free = gradientOf(NONE);
    const lengths = free.map(norm);
    const all = Math.hypot(...lengths);
    // Some gradients are shorter than the limit, some longer.
    const sorted = lengths.toSorted((a, b) => a - b);
    const limit = (sorted[3] + sorted[4]) / 2;
    expect(sorted[3]).toBeLessThan(limit);
    // The gradient is a difference of weights of about 1, which float32 resolves to 6e-8.
    const near = (got: Float32Array[], expected: Float32Array[]): void =>
      expect(difference(got, expected)).toBeLessThan(5e-7);
    near(
      gradientOf({ kind: "value", limit }),
      free.map((values) => values.map((value) => Math.min(limit, Math.max(-limit, value)))),
    );
    near(
      gradientOf({ kind: "norm", limit }),
      free.map((values, i) => values.map((value) => value * Math.min(1, limit / lengths[i]))),
    );
    near(
      gradientOf({ kind: "global-norm", limit }),
      free.map((values) => values.map((value) => (value * limit) / all)),
    );
    near(gradientOf({ kind: "global-norm", limit: 2 * all }), free);
  });
});

describe("sample weights", () => {
  it("multiply the loss of a beat: weight 2 equals the beat twice, over the same number of rows", () => {
    const sgd = optimizerSchema.parse({ kind: "sgd" });
    const { inputs, classes } = batchOf(2);
    const [weighted, plain] = [create(sgd, NONE, "graph"), create(sgd, NONE, "graph")];
    // The ANN normalizes over the batch, so both must contain the same beats: all weights 2 gives twice the loss.
    const two = weighted.step.run({ inputs, classes, weights: new Float32Array(BATCH).fill(2) }, 0.1);
    const one = plain.step.run({ inputs, classes, weights: new Float32Array(BATCH).fill(1) }, 0.2);
    expect(two.loss).toBeCloseTo(2 * one.loss, 5);
    expect(difference(weighted.network.weights(), plain.network.weights())).toBeLessThan(1e-6);
    disposeTraining(weighted);
    disposeTraining(plain);
  });
});

/** Rule of each optimizer, number by number, from its paper or Keras. */
const rules: {
  settings: OptimizerSettings;
  rule: () => (weight: number, g: number, rate: number, t: number) => number;
}[] = [
  {
    settings: optimizerSchema.parse({ kind: "adam" }),
    rule: () => {
      let [m, v] = [0, 0];
      return (weight, g, rate, t) => {
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        return weight - (rate * (Math.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)) * m) / (Math.sqrt(v) + 1e-7);
      };
    },
  },
  {
    settings: optimizerSchema.parse({ kind: "adamw" }),
    rule: () => {
      let [m, v] = [0, 0];
      return (weight, g, rate, t) => {
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        const change = (rate * (Math.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)) * m) / (Math.sqrt(v) + 1e-7);
        return weight - rate * 0.004 * weight - change;
      };
    },
  },
  { settings: optimizerSchema.parse({ kind: "sgd" }), rule: () => (weight, g, rate) => weight - rate * g },
  {
    settings: optimizerSchema.parse({ kind: "sgd", momentum: 0.9 }),
    rule: () => {
      let v = 0;
      return (weight, g, rate) => weight + (v = 0.9 * v - rate * g);
    },
  },
  {
    settings: optimizerSchema.parse({ kind: "sgd", momentum: 0.9, nesterov: true }),
    rule: () => {
      let v = 0;
      return (weight, g, rate) => {
        v = 0.9 * v - rate * g;
        return weight + 0.9 * v - rate * g;
      };
    },
  },
  {
    settings: optimizerSchema.parse({ kind: "rmsprop", momentum: 0.5 }),
    rule: () => {
      let [v, c] = [0, 0];
      return (weight, g, rate) => {
        v = 0.9 * v + 0.1 * g * g;
        c = 0.5 * c + (rate * g) / Math.sqrt(v + 1e-7);
        return weight - c;
      };
    },
  },
];

describe("a rule op by op", () => {
  it.each(rules)("follows its published formula: $settings.kind", ({ settings, rule }) => {
    // The last gradient is so small that ε matters.
    const gradients = [
      [0.5, -2, 1e-6],
      [-0.25, -1, 2e-6],
      [1, 0, -1e-6],
    ];
    const optimizer = createOptimizer(settings);
    const expected = [1, 2, 3];
    const apply = expected.map(() => rule());
    let weight: Tensor = tf.tensor1d(expected);
    let slots: Tensor[] = optimizer.slots.map(() => tf.zeros([3]));
    gradients.forEach((gradient, step) => {
      const rate = rateOf(step) * 10;
      ({ weight, slots } = optimizer.apply(
        tf,
        weight,
        slots,
        tf.tensor1d(gradient),
        optimizer.numbers(step + 1, rate),
      ));
      gradient.forEach((g, i) => (expected[i] = apply[i](expected[i], g, rate, step + 1)));
      // Float32 resolves these numbers to 1e-7; the relative error of 1 − 0.999 is 1e-5.
      weight.dataSync().forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(2e-6));
    });
  });
});
