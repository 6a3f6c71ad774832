/**
 * Exported models in their target programs: Keras loads the `.h5`, TensorFlow the SavedModel, onnxruntime the ONNX
 * file, and each predicts as the app does. Ectopy reads an `.h5` and a `.keras` that Keras saved. ECTOPY_PYTHON names the Python.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tensor } from "@tensorflow/tfjs";
import { presets } from "../../src/contract/settings/network-presets.ts";
import { kerasConfig } from "../../src/engine/exchange/keras-config.ts";
import { writeKerasH5 } from "../../src/engine/exchange/keras-h5.ts";
import { readKerasModel } from "../../src/engine/exchange/keras-model.ts";
import { saveEnsemble } from "../../src/engine/exchange/model-files.ts";
import { encodeOnnx } from "../../src/engine/exchange/onnx.ts";
import { writeSavedModel } from "../../src/engine/exchange/saved-model.ts";
import { readTrainedModels, weightsInOrder, type TrainedModel } from "../../src/engine/exchange/trained-model.ts";
import { libraryLayers } from "../../src/engine/layers/library-layers.ts";
import { createNetwork } from "../../src/engine/layers/network.ts";
import { inputsUsedBy } from "../../src/engine/networks/wiring.ts";
import { loadTensorFlow, type TensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { ensembleProbabilities } from "../../src/pipeline/evaluation/ensemble.ts";
import type { CustomNetwork } from "../support/custom-networks.ts";
import { loadModel } from "../support/load-model.ts";
import { decodeFloats, encodeFloats } from "../support/floats.ts";
import { askPython, python } from "../support/python.ts";
import { exportedNetworks, modelExample, type ModelExample } from "../support/trained-models.ts";

const SCRIPT = `
import base64, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import numpy as np
try:
    import keras, onnx, onnxruntime, tensorflow as tf
    from keras import layers as L
except ImportError:
    print("null")
    sys.exit()

def decode(text):
    return np.frombuffer(base64.b64decode(text), "<f4")

def encode(array):
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()

def answer(case):
    folder = case["folder"]
    model = keras.models.load_model(f"{folder}/model.h5", compile=False)
    inputs = {tensor.name: decode(case["inputs"][tensor.name]).reshape((-1,) + tensor.shape[1:]) for tensor in model.inputs}
    # ONNX and SavedModel call the beat "beats".
    named = {"beats" if name == "input" else name: values for name, values in inputs.items()}
    serve = lambda beats: served(**{n: tf.constant(v[:beats]) for n, v in named.items()})["probabilities"]
    run = lambda beats: session.run(["probabilities"], {n: v[:beats] for n, v in named.items()})[0]
    # Saved again by Keras itself, for us to read.
    model.save(f"{folder}/again.h5")
    model.save(f"{folder}/again.keras")
    served = tf.saved_model.load(f"{folder}/saved-model").signatures["serving_default"]
    onnx.checker.check_model(onnx.load(f"{folder}/model.onnx"), full_check=True)
    session = onnxruntime.InferenceSession(f"{folder}/model.onnx")
    # One beat too: no format may have the number of beats built in.
    return {
        "keras": encode(model.predict_on_batch(inputs if len(inputs) > 1 else list(inputs.values())[0])),
        "parameters": model.count_params(),
        "savedModel": encode(serve(None)),
        "savedModelOne": encode(serve(1)),
        "onnx": encode(run(None)),
        "onnxOne": encode(run(1)),
        "metadata": session.get_modelmeta().custom_metadata_map,
    }

def sequential(path):
    model = keras.Sequential([L.Input((24, 1)), L.Conv1D(4, 3, activation="relu"), L.MaxPooling1D(2), L.LSTM(5),
                              L.Dropout(0.2), L.Dense(3, activation="softmax")])
    model.save(path)
    beats = np.random.default_rng(1).normal(size=(4, 24, 1)).astype("f4")
    return {"beats": encode(beats), "probabilities": encode(model.predict_on_batch(beats))}

question = json.load(sys.stdin)
json.dump({"cases": {case["name"]: answer(case) for case in question["cases"]},
           "sequential": sequential(question["sequential"])}, sys.stdout)
`;

interface Answer {
  keras: string;
  parameters: number;
  savedModel: string;
  savedModelOne: string;
  onnx: string;
  onnxOne: string;
  metadata: Record<string, string>;
}

/** Largest accepted difference. Measured: below 2e-7. */
const TOLERANCE = 1e-5;

let tf: TensorFlow;
let python3: { cases: Record<string, Answer>; sequential: { beats: string; probabilities: string } } | null = null;
/** Members of an ensemble. Loops of recurrent layers have names in a SavedModel, which must differ. */
const ENSEMBLE = "an ensemble";
const MEMBERS: readonly CustomNetwork[] = [
  { network: presets.lstm, windowLength: 30 },
  { network: presets.lstm, windowLength: 30 },
  {
    network: {
      name: "Deeper",
      layers: [
        { id: "lstm-1", kind: "lstm", units: 5, returnSequences: true },
        { id: "norm-1", kind: "batch-normalization" },
        {
          id: "both",
          kind: "bidirectional",
          layer: { kind: "gru", units: 4, returnSequences: true },
          merge: "average",
        },
        { id: "conv-1", kind: "conv1d", filters: 3, kernelSize: 3, strides: 1, padding: "same", activation: "relu" },
        { id: "average", kind: "global-average-pooling-1d" },
      ],
    },
    windowLength: 30,
  },
];
let members: ModelExample[] = [];
const examples = new Map<string, ModelExample>();
const root = mkdtempSync(join(tmpdir(), "ectopy-formats-"));
const folderOf = (name: string): string => join(root, name.replaceAll(/[^A-Za-z0-9]+/g, "-"));
const sequentialFile = join(root, "sequential.h5");
const about = { classes: ["A", "B"], rate: 360 };

beforeAll(async () => {
  if (python === undefined) return;
  ({ tf } = await loadTensorFlow("test"));
  const cases = [];
  for (const own of exportedNetworks) {
    const { name } = own.network;
    const example = modelExample(tf, own);
    examples.set(name, example);
    const folder = await writeFormats(name, [example.model]);
    const named = inputsUsedBy(own.network).map((id, i) => [id, encodeFloats(example.inputs[i])]);
    cases.push({ name, folder, inputs: Object.fromEntries(named) as object });
  }
  members = MEMBERS.map((own, i) => modelExample(tf, own, i));
  const folder = await writeFormats(
    ENSEMBLE,
    members.map(({ model }) => model),
  );
  saveEnsemble(
    members.map(({ model }) => model),
    folder,
  );
  cases.push({ name: ENSEMBLE, folder, inputs: { input: encodeFloats(members[0].inputs[0]) } });
  python3 = await askPython(SCRIPT, { cases, sequential: sequentialFile });
}, 300_000);
/** Writes models as one file of each format. @returns the folder */
async function writeFormats(name: string, models: readonly TrainedModel[]): Promise<string> {
  const folder = folderOf(name);
  mkdirSync(folder);
  await writeKerasH5(join(folder, "model.h5"), models, about);
  writeSavedModel(join(folder, "saved-model"), models);
  writeFileSync(join(folder, "model.onnx"), encodeOnnx(models, { ectopy: JSON.stringify(about) }));
  return folder;
}
afterAll(() => rmSync(root, { recursive: true, force: true }));

const missing = "needs the Python tools with Keras and onnxruntime (npm run setup -- python)";
const difference = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])), a.length === b.length ? 0 : Infinity);
/** Predictions of Ectopy, from a model that was read. */
function predicted({ model }: Pick<ModelExample, "model">, inputs: readonly Float32Array[]): Float32Array {
  const network = createNetwork(tf, model.spec, model.shape, libraryLayers(tf), 1);
  network.setWeights(weightsInOrder(model));
  const probabilities = network.probabilities(inputs);
  network.dispose();
  return probabilities;
}

describe.each(exportedNetworks.map(({ network }) => network.name))("%s", (name) => {
  it("predicts the same in Keras, TensorFlow and onnxruntime", (ctx) => {
    if (python3 === null) return ctx.skip(missing);
    const { probabilities, model } = examples.get(name)!;
    const answer = python3.cases[name];
    // A model with the same prediction for every beat would prove nothing.
    const first = probabilities.subarray(0, model.shape.classes);
    expect(difference(probabilities.subarray(-model.shape.classes), first)).toBeGreaterThan(10 * TOLERANCE);
    for (const theirs of [answer.keras, answer.savedModel, answer.onnx]) {
      expect(difference(decodeFloats(theirs), probabilities)).toBeLessThan(TOLERANCE);
    }
    for (const theirs of [answer.savedModelOne, answer.onnxOne]) {
      expect(difference(decodeFloats(theirs), first)).toBeLessThan(TOLERANCE);
    }
    const count = [...model.weights.values()].flat().reduce((sum, { values }) => sum + values.length, 0);
    expect(answer.parameters).toBe(count);
    expect(JSON.parse(answer.metadata["ectopy"])).toEqual(about);
  });

  it("is read back unchanged from Ectopy's .h5, and from Keras'", async (ctx) => {
    if (python3 === null) return ctx.skip(missing);
    const { model, inputs, probabilities } = examples.get(name)!;
    const ours = await readKerasModel(join(folderOf(name), "model.h5"));
    // The description is the same, whether an input or a stride was explicit or left out.
    expect(kerasConfig(ours.model.spec, ours.model.shape)).toEqual(kerasConfig(model.spec, model.shape));
    expect(ours.about).toEqual(about);
    expect([...ours.model.weights.keys()].sort()).toEqual([...model.weights.keys()].sort());
    for (const [layer, weights] of model.weights) expect(ours.model.weights.get(layer)).toEqual(weights);
    for (const file of ["again.h5", "again.keras"]) {
      const theirs = await readKerasModel(join(folderOf(name), file));
      expect(theirs.about).toBeNull();
      expect(difference(predicted(theirs, inputs), probabilities), file).toBeLessThan(TOLERANCE);
    }
  });
});

describe(ENSEMBLE, () => {
  it("predicts the mean of its members in Keras, TensorFlow, onnxruntime and TF.js", async (ctx) => {
    if (python3 === null) return ctx.skip(missing);
    const { inputs } = members[0];
    const each = members.map((member) => predicted(member, inputs));
    const mean = ensembleProbabilities(each);
    // Members that agree would prove nothing.
    for (const [i, one] of each.entries())
      expect(difference(one, each[(i + 1) % each.length])).toBeGreaterThan(10 * TOLERANCE);
    const answer = python3.cases[ENSEMBLE];
    for (const theirs of [answer.keras, answer.savedModel, answer.onnx]) {
      expect(difference(decodeFloats(theirs), mean)).toBeLessThan(TOLERANCE);
    }
    const layers = await loadModel(tf, folderOf(ENSEMBLE));
    const beats = tf.tensor(inputs[0], [inputs[0].length / 30, 30, 1]);
    const theirs = layers.predict(beats) as Tensor;
    expect(difference(theirs.dataSync<"float32">(), mean)).toBeLessThan(TOLERANCE);
    tf.dispose([beats, theirs, layers.weights.map((weight) => weight.read())]);
  });

  it("is read back as its members", (ctx) => {
    if (python3 === null) return ctx.skip(missing);
    const specs = members.map(({ model }) => model.spec);
    const read = readTrainedModels(folderOf(ENSEMBLE), specs, members[0].model.shape);
    expect(read.map(({ weights }) => [...weights].sort())).toEqual(
      members.map(({ model }) => [...model.weights].sort()),
    );
  });
});

describe("a model made in Keras", () => {
  it("is read from its .h5", async (ctx) => {
    if (python3 === null) return ctx.skip(missing);
    const { beats, probabilities } = python3.sequential;
    const imported = await readKerasModel(sequentialFile);
    expect(imported.model.spec.layers.map(({ kind }) => kind)).toEqual(["conv1d", "max-pooling-1d", "lstm", "dropout"]);
    expect(difference(predicted(imported, [decodeFloats(beats)]), decodeFloats(probabilities))).toBeLessThan(TOLERANCE);
  });
});
