/** Explanations of predictions: for every layer, the integrated gradients sum up to the change of the log odds. */
import { describe, expect, it } from "vitest";
import { networkSchema, type NetworkSpec } from "../../src/contract/domain/networks.ts";
import { presets } from "../../src/contract/settings/network-presets.ts";
import { findWasmModule, loadWasmBackend } from "../../src/engine/backends/wasm.ts";
import { loadExplainer, type Explanation } from "../../src/engine/explanations/explain.ts";
import { initialWeights } from "../../src/engine/networks/initial-weights.ts";
import { weightsOf } from "../../src/engine/networks/layer-weights.ts";
import { inputsWithShapes } from "../../src/engine/networks/wiring.ts";
import { loadProcessor } from "../../src/engine/training/load-engine.ts";
import { randomStream, type RandomStream } from "../../src/pipeline/random.ts";
import { customNetworks, shapeOf, type CustomNetwork } from "../support/custom-networks.ts";

const CLASSES = 4;

/** Returns initial weights, with random statistics and biases: a value of 0 or 1 would hide a missing factor. */
function randomWeights(network: NetworkSpec, given: CustomNetwork, random: RandomStream): Float32Array[] {
  const specs = weightsOf(network, shapeOf(given, CLASSES));
  return initialWeights(specs, 1).map((values, i) =>
    specs[i].shape.length > 1 ? values : values.map((value) => value + 0.3 * (random.uniform() - 0.5)),
  );
}

function explain(given: CustomNetwork, seed = 3): Explanation {
  const random = randomStream(seed, "explanation");
  const shape = shapeOf(given, CLASSES);
  const weights = randomWeights(given.network, given, random);
  const explainer = loadExplainer(loadProcessor(), { spec: given.network, shape, weights });
  const rows = (): Float32Array[] =>
    inputsWithShapes(given.network, shape).map(({ size }) =>
      Float32Array.from({ length: size }, () => random.normal()),
    );
  const explanation = explainer.explain(rows(), rows(), 1);
  explainer.close();
  return explanation;
}

const sum = ({ inputs }: Explanation): number =>
  inputs.reduce((all, { integrated }) => all + integrated.reduce((a, b) => a + b, 0), 0);

const cases: readonly CustomNetwork[] = [
  ...customNetworks,
  ...Object.values(presets).map((network) => ({ network, windowLength: 24 })),
];

describe("integrated gradients", () => {
  it.each(cases.map((each) => [each.network.name, each] as const))(
    "sum up to the change of the log odds: %s",
    (_, given) => {
      const explanation = explain(given);
      const { beat, baseline } = explanation.logOdds;
      // The mean of 128 gradients misses some of the corners of a network of ReLUs.
      expect(Math.abs(sum(explanation) - (beat - baseline))).toBeLessThan(
        0.02 * Math.max(1, Math.abs(beat - baseline)),
      );
    },
  );

  it("are the weights times the way for a network without a bend", () => {
    const network = networkSchema.parse({
      name: "linear",
      layers: [{ id: "a", kind: "dense", units: 2, activation: "linear" }],
    });
    const shape = { windowLength: 3, classes: 2 };
    // The identity on the first two values; the output layer passes both on.
    const weights = [
      Float32Array.of(1, 0, 0, 1, 0, 0),
      new Float32Array(2),
      Float32Array.of(1, 0, 0, 1),
      new Float32Array(2),
    ];
    const explainer = loadExplainer(loadWasmBackend(findWasmModule()!, 1), { spec: network, shape, weights });
    const { inputs, logOdds } = explainer.explain([Float32Array.of(2, 1, 5)], [new Float32Array(3)], 0);
    explainer.close();
    // With two classes, the log odds are the difference of the logits.
    expect(Array.from(inputs[0].integrated, (value) => Number(value.toFixed(5)))).toEqual([2, -1, 0]);
    expect(logOdds.beat).toBeCloseTo(1, 5);
    expect(logOdds.baseline).toBeCloseTo(0, 5);
    expect(inputs[0].guided).toBeNull();
  });
});

describe("guided Grad-CAM", () => {
  const network = networkSchema.parse({
    name: "one convolution",
    layers: [
      { id: "conv", kind: "conv1d", filters: 2, kernelSize: 1, activation: "relu" },
      { id: "mean", kind: "global-average-pooling-1d" },
    ],
  });

  it("is the map of the last convolution times the positive gradients", () => {
    const shape = { windowLength: 4, classes: 2 };
    // Channels: x and −x. The first speaks for class 0, the second against it.
    const weights = [Float32Array.of(1, -1), new Float32Array(2), Float32Array.of(1, 0, -1, 0), new Float32Array(2)];
    const explainer = loadExplainer(loadWasmBackend(findWasmModule()!, 1), { spec: network, shape, weights });
    const beat = Float32Array.of(2, -1, 1, 0);
    const { inputs } = explainer.explain([beat], [new Float32Array(4)], 0);
    explainer.close();
    // Map |x|; the gradient of a negative sample comes from the second channel, is negative, and does not pass.
    expect([...inputs[0].guided!]).toEqual([1, 0, 0.5, 0]);
  });

  it("exists for the inputs along whose time a convolution runs", () => {
    const given = customNetworks.find(({ network: { name } }) => name.includes("a sequence of them"))!;
    const { inputs } = explain(given, 4);
    expect(inputs.map(({ id, guided }) => [id, guided !== null])).toEqual([
      ["input", true],
      ["rhythm", false],
      ["sequence", true],
    ]);
    for (const { guided, shape } of inputs) {
      if (guided === null) continue;
      expect(guided).toHaveLength(shape[0] * shape[1]);
      expect(Math.max(...guided)).toBe(1);
      expect(Math.min(...guided)).toBeGreaterThanOrEqual(0);
    }
  });
});
