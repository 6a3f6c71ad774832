/**
 * Models as notebooks make them: Keras saves each as .h5 and as .keras, and Ectopy's predictions equal Keras' to 1e-5.
 * ECTOPY_PYTHON names the Python.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultTraining } from "../../src/contract/settings/defaults.ts";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import { findWasmModule, loadWasmBackend } from "../../src/engine/backends/wasm.ts";
import { readKerasModel } from "../../src/engine/exchange/keras-model.ts";
import { weightsInOrder } from "../../src/engine/exchange/trained-model.ts";
import { createPlanTraining } from "../../src/engine/training/plan-training.ts";
import { decodeFloats } from "../support/floats.ts";
import { askPython, python } from "../support/python.ts";

const SCRIPT = `
import base64, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import numpy as np
try:
    import h5py
    import keras
    from keras import layers as L
except ImportError:
    print("null")
    sys.exit()

def encode(array):
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()

def residual():
    i = L.Input((33, 1), name="the.input")
    x = L.ZeroPadding1D(3)(i)
    x = L.Conv1D(4, 7, strides=2, use_bias=False, name="conv.1.a")(x)
    x = L.BatchNormalization(epsilon=1e-5)(x)
    x = L.LeakyReLU()(x)
    y = L.Conv1D(4, 3, padding="same", dilation_rate=2)(x)
    y = L.ReLU()(y)
    x = L.Add()([x, y])
    x = L.GlobalMaxPooling1D()(x)
    return keras.Model(i, L.Softmax()(L.Dense(3, use_bias=False)(x)))

def nested():
    features = keras.Sequential([L.Input((32, 1)), L.Conv1D(3, 5), L.BatchNormalization(), L.MaxPooling1D(2)], name="features")
    return keras.Sequential([L.Input((32, 1)), features, L.Flatten(), L.Dense(4, activation="tanh"), L.Dense(3, activation="softmax")])

def sequential(*layers, shape=(32, 1)):
    return keras.Sequential([L.Input(shape), *layers, L.Dense(3, activation="softmax")])

MODELS = {
    "residual": residual,
    "nested": nested,
    "causal dilated": lambda: sequential(L.Conv1D(4, 3, padding="causal", dilation_rate=4, activation="relu"), L.GlobalAveragePooling1D()),
    "strided dilated valid": lambda: sequential(L.Conv1D(4, 3, dilation_rate=3), L.Conv1D(2, 3, strides=2), L.Flatten()),
    "average pooling": lambda: sequential(L.Conv1D(4, 5), L.AveragePooling1D(3, strides=2), L.SpatialDropout1D(0.2), L.GlobalMaxPooling1D()),
    "same pooling": lambda: sequential(L.Conv1D(4, 5), L.AveragePooling1D(4, padding="same"), L.MaxPooling1D(3, padding="same"), L.Flatten()),
    "padding anywhere": lambda: sequential(L.ZeroPadding1D((2, 3)), L.Conv1D(4, 3, strides=2, padding="causal"), L.ZeroPadding1D(1), L.MaxPooling1D(2), L.GlobalAveragePooling1D(keepdims=True), L.Flatten()),
    "layer normalization": lambda: sequential(L.Conv1D(3, 3, activation="leaky_relu"), L.LayerNormalization(), L.Conv1D(4, 3), L.LayerNormalization(epsilon=1e-6, scale=False), L.GlobalMaxPooling1D(), L.LayerNormalization(center=False), L.Dense(4), L.ReLU(negative_slope=0.1)),
    "leaky rows": lambda: sequential(L.Dense(5), L.LeakyReLU(), L.Dense(4, use_bias=False), L.Activation("elu"), shape=(32,)),
    "plain normalization": lambda: sequential(L.Conv1D(3, 3), L.BatchNormalization(scale=False, center=False, epsilon=0.01), L.GlobalAveragePooling1D()),
    "any length": lambda: sequential(L.Conv1D(4, 5, activation="relu"), L.GlobalMaxPooling1D(), shape=(None, 1)),
    "recurrent": lambda: sequential(L.Bidirectional(L.LSTM(3, return_sequences=True)), L.GRU(4)),
}

def answer(path, model, length):
    beats = np.random.default_rng(7).standard_normal((6, length) + tuple(model.input_shape[2:])).astype("float32")
    return {"path": path, "length": length, "beats": encode(beats), "probabilities": encode(model.predict_on_batch(beats))}

request = json.load(sys.stdin)
answers = {}
for name, make in MODELS.items():
    keras.utils.set_random_seed(3)
    model = make()
    rng = np.random.default_rng(5)
    # No weight at its initial value: means of 0 and variances of 1 would hide errors.
    model.set_weights([np.abs(rng.standard_normal(w.shape)) * 0.5 + 0.01 for w in model.get_weights()])
    for ending in [".h5", ".keras"]:
        path = request["folder"] + "/" + name.replace(" ", "-") + ending
        model.save(path)
        answers[name + ending] = answer(path, model, model.input_shape[1] or 40)
def older(path):
    # Keras 3 does not read Keras 2.0's list of layers: the two dense layers of this case, by hand.
    beats = np.random.default_rng(7).standard_normal((6, 36)).astype("float32")
    with h5py.File(path) as file:
        folder = file["model_weights"]
        layers = [[np.array(folder[n][w]) for w in folder[n].attrs["weight_names"]] for n in folder.attrs["layer_names"]]
    (kernel, bias), (last, output) = layers
    logits = np.maximum(beats @ kernel + bias, 0) @ last + output
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    return {"path": path, "length": 36, "beats": encode(beats), "probabilities": encode(probabilities)}

for path in request["cases"]:
    if "keras-2.0" in path:
        answers[os.path.basename(path)] = older(path)
        continue
    model = keras.models.load_model(path, compile=False)
    answers[os.path.basename(path)] = answer(path, model, model.input_shape[1])
print(json.dumps(answers))
`;

interface Answer {
  path: string;
  length: number;
  beats: string;
  probabilities: string;
}

const names = [
  ...["residual", "nested", "causal dilated", "strided dilated valid", "average pooling", "same pooling"],
  ...["padding anywhere", "layer normalization", "leaky rows"],
  ...["plain normalization", "any length", "recurrent"],
];
const caseFolder = join(import.meta.dirname, "../cases/keras-models");
const cases = readdirSync(caseFolder).filter((name) => /\.(h5|keras)$/.test(name));
const TOLERANCE = 1e-5;

let folder: string;
let answers: Record<string, Answer> | null = null;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-keras-models-"));
  if (python !== undefined)
    answers = await askPython(SCRIPT, { folder, cases: cases.map((name) => join(caseFolder, name)) });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function backend(): Backend {
  const addon = findCpuAddon();
  if (addon !== null) return loadCpuBackend(addon);
  return loadWasmBackend(findWasmModule()!, 1);
}

async function predictions({ path, length, beats }: Answer): Promise<Float32Array> {
  const { model } = await readKerasModel(path, { windowLength: length });
  const { optimizer, clipping, seed } = defaultTraining("ann");
  const { network } = createPlanTraining(backend(), {
    network: model.spec,
    shape: model.shape,
    batches: [1],
    settings: { optimizer, clipping, seed },
  });
  network.setWeights(weightsInOrder(model));
  return network.probabilities([decodeFloats(beats)]);
}

describe("a model made in Keras", () => {
  it.for([...names.flatMap((name) => [`${name}.h5`, `${name}.keras`]), ...cases])(
    "%s predicts as in Keras",
    async (name, ctx) => {
      if (answers === null) return ctx.skip("ECTOPY_PYTHON names no Python with Keras");
      const answer = answers[name];
      const ours = await predictions(answer);
      const theirs = decodeFloats(answer.probabilities);
      expect(ours.length).toBe(theirs.length);
      expect(Math.max(...theirs.map((value, i) => Math.abs(value - ours[i])))).toBeLessThan(TOLERANCE);
    },
  );
});
