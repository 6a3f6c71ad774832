/**
 * Random networks: their description before the build equals the built network, and their graph trains as TF.js does.
 */
import type { SymbolicTensor, Tensor } from "@tensorflow/tfjs-node-gpu";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  activations,
  INPUT_ID,
  layerSchema,
  mergeModes,
  OUTPUT_ID,
  paddings,
  type LayerSpec,
  type NetworkSpec,
} from "../../src/contract/domain/networks.ts";
import { optimizerSchema } from "../../src/contract/domain/optimization.ts";
import { buildNetwork } from "../../src/engine/layers/build-network.ts";
import { createGraphTraining } from "../../src/engine/training/graph-training.ts";
import type { LayerContext } from "../../src/engine/layers/layer-context.ts";
import { libraryCrossEntropy } from "../support/library-cross-entropy.ts";
import { libraryLayers, type LayerMaker } from "../../src/engine/layers/library-layers.ts";
import { tfLayers } from "../../src/engine/layers/tf-layers.ts";
import { tfCrossEntropy } from "../../src/engine/training/loss.ts";
import { createNetwork } from "../../src/engine/layers/network.ts";
import { describeNetwork } from "../../src/engine/networks/describe-network.ts";
import { outputShapeOf } from "../../src/engine/networks/layer-shapes.ts";
import { isRecurrent, isRecurrentLayer } from "../../src/engine/networks/recurrence.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { createEagerStep, type StepSettings } from "../../src/engine/training/training-step.ts";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import { weightsOf } from "../../src/engine/networks/layer-weights.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { compareSteps, tensorFlowTraining, planTraining } from "../support/plan-steps.ts";
import { loadTestGpu, NO_GPU } from "../support/software-gpu.ts";
import { batchOf, NO_KERNELS } from "../support/tiny-training.ts";

let loaded: LoadedTensorFlow;
beforeAll(async () => {
  loaded = await loadTensorFlow("test");
});

const CLASSES = 4;
const RATE = 1e-2;
const noContext: LayerContext = { maskSeed: null, recorder: null };

/** A request for a layer. Options that are invalid at its position are skipped. */
const layerRequest = fc.oneof(
  fc.record({
    kind: fc.constant("dense"),
    units: fc.integer({ min: 1, max: 5 }),
    activation: fc.constantFrom(...activations),
    useBias: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("conv1d"),
    filters: fc.integer({ min: 1, max: 4 }),
    kernelSize: fc.integer({ min: 1, max: 5 }),
    strides: fc.integer({ min: 1, max: 3 }),
    padding: fc.constantFrom(...paddings),
    dilation: fc.integer({ min: 1, max: 3 }),
    activation: fc.constantFrom(...activations),
    useBias: fc.boolean(),
  }),
  fc.record(
    {
      kind: fc.constantFrom("max-pooling-1d", "average-pooling-1d"),
      poolSize: fc.integer({ min: 1, max: 4 }),
      strides: fc.integer({ min: 1, max: 3 }),
      padding: fc.constantFrom(...paddings),
    },
    { requiredKeys: ["kind", "poolSize"] },
  ),
  fc.record({
    kind: fc.constant("zero-padding-1d"),
    before: fc.integer({ min: 0, max: 3 }),
    after: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({
    kind: fc.constantFrom("lstm", "gru"),
    units: fc.integer({ min: 1, max: 4 }),
    returnSequences: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("bidirectional"),
    layer: fc.record({
      kind: fc.constantFrom("lstm", "gru"),
      units: fc.integer({ min: 1, max: 4 }),
      returnSequences: fc.boolean(),
    }),
    merge: fc.constantFrom(...mergeModes),
  }),
  fc.record({ kind: fc.constant("activation"), activation: fc.constantFrom(...activations) }),
  fc.constantFrom(
    { kind: "batch-normalization" },
    { kind: "layer-normalization" },
    { kind: "leaky-relu" },
    { kind: "dropout", rate: 0.5 },
    { kind: "spatial-dropout-1d", rate: 0.5 },
    { kind: "global-max-pooling-1d" },
    { kind: "global-average-pooling-1d" },
    { kind: "flatten" },
    // Inputs: the previous layer and every earlier one that fits.
    { kind: "concatenate" },
    { kind: "add" },
  ),
);

interface RandomNetwork {
  network: NetworkSpec;
  windowLength: number;
}

const networks: fc.Arbitrary<RandomNetwork> = fc
  .record({
    windowLength: fc.integer({ min: 3, max: 12 }),
    requests: fc.array(layerRequest, { minLength: 1, maxLength: 7 }),
  })
  .map(({ windowLength, requests }) => {
    const shapes = new Map<string, readonly number[]>();
    const layers: LayerSpec[] = [];
    const add = (request: object): void => {
      if (layers.length === 0) {
        const isDense = "kind" in request && request.kind === "dense";
        shapes.set(INPUT_ID, isDense ? [windowLength] : [windowLength, 1]);
      }
      const last = layers.at(-1)?.id ?? INPUT_ID;
      const given = layerSchema.parse({ ...request, id: `layer-${layers.length}` });
      const joins = given.kind === "concatenate" || given.kind === "add";
      const fitting = [...shapes].filter(
        ([id, shape]) => id !== last && typeof outputShapeOf(given, [shapes.get(last)!, shape]) !== "string",
      );
      const inputs = joins ? [last, ...fitting.map(([id]) => id)] : [last];
      const shape = outputShapeOf(
        given,
        inputs.map((id) => shapes.get(id)!),
      );
      if (typeof shape === "string") return;
      // TF.js can't train its own layer there: its gradient of unstack fails. Ectopy's can (graph-training.test.ts).
      if (isRecurrentLayer(given) && shapes.get(last)![0] === 1) return;
      layers.push(joins ? { ...given, inputs } : given);
      shapes.set(given.id, shape);
    };
    for (const request of requests) add(request);
    if (layers.length === 0) add({ kind: "flatten" });
    if (shapes.get(layers.at(-1)!.id)!.length === 2) add({ kind: "flatten" });
    return { windowLength, network: { name: "random", layers } };
  });

describe("a network of any layers", () => {
  it.for([
    { by: "the addon", load: loadAddon, missing: NO_KERNELS, numRuns: 40 },
    // SwiftShader compiles the shaders of every network.
    { by: "WebGPU", load: loadTestGpu, missing: NO_GPU, numRuns: 15 },
  ])("trains by a plan like op by op, dropout included, by $by", ({ load, missing, numRuns }, ctx) => {
    const backend = load();
    if (backend === null) return ctx.skip(missing);
    fc.assert(
      fc.property(networks, (given) => {
        const { losses, correct } = compareSteps(
          given,
          planTraining(backend, given),
          tensorFlowTraining(loaded, given),
        );
        expect(correct).toBe(0);
        expect(losses).toBeLessThan(1e-4);
      }),
      { numRuns, seed: 42 },
    );
  });

  it("has the shapes and parameters of its description, with TF.js's layers and with Ectopy's", () => {
    const { tf } = loaded;
    const before = tf.memory().numTensors;
    fc.assert(
      fc.property(networks, ({ network, windowLength }) => {
        const shape = { windowLength, classes: CLASSES };
        const description = describeNetwork(network, shape);
        expect(description.sound).toBe(true);
        const context: LayerContext = { maskSeed: null, recorder: null };
        for (const makeLayer of [libraryLayers(tf), tfLayers(tf, context)]) {
          const model = buildNetwork(tf, network, shape, makeLayer, "linear");
          const size = (weights: typeof model.weights): number =>
            weights.reduce((sum, weight) => sum + (weight.shape as number[]).reduce((a, b) => a * b, 1), 0);
          for (const { id, outputShape, parameters } of [...description.layers, description.output]) {
            const layer = model.getLayer(id);
            expect([id, layer.outputShape]).toEqual([id, [null, ...outputShape!]]);
            expect([id, size(layer.trainableWeights), size(layer.weights)]).toEqual([
              id,
              parameters.trainable,
              parameters.total,
            ]);
          }
          expect(model.getLayer(OUTPUT_ID).outputShape).toEqual([null, CLASSES]);
          const listed = weightsOf(network, shape);
          expect(listed.map(({ shape }) => shape)).toEqual(model.weights.map((weight) => weight.shape));
          expect(listed.map(({ role }) => role)).toEqual(
            model.weights.map((weight) => weight.originalName.split("/").at(-1)),
          );
          expect(listed.map(({ trainable }) => trainable)).toEqual(model.weights.map((weight) => weight.trainable));
          // The described output shape is the computed one.
          const computed = tf.tidy(() => {
            const outputs = network.layers.map(({ id }) => model.getLayer(id).output as SymbolicTensor);
            const tensors = tf
              .model({ inputs: model.inputs, outputs })
              .apply(tf.ones([2, ...description.inputs[0].shape]));
            return ([tensors].flat() as Tensor[]).map(({ size }) => size);
          });
          expect(computed).toEqual(
            description.layers.map(({ outputShape }) => outputShape!.reduce((a, b) => a * b, 2)),
          );
          model.dispose();
        }
      }),
      { numRuns: 60, seed: 42 },
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it("trains as one graph like the layers of TF.js op by op", () => {
    const { tf } = loaded;
    fc.assert(
      fc.property(networks, ({ network, windowLength }) => {
        // As a graph, recurrent layers need cuDNN.
        fc.pre(!isRecurrent(network));
        const shape = { windowLength, classes: CLASSES };
        const settings: StepSettings = {
          optimizer: optimizerSchema.parse({ kind: "adam" }),
          clipping: { kind: "none" },
          seed: 42,
        };
        const context: LayerContext = { maskSeed: null, recorder: null };
        const library = createNetwork(tf, network, shape, withoutDropout(libraryLayers(tf)), 42);
        const eager = createEagerStep(tf, library, libraryCrossEntropy(tf), settings, noContext);
        const ours = createNetwork(tf, network, shape, withoutDropout(tfLayers(tf, context)), 42);
        const sizes = { batches: [5], prediction: 5 };
        const graph = createGraphTraining(tf, {
          network: ours,
          crossEntropy: tfCrossEntropy(tf),
          context,
          settings,
          sizes,
        });
        const random = randomStream(7, "random networks");
        const values = Float32Array.from({ length: 5 * windowLength }, () => random.normal());
        const classes = Int32Array.from({ length: 5 }, () => random.below(CLASSES));
        const batch = batchOf(values, classes);
        // A wrong gradient changes the following losses.
        for (let step = 0; step < 4; step++) {
          const [ourLoss, theirLoss] = [graph.step.run(batch, RATE).loss, eager.run(batch, RATE).loss];
          expect(Math.abs(ourLoss - theirLoss)).toBeLessThan(1e-4);
        }
        for (const each of [graph, { step: eager, network: library }]) {
          each.step.dispose();
          each.network.dispose();
        }
      }),
      { numRuns: 15, seed: 42 },
    );
  });
});

function loadAddon(): Backend | null {
  const addon = findCpuAddon();
  return addon === null ? null : loadCpuBackend(addon);
}

function withoutDropout(makeLayer: LayerMaker): LayerMaker {
  return (spec, layout) => makeLayer("rate" in spec ? { ...spec, rate: 0 } : spec, layout);
}
