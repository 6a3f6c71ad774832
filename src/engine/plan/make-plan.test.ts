import { describe, expect, it } from "vitest";
import { networkSchema, type NetworkSpec } from "../../contract/domain/networks.ts";
import { optimizerSchema, type ClippingSettings, type OptimizerSettings } from "../../contract/domain/optimization.ts";
import { presets } from "../../contract/settings/network-presets.ts";
import { costsOf } from "./costs.ts";
import { makePlan } from "./make-plan.ts";
import type { KernelName } from "./kernels.ts";
import type { Plan, Program } from "./plan.ts";

const adam = optimizerSchema.parse({ kind: "adam" });

interface Choices {
  batches?: number[];
  optimizer?: OptimizerSettings;
  clipping?: ClippingSettings;
}

function planOf(
  network: NetworkSpec,
  { batches = [8], optimizer = adam, clipping = { kind: "none" } }: Choices = {},
): Plan {
  return makePlan({
    network,
    shape: { windowLength: 16, classes: 3 },
    batches,
    predictedAtOnce: 4,
    optimizer,
    clipping,
  });
}

const network = (...layers: object[]): NetworkSpec => networkSchema.parse({ name: "n", layers });
const calls = ({ calls }: Program): KernelName[] => calls.map(({ kernel }) => kernel);

describe("makePlan", () => {
  it("plans a step forward, backward, and one update of all weights", () => {
    const plan = planOf(network({ id: "hidden", kind: "dense", units: 4, activation: "tanh" }));
    expect(calls(plan.training[0])).toEqual([
      "dense",
      "dense",
      "cross-entropy",
      "dense-weight-gradient",
      "dense-input-gradient",
      "activation-gradient",
      // The beats need no gradient.
      "dense-weight-gradient",
      "adam",
    ]);
    expect(calls(plan.prediction)).toEqual(["dense", "dense", "softmax"]);
    expect(plan.state.trainableFloats).toBeGreaterThanOrEqual(16 * 4 + 4 + 4 * 3 + 3);
    expect(plan.state.slots.map(({ name }) => name)).toEqual(["mean", "square"]);
  });

  it("plans each batch size once, with the same weights", () => {
    const { training, prediction } = planOf(presets.ann, { batches: [8, 3, 8] });
    expect(training.map(({ batch }) => batch)).toEqual([8, 3]);
    const weights = ({ buffers }: Program): unknown[] =>
      buffers.filter(({ name }) => name.endsWith("/kernel")).map(({ name, offset }) => [name, offset]);
    expect(weights(training[1])).toEqual(weights(training[0]));
    expect(weights(prediction)).toEqual(weights(training[0]));
  });

  it("computes a normalization together with its pooling, if nothing else uses it", () => {
    const norm = { id: "norm", kind: "batch-normalization" };
    const pool = (strides?: number): object => ({ id: "pool", kind: "max-pooling-1d", poolSize: 2, strides });
    const flat = { id: "flat", kind: "flatten" };
    expect(calls(planOf(network(norm, pool(), flat)).prediction)).toEqual(["normalize", "dense", "softmax"]);
    expect(calls(planOf(network(norm, pool(1), flat)).prediction)).toEqual([
      "normalize",
      "max-pool",
      "dense",
      "softmax",
    ]);
    const branched = network(
      norm,
      pool(),
      flat,
      { id: "other", kind: "flatten", inputs: ["norm"] },
      {
        id: "both",
        kind: "concatenate",
        inputs: ["flat", "other"],
      },
    );
    expect(calls(planOf(branched).prediction).slice(0, 2)).toEqual(["normalize", "max-pool"]);
  });

  it("adds the gradients of an output that several layers use", () => {
    const dense = (id: string, ...inputs: string[]): object => ({
      id,
      kind: "dense",
      units: 4,
      activation: "linear",
      ...(inputs.length > 0 ? { inputs } : {}),
    });
    const branched = network(dense("first"), dense("a"), dense("b", "first"), {
      id: "sum",
      kind: "add",
      inputs: ["a", "b"],
    });
    const sums = planOf(branched).training[0].calls.filter(({ kernel }) => kernel === "add");
    // Forward, and for the gradient of the first layer.
    expect(sums.map(({ layer }) => layer)).toEqual(["sum", "a"]);
  });

  it.each([
    ["value", "clip-values"],
    ["norm", "clip-norms"],
    ["global-norm", "clip-norms"],
  ] as const)("clips before the update: %s", (kind, kernel) => {
    const optimizer = optimizerSchema.parse({ kind: "sgd", momentum: 0.9 });
    const plan = planOf(presets.ann, { optimizer, clipping: { kind, limit: 1 } });
    expect(calls(plan.training[0]).slice(-2)).toEqual([kernel, "sgd"]);
  });

  it("uses less working memory than its buffers have together", () => {
    // Most memory of an LSTM's step are its gates, from the forward to the backward pass.
    for (const preset of [presets.ann, presets.cnn]) {
      const [step] = planOf(preset).training;
      const all = step.buffers
        .filter(({ region }) => region === "scratch")
        .reduce((sum, { floats }) => sum + floats, 0);
      expect(step.scratchFloats).toBeLessThan(0.9 * all);
    }
  });
});

describe("costsOf", () => {
  it("counts products and their sums, and the bytes of the buffers", () => {
    const [step] = planOf(network({ id: "hidden", kind: "dense", units: 4, activation: "relu" })).training;
    const [dense] = costsOf(step);
    expect(dense.flops).toBe(2 * 8 * 16 * 4);
    expect(dense.bytes).toBe(4 * (8 * 16 + 16 * 4 + 4 + 8 * 4));
  });

  it("counts a convolution's gradient twice, unless its input needs none", () => {
    const conv = (id: string): object => ({ id, kind: "conv1d", filters: 2, kernelSize: 3, activation: "relu" });
    const [step] = planOf(network(conv("a"), conv("b"), { id: "flat", kind: "flatten" })).training;
    const flops = (kernel: KernelName, layer: string): number =>
      costsOf(step)[step.calls.findIndex((call) => call.kernel === kernel && call.layer === layer)].flops;
    expect(flops("conv1d-gradient", "b")).toBe(2 * flops("conv1d", "b"));
    expect(flops("conv1d-gradient", "a")).toBe(flops("conv1d", "a"));
  });
});
