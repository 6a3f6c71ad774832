/**
 * Compares the networks with live Keras: the same initial weights and batches give the same predictions, losses,
 * weights and moving statistics. ECTOPY_PYTHON names the Python. Dropout is off on both sides, since their random
 * numbers differ.
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { optimizerSchema } from "../../src/contract/domain/optimization.ts";
import { presets } from "../../src/contract/settings/network-presets.ts";
import type { LayerSpec, NetworkShape, NetworkSpec } from "../../src/contract/domain/networks.ts";
import { buildNetwork } from "../../src/engine/layers/build-network.ts";
import { createGraphTraining } from "../../src/engine/training/graph-training.ts";
import type { LayerContext } from "../../src/engine/layers/layer-context.ts";
import { libraryCrossEntropy } from "../support/library-cross-entropy.ts";
import { libraryLayers, type LayerMaker } from "../../src/engine/layers/library-layers.ts";
import { tfLayers } from "../../src/engine/layers/tf-layers.ts";
import { tfCrossEntropy } from "../../src/engine/training/loss.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import { createPlanTraining } from "../../src/engine/training/plan-training.ts";
import { createNetwork } from "../../src/engine/layers/network.ts";
import type { Network } from "../../src/engine/networks/network.ts";
import { inputsWithShapes } from "../../src/engine/networks/wiring.ts";
import { loadTensorFlow, type LoadedTensorFlow, type TensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { createEagerStep, type StepSettings, type TrainingStep } from "../../src/engine/training/training-step.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { decodeFloats, encodeFloats } from "../support/floats.ts";
import { customNetworks, randomInputs, shapeOf as shapeWith, type CustomNetwork } from "../support/custom-networks.ts";
import { askPython, python } from "../support/python.ts";
import { isRecurrent } from "../../src/engine/networks/recurrence.ts";
import { batchOf, NO_KERNELS, trainableWeights } from "../support/tiny-training.ts";

/** Reads the cases; writes Keras' results, or null without Keras. Arrays are encoded as base64 of float32. */
const SCRIPT = `
import base64, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import numpy as np
try:
    import keras
    from keras import layers as L
except ImportError:
    print("null")
    sys.exit()

def decode(text):
    return np.frombuffer(base64.b64decode(text), "<f4")

def encode(array):
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()

MERGES = {"concat": "concat", "sum": "sum", "average": "ave", "multiply": "mul"}

def recurrent(spec, **name):
    return {"lstm": L.LSTM, "gru": L.GRU}[spec["kind"]](spec["units"], return_sequences=spec["returnSequences"], **name)

def given(spec, **names):
    """Settings that the layer has: Keras' defaults are Ectopy's."""
    return {theirs: spec[ours] for ours, theirs in names.items() if ours in spec}

def layer_of(s):
    name = dict(name=s["id"])
    return {
        "dense": lambda: L.Dense(s["units"], s["activation"], use_bias=s.get("useBias", True), **name),
        "conv1d": lambda: L.Conv1D(s["filters"], s["kernelSize"], strides=s["strides"], padding=s["padding"],
                                   dilation_rate=s.get("dilation", 1), activation=s["activation"],
                                   use_bias=s.get("useBias", True), **name),
        "zero-padding-1d": lambda: L.ZeroPadding1D((s["before"], s["after"]), **name),
        "layer-normalization": lambda: L.LayerNormalization(**given(s, epsilon="epsilon"), **name),
        "leaky-relu": lambda: L.LeakyReLU(**given(s, negativeSlope="negative_slope"), **name),
        "spatial-dropout-1d": lambda: L.SpatialDropout1D(0, **name),
        "average-pooling-1d": lambda: L.AveragePooling1D(s["poolSize"], **given(s, strides="strides", padding="padding"), **name),
        "global-max-pooling-1d": lambda: L.GlobalMaxPooling1D(**name),
        "batch-normalization": lambda: L.BatchNormalization(**name),
        "activation": lambda: L.Activation(s["activation"], **name),
        "dropout": lambda: L.Dropout(0, **name),
        "gaussian-noise": lambda: L.GaussianNoise(0, **name),
        "max-pooling-1d": lambda: L.MaxPooling1D(s["poolSize"], **given(s, strides="strides", padding="padding"), **name),
        "global-average-pooling-1d": lambda: L.GlobalAveragePooling1D(**name),
        "flatten": lambda: L.Flatten(**name),
        "lstm": lambda: recurrent(s, **name),
        "gru": lambda: recurrent(s, **name),
        "bidirectional": lambda: L.Bidirectional(recurrent(s["layer"]), merge_mode=MERGES[s["merge"]], **name),
        "concatenate": lambda: L.Concatenate(**name),
        "add": lambda: L.Add(**name),
    }[s["kind"]]()

# The reference study's networks once more, as its notebook has them.
STUDY = {
    "ANN": lambda: [L.Dense(256, "relu"), L.BatchNormalization(), L.Dropout(0),
                    L.Dense(128, "relu"), L.BatchNormalization(), L.Dropout(0),
                    L.Dense(64, "relu"), L.Dropout(0)],
    "1D-CNN": lambda: [L.Conv1D(64, 5, padding="same", activation="relu"), L.BatchNormalization(), L.MaxPooling1D(2),
                       L.Conv1D(128, 5, padding="same", activation="relu"), L.BatchNormalization(), L.MaxPooling1D(2),
                       L.Conv1D(256, 3, padding="same", activation="relu"), L.BatchNormalization(),
                       L.GlobalAveragePooling1D(), L.Dense(128, "relu"), L.Dropout(0)],
    "LSTM": lambda: [L.LSTM(64, return_sequences=True), L.Dropout(0), L.LSTM(128), L.Dropout(0), L.Dense(64, "relu")],
}

def settings_of(layer):
    return type(layer).__name__, {key: value for key, value in layer.get_config().items() if key != "name"}

def build(spec, shape, classes):
    tensors = {each["id"]: L.Input(each["shape"], name=each["id"]) for each in shape}
    given = list(tensors.values())
    last = "input"
    for s in spec["layers"]:
        inputs = [tensors[id] for id in s.get("inputs", [last])]
        tensors[s["id"]] = layer_of(s)(inputs if len(inputs) > 1 else inputs[0])
        last = s["id"]
    model = keras.Model(given if len(given) > 1 else given[0], L.Dense(classes, "softmax", name="output")(tensors[last]))
    if spec["name"] in STUDY:
        ours, theirs = model.layers[1:-1], STUDY[spec["name"]]()
        assert [settings_of(layer) for layer in ours] == [settings_of(layer) for layer in theirs], spec["name"]
    # Tracing graphs for a handful of steps would take longer than the steps.
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", run_eagerly=True)
    return model

def weights_of(model, names):
    """In the order of names, (layer, trainable): a model may have its layers in another order than ours."""
    left = {(layer.name, trainable): list(weights)
            for layer in model.layers
            for trainable, weights in ((True, layer.trainable_weights), (False, layer.non_trainable_weights))}
    ordered = [left[layer, trainable].pop(0) for layer, trainable in names]
    assert not any(left.values())
    return ordered

def answer(case):
    shape = case["shape"]
    def values(texts):
        arrays = [decode(text).reshape([-1, *each["shape"]]) for text, each in zip(texts, shape, strict=True)]
        return arrays if len(arrays) > 1 else arrays[0]
    def start():
        model = build(case["network"], shape, case["classes"])
        for weight, text in zip(weights_of(model, case["names"]), case["weights"], strict=True):
            weight.assign(decode(text).reshape(weight.shape))
        return model
    model = start()
    query = values(case["query"])
    before = model.predict_on_batch(query)
    losses = []
    for batch in case["batches"]:
        model.reset_metrics()
        losses.append(float(model.train_on_batch(values(batch["values"]), np.array(batch["classes"]))))
    epoch, fitted = case["epoch"], None
    if epoch is not None:
        fitted = start().fit(values(epoch["values"]), np.array(epoch["classes"]), batch_size=epoch["batch"],
                             epochs=1, shuffle=False, verbose=0)
    return {
        "trainable": int(sum(np.prod(w.shape) for w in model.trainable_weights)),
        "total": model.count_params(),
        "before": encode(before),
        "losses": losses,
        "weights": [encode(w.numpy()) for w in weights_of(model, case["names"])],
        "after": encode(model.predict_on_batch(query)),
        "epochLoss": fitted and float(fitted.history["loss"][0]),
    }

cases = json.load(sys.stdin)
json.dump({case["network"]["name"]: answer(case) for case in cases}, sys.stdout)
`;

interface KerasAnswer {
  trainable: number;
  total: number;
  before: string;
  losses: number[];
  weights: string[];
  after: string;
  epochLoss: number | null;
}

const CLASSES = 14;
const SEED = 42;
const LEARNING_RATE = 1e-3;
const cases: readonly CustomNetwork[] = [
  { network: presets.ann, windowLength: 360 },
  { network: presets.cnn, windowLength: 40 },
  { network: presets.lstm, windowLength: 20 },
  ...customNetworks,
];
/**
 * Three batches are an epoch of 39 beats in batches of 16. The presets then get a batch of one beat, and further
 * batches.
 */
const BATCH = 16;
const epochSizes = [16, 16, 7];
const isPreset = ({ network }: CustomNetwork): boolean => Object.values(presets).includes(network);
const sizesOf = (custom: CustomNetwork): number[] => (isPreset(custom) ? [...epochSizes, 1, 16, 16] : epochSizes);
const QUERY = 9;

interface Batch {
  inputs: Float32Array[];
  classes: Int32Array;
}

function makeBatch(custom: CustomNetwork, size: number, name: string | number): Batch {
  const random = randomStream(3, custom.network.name, name);
  return {
    inputs: randomInputs(custom, size, random),
    classes: Int32Array.from({ length: size }, () => random.below(CLASSES)),
  };
}

const batchesOf = (custom: CustomNetwork): Batch[] => sizesOf(custom).map((size, i) => makeBatch(custom, size, i));
const queryOf = (custom: CustomNetwork): Float32Array[] => makeBatch(custom, QUERY, "query").inputs;

interface ExecutionPath {
  network: Network;
  step: TrainingStep;
}

let loaded: LoadedTensorFlow;
let keras: Record<string, KerasAnswer> | null = null;

/** Every execution path: TF.js's layers, Ectopy's layers op by op, and these as one graph; a plan without TensorFlow. */
const executionPaths: {
  name: string;
  /** Whether the path has a network; every one by default. */
  has?: (network: NetworkSpec) => boolean;
  /** Why the path is missing on this machine, as text. */
  missing?: string;
  create: (custom: CustomNetwork) => ExecutionPath;
}[] = [
  {
    name: "TF.js's layers",
    create: (custom) => {
      const { tf } = loaded;
      const network = createNetwork(tf, custom.network, shapeOf(custom), withoutDropout(libraryLayers(tf)), SEED);
      return { network, step: createEagerStep(tf, network, libraryCrossEntropy(tf), settings, noContext) };
    },
  },
  {
    name: "Ectopy's layers, op by op",
    create: (custom) => {
      const { tf } = loaded;
      const context: LayerContext = { maskSeed: null, recorder: null };
      const network = createNetwork(tf, custom.network, shapeOf(custom), withoutDropout(tfLayers(tf, context)), SEED);
      return { network, step: createEagerStep(tf, network, tfCrossEntropy(tf), settings, context) };
    },
  },
  {
    name: "one graph",
    // It computes recurrent layers by cuDNN (keras-cudnn.test.ts).
    has: (network) => !isRecurrent(network),
    create: asGraph,
  },
  {
    name: "a plan with Ectopy's kernels",
    ...(findCpuAddon() === null ? { missing: NO_KERNELS } : {}),
    create: (custom) =>
      createPlanTraining(loadCpuBackend(findCpuAddon()!), {
        network: networkWithoutDropout(custom.network),
        shape: shapeOf(custom),
        batches: sizesOf(custom),
        settings,
      }),
  },
];

/** Keras draws other random numbers. */
function withoutDrawing(spec: LayerSpec): LayerSpec {
  if ("rate" in spec) return { ...spec, rate: 0 };
  return spec.kind === "gaussian-noise" ? { ...spec, deviation: 0 } : spec;
}

function networkWithoutDropout(network: NetworkSpec): NetworkSpec {
  const layers = network.layers.map(withoutDrawing);
  return { ...network, layers };
}

function asGraph(custom: CustomNetwork): ExecutionPath {
  const { tf } = loaded;
  const context: LayerContext = { maskSeed: null, recorder: null };
  const network = createNetwork(tf, custom.network, shapeOf(custom), withoutDropout(tfLayers(tf, context)), SEED);
  const sizes = { batches: sizesOf(custom), prediction: QUERY };
  return createGraphTraining(tf, { network, crossEntropy: tfCrossEntropy(tf), context, settings, sizes });
}

const settings: StepSettings = {
  optimizer: optimizerSchema.parse({ kind: "adam" }),
  clipping: { kind: "none" },
  seed: SEED,
};
const noContext: LayerContext = { maskSeed: null, recorder: null };

function shapeOf(custom: CustomNetwork): NetworkShape {
  return shapeWith(custom, CLASSES);
}

/** Layer of each weight, and whether it is trainable, in the order of {@link Network.weights}. */
function weightNames(tf: TensorFlow, custom: CustomNetwork): [string, boolean][] {
  const model = buildNetwork(tf, custom.network, shapeOf(custom), libraryLayers(tf), "softmax");
  const names = model.weights.map(({ originalName, trainable }): [string, boolean] => [
    originalName.split("/")[0],
    trainable,
  ]);
  model.dispose();
  return names;
}

function withoutDropout(makeLayer: LayerMaker): LayerMaker {
  return (spec, layout) => makeLayer(withoutDrawing(spec), layout);
}

function largestDifference(ours: Float32Array, theirs: Float32Array): number {
  expect(ours.length).toBe(theirs.length);
  return ours.reduce((largest, value, i) => Math.max(largest, Math.abs(value - theirs[i])), 0);
}

beforeAll(async () => {
  if (python === undefined) return;
  loaded = await loadTensorFlow("test");
  const questions = cases.map((custom) => {
    const { network: first, step } = executionPaths[0].create(custom);
    const weights = first.weights().map(encodeFloats);
    step.dispose();
    first.dispose();
    const batches = batchesOf(custom);
    const epoch = batches.slice(0, epochSizes.length);
    return {
      network: custom.network,
      shape: inputsWithShapes(custom.network, shapeOf(custom)),
      classes: CLASSES,
      names: weightNames(loaded.tf, custom),
      weights,
      query: queryOf(custom).map(encodeFloats),
      batches: batches.map(({ inputs, classes }) => ({ values: inputs.map(encodeFloats), classes: [...classes] })),
      epoch: isPreset(custom)
        ? {
            values: [encodeFloats(Float32Array.from(epoch.flatMap(({ inputs }) => [...inputs[0]])))],
            classes: epoch.flatMap(({ classes }) => [...classes]),
            batch: BATCH,
          }
        : null,
    };
  });
  keras = await askPython(SCRIPT, questions);
  // Keras computes recurrences step by step here, which takes minutes on a busy machine.
}, 900_000);

beforeEach((ctx) => {
  if (python === undefined) ctx.skip("ECTOPY_PYTHON names no Python with Keras");
  if (keras === null) ctx.skip("Python has no Keras: there is none for every Python and processor");
});

describe.each(executionPaths)("Keras and $name", ({ has = () => true, missing, create }) => {
  beforeEach((ctx) => {
    if (missing !== undefined) ctx.skip(missing);
  });

  it.each(cases.filter(({ network }) => has(network)))(
    "give the same parameters, predictions, losses and weights: $network.name",
    (custom) => {
      const expected = keras![custom.network.name];
      const { network, step } = create(custom);
      expect(network.parameters).toEqual({ trainable: expected.trainable, total: expected.total });

      const before = largestDifference(network.probabilities(queryOf(custom)), decodeFloats(expected.before));
      const losses = batchesOf(custom).map(
        ({ inputs, classes }) => step.run({ ...batchOf(new Float32Array(0), classes), inputs }, LEARNING_RATE).loss,
      );
      const lossDifference = Math.max(...losses.map((loss, i) => Math.abs(loss - expected.losses[i])));
      const weights = network
        .weights()
        .map((values, i) => largestDifference(values, decodeFloats(expected.weights[i])));
      const trained = Math.max(...weights.slice(0, trainableWeights(network)));
      const moving = Math.max(0, ...weights.slice(trainableWeights(network)));
      const after = largestDifference(network.probabilities(queryOf(custom)), decodeFloats(expected.after));
      step.dispose();
      network.dispose();

      // Float32 on both sides, summed in different orders. Measured: 2e-7, 2e-6, 2e-5, 8e-7 and 2e-6. Deliberate errors:
      // averaging the unbiased variance moves the statistics by 2e-3 and more, Adam with tfjs' position of ε the losses
      // by 1e-4 and more.
      expect(before).toBeLessThan(1e-5);
      expect(lossDifference).toBeLessThan(2e-5);
      expect(trained).toBeLessThan(5e-5);
      expect(moving).toBeLessThan(1e-5);
      expect(after).toBeLessThan(1e-5);

      // The loss of an epoch is the mean over its beats for every network: the last batch, which is smaller, counts less.
      expect(expected.epochLoss === null).toBe(!isPreset(custom));
      if (expected.epochLoss === null) return;
      const epoch = losses.slice(0, epochSizes.length);
      const beats = epochSizes.reduce((a, b) => a + b);
      const mean = epoch.reduce((sum, loss, i) => sum + loss * epochSizes[i], 0) / beats;
      expect(Math.abs(mean - expected.epochLoss)).toBeLessThan(2e-5);
    },
  );
});
