/**
 * Compares optimizers, clipping, schedules and sample weights with live Keras: the same initial weights and batches
 * give the same losses and weights. ECTOPY_PYTHON names the Python.
 */
import { presets } from "../../src/contract/settings/network-presets.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import { createPlanTraining, type PlanTraining } from "../../src/engine/training/plan-training.ts";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  optimizerSchema,
  scheduleSchema,
  type ClippingSettings,
  type OptimizerSettings,
} from "../../src/contract/domain/optimization.ts";
import { createGraphTraining, type GraphTraining } from "../../src/engine/training/graph-training.ts";
import type { LayerContext } from "../../src/engine/layers/layer-context.ts";
import type { LayerMaker } from "../../src/engine/layers/library-layers.ts";
import { tfLayers } from "../../src/engine/layers/tf-layers.ts";
import { BEFORE_PLATEAU, learningRateAt } from "../../src/engine/training/learning-rate.ts";
import { tfCrossEntropy } from "../../src/engine/training/loss.ts";
import { createNetwork } from "../../src/engine/layers/network.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { decodeFloats, encodeFloats } from "../support/floats.ts";
import { askPython, python } from "../support/python.ts";
import { disposeTraining, NO_KERNELS } from "../support/tiny-training.ts";

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

decode = lambda text: np.frombuffer(base64.b64decode(text), "<f4")
encode = lambda array: base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()

def optimizer(case, rate):
    o = case["optimizer"]
    clip = {"none": {}, "value": {"clipvalue": case["limit"]}, "norm": {"clipnorm": case["limit"]},
            "global-norm": {"global_clipnorm": case["limit"]}}[case["clipping"]]
    make = keras.optimizers
    if o["kind"] == "adam":
        return make.Adam(rate, beta_1=o["beta1"], beta_2=o["beta2"], epsilon=o["epsilon"], **clip)
    if o["kind"] == "adamw":
        return make.AdamW(rate, weight_decay=o["weightDecay"], beta_1=o["beta1"], beta_2=o["beta2"],
                          epsilon=o["epsilon"], **clip)
    if o["kind"] == "sgd":
        return make.SGD(rate, momentum=float(o["momentum"]), nesterov=o["nesterov"], **clip)
    return make.RMSprop(rate, rho=o["rho"], momentum=float(o["momentum"]), epsilon=o["epsilon"], **clip)

def train(case):
    model = keras.Sequential([L.Input((case["window"],)),
        L.Dense(256, "relu"), L.BatchNormalization(), L.Dense(128, "relu"), L.BatchNormalization(),
        L.Dense(64, "relu"), L.Dense(case["classes"], "softmax")])
    variables = [*model.trainable_weights, *model.non_trainable_weights]
    for weight, text in zip(variables, case["weights"], strict=True):
        weight.assign(decode(text).reshape(weight.shape))
    model.compile(optimizer(case, case["rates"][0]), "sparse_categorical_crossentropy", run_eagerly=True)
    losses = []
    for batch, rate in zip(case["batches"], case["rates"], strict=True):
        model.optimizer.learning_rate.assign(rate)
        model.reset_metrics()
        losses.append(float(model.train_on_batch(decode(batch["values"]).reshape(-1, case["window"]),
            np.array(batch["classes"]), sample_weight=decode(batch["weights"]))))
    return {"losses": losses, "weights": [encode(w.numpy()) for w in variables]}

def schedules(question):
    s = keras.optimizers.schedules
    steps, per = question["steps"], question["stepsPerEpoch"]
    exponential = s.ExponentialDecay(question["rate"], 2 * per, 0.5)
    cosine = s.CosineDecay(0.0, (question["epochs"] - 1) * per, alpha=0.1, warmup_target=question["rate"], warmup_steps=per)
    at = lambda schedule: [float(keras.ops.convert_to_numpy(schedule(step))) for step in steps]
    return {"exponential": at(exponential), "cosine": at(cosine)}

given = json.load(sys.stdin)
json.dump({"trained": [train(case) for case in given["cases"]], "rates": schedules(given["schedules"])}, sys.stdout)
`;

interface KerasAnswer {
  trained: { losses: number[]; weights: string[] }[];
  rates: Record<"exponential" | "cosine", number[]>;
}

const WINDOW = 20;
const CLASSES = 5;
const SIZES = [16, 16, 7, 16];
const RATES = [0.01, 0.005, 0.02, 0.001];
const LIMIT = 0.05;
const SEED = 42;

const cases: { optimizer: OptimizerSettings; clipping: ClippingSettings }[] = [
  ...(
    [
      { kind: "adam" },
      { kind: "adamw", weightDecay: 0.1 },
      { kind: "sgd" },
      { kind: "sgd", momentum: 0.9 },
      { kind: "sgd", momentum: 0.9, nesterov: true },
      { kind: "rmsprop" },
      { kind: "rmsprop", rho: 0.95, momentum: 0.5 },
    ] as const
  ).map((optimizer) => ({ optimizer: optimizerSchema.parse(optimizer), clipping: { kind: "none" } as const })),
  ...(["value", "norm", "global-norm"] as const).map((kind) => ({
    optimizer: optimizerSchema.parse({ kind: "sgd", momentum: 0.9 }),
    clipping: { kind, limit: LIMIT },
  })),
];

const batches = SIZES.map((size, i) => {
  const random = randomStream(5, i);
  return {
    inputs: [Float32Array.from({ length: size * WINDOW }, () => random.normal())],
    classes: Int32Array.from({ length: size }, () => random.below(CLASSES)),
    weights: Float32Array.from({ length: size }, () => 2 * random.uniform()),
  };
});

const schedules = { steps: [0, 1, 9, 10, 11, 25, 39], stepsPerEpoch: 10, epochs: 4, rate: 0.01 };

let loaded: LoadedTensorFlow;
let keras: KerasAnswer | null = null;

/** Without dropout, whose masks differ from Keras'. */
function create({ optimizer, clipping }: (typeof cases)[number]): GraphTraining {
  const { tf } = loaded;
  const context: LayerContext = { maskSeed: null, recorder: null };
  const layers = tfLayers(tf, context);
  const makeLayer: LayerMaker = (spec, shape) => layers(spec.kind === "dropout" ? { ...spec, rate: 0 } : spec, shape);
  const network = createNetwork(tf, "ann", { windowLength: WINDOW, classes: CLASSES }, makeLayer, SEED);
  const settings = { optimizer, clipping, seed: SEED };
  return createGraphTraining(tf, {
    network,
    crossEntropy: tfCrossEntropy(tf),
    context,
    settings,
    sizes: { batches: SIZES, prediction: 1 },
  });
}

function createPlan({ optimizer, clipping }: (typeof cases)[number]): PlanTraining {
  const layers = presets.ann.layers.map((layer) => (layer.kind === "dropout" ? { ...layer, rate: 0 } : layer));
  return createPlanTraining(loadCpuBackend(findCpuAddon()!), {
    network: { ...presets.ann, layers },
    shape: { windowLength: WINDOW, classes: CLASSES },
    batches: SIZES,
    settings: { optimizer, clipping, seed: SEED },
  });
}

beforeAll(async () => {
  if (python === undefined) return;
  loaded = await loadTensorFlow("test");
  const first = create(cases[0]);
  const weights = first.network.weights().map(encodeFloats);
  disposeTraining(first);
  keras = await askPython<KerasAnswer | null>(SCRIPT, {
    cases: cases.map(({ optimizer, clipping }) => ({
      optimizer,
      clipping: clipping.kind,
      limit: LIMIT,
      window: WINDOW,
      classes: CLASSES,
      weights,
      rates: RATES,
      batches: batches.map(({ inputs: [values], classes, weights }) => ({
        values: encodeFloats(values),
        classes: [...classes],
        weights: encodeFloats(weights),
      })),
    })),
    schedules,
  });
});

beforeEach((ctx) => {
  if (python === undefined) ctx.skip("ECTOPY_PYTHON names no Python with Keras");
  if (keras === null) ctx.skip("Python has no Keras: there is none for every Python and processor");
});

describe.each(["graph", "plan"] as const)(
  "Keras and the %s, with sample weights and a changing learning rate",
  (mode) => {
    it.for(cases.map((each, number) => ({ ...each, number })))(
      "give the same losses and weights: $optimizer.kind $number, clipping $clipping.kind",
      ({ number, ...each }, ctx) => {
        if (mode === "plan" && findCpuAddon() === null) return ctx.skip(NO_KERNELS);
        const training = mode === "plan" ? createPlan(each) : create(each);
        const losses = batches.map((batch, i) => training.step.run(batch, RATES[i]).loss);
        const weights = training.network.weights();
        disposeTraining(training);
        const expected = keras!.trained[number];
        // Float32 on both sides, summed in different orders.
        losses.forEach((loss, i) => expect(Math.abs(loss - expected.losses[i])).toBeLessThan(2e-5));
        weights.forEach((values, i) => {
          const theirs = decodeFloats(expected.weights[i]);
          expect(values.length).toBe(theirs.length);
          const largest = values.reduce((m, value, k) => Math.max(m, Math.abs(value - theirs[k])), 0);
          expect(largest).toBeLessThan(5e-5);
        });
      },
    );
  },
);

describe("Keras' schedules", () => {
  it.each([
    { name: "exponential", settings: { kind: "exponential", factor: 0.5, everyEpochs: 2 } },
    { name: "cosine", settings: { kind: "cosine", warmupEpochs: 1, floor: 0.1 } },
  ] as const)("give the same rates: $name", ({ name, settings }) => {
    const { steps, stepsPerEpoch, epochs, rate } = schedules;
    const plan = { learningRate: rate, schedule: scheduleSchema.parse(settings), stepsPerEpoch, epochs };
    // Keras computes in float32.
    steps.forEach((step, i) =>
      expect(learningRateAt(plan, step, BEFORE_PLATEAU)).toBeCloseTo(keras!.rates[name][i], 8),
    );
  });
});
