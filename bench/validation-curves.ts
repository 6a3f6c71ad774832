/**
 * A reference network on a part of a prepared dataset, by Ectopy and by Keras, each with seeds of its own: the validation loss
 * after each epoch, the same beats for both. One line an epoch, tab-separated, when Ectopy has ended. Does one go up and down as the other does?
 *
 *   node bench/validation-curves.ts ann|cnn|lstm PREPARATION_FOLDER BEATS EPOCHS [SEED]
 *
 * BEATS to train on, drawn from the training part; a quarter as many are drawn from the validation part. ECTOPY_PEERS names a
 * Python that has Keras.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { defaultTraining } from "../src/contract/settings/defaults.ts";
import { networkNames, type TrainingSettings } from "../src/contract/domain/training.ts";
import { createTraining } from "../src/engine/training/create-training.ts";
import { loadDataset } from "../src/engine/training/dataset-files.ts";
import { loadTensorFlow } from "../src/engine/tensorflow/tensorflow.ts";
import { batchSizes, train } from "../src/engine/training/train.ts";
import { epochOrder, fillBatch } from "../src/pipeline/beats/batches.ts";

const SCRIPT = `
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import keras, numpy as np
from keras import layers as L

case = json.loads(sys.argv[1])
keras.utils.set_random_seed(case["seed"])
window, classes = case["window"], case["classes"]
def beats(part):
    x = np.fromfile(os.path.join(case["folder"], part + ".f32"), "<f4").reshape(-1, window)
    y = np.fromfile(os.path.join(case["folder"], part + ".i32"), "<i4")
    return (x if case["network"] == "ann" else x[..., None]), y
dropped = lambda units, rate: [L.Dense(units, "relu"), L.BatchNormalization(), L.Dropout(rate)]
conv = lambda filters, size: [L.Conv1D(filters, size, padding="same", activation="relu"), L.BatchNormalization()]
layers = {
    "ann": lambda: [*dropped(256, .3), *dropped(128, .3), L.Dense(64, "relu"), L.Dropout(.2)],
    "cnn": lambda: [*conv(64, 5), L.MaxPooling1D(2), *conv(128, 5), L.MaxPooling1D(2), *conv(256, 3),
                    L.GlobalAveragePooling1D(), L.Dense(128, "relu"), L.Dropout(.4)],
    "lstm": lambda: [L.LSTM(64, return_sequences=True), L.Dropout(.3), L.LSTM(128), L.Dropout(.3), L.Dense(64, "relu")],
}[case["network"]]()
x, y = beats("train")
model = keras.Sequential([L.Input(x.shape[1:]), *layers, L.Dense(classes, "softmax")])
model.compile(keras.optimizers.Adam(case["learningRate"]), "sparse_categorical_crossentropy", metrics=["accuracy"])
told = lambda epoch, logs: print(json.dumps({"loss": logs["val_loss"], "accuracy": logs["val_accuracy"]}), flush=True)
model.fit(x, y, batch_size=case["batch"], epochs=case["epochs"], validation_data=beats("validation"), verbose=0,
          callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=told)])
`;

const [name, folder, beatsText, epochsText, seedText = "42"] = process.argv.slice(2);
const network = networkNames.find((each) => each === name);
if (network === undefined || folder === undefined || beatsText === undefined || epochsText === undefined) {
  console.error("usage: node bench/validation-curves.ts ann|cnn|lstm PREPARATION_FOLDER BEATS EPOCHS [SEED]");
  process.exit(2);
}
const [beats, epochs, seed] = [beatsText, epochsText, seedText].map(Number);
const settings: TrainingSettings = { ...defaultTraining(network), epochs, seed, patience: 0 };
const { source, labels, sets: all } = loadDataset(folder);
// Parts are drawn by another seed than that of the training's own order.
const draw = (part: Uint32Array, count: number): Uint32Array => epochOrder(part, seed + 1, 0).slice(0, count);
const validation = draw(all.validation, Math.ceil(beats / 4));
const sets = { train: draw(all.train, beats), validation, test: validation };

const shared = mkdtempSync(join(tmpdir(), "ectopy-curves-"));
for (const [part, examples] of Object.entries(sets)) {
  const values = new Float32Array(examples.length * source.length);
  const classes = new Int32Array(examples.length);
  fillBatch(source, examples, 0, examples.length, values, classes);
  writeFileSync(join(shared, `${part}.f32`), values);
  writeFileSync(join(shared, `${part}.i32`), classes);
}
const { batch, learningRate } = settings;
const sizes = { window: source.length, classes: labels.length, batch, epochs };
const question = { network, learningRate, seed, folder: shared, ...sizes };
const python = process.env["ECTOPY_PEERS"] ?? "python3";
const child = spawn(python, ["-c", SCRIPT, JSON.stringify(question)], { stdio: ["ignore", "pipe", "inherit"] });
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

const training = createTraining(await loadTensorFlow("bench"), {
  network,
  shape: { windowLength: source.length, classes: labels.length },
  batches: batchSizes(sets.train.length, settings),
  optimizer: settings.optimizer,
  clipping: settings.clipping,
  seed,
  microBatches: 1,
});
try {
  const { epochs: ours } = await train(training, { source, labels, sets }, settings, {
    onProgress: () => {},
    onEvaluating: () => {},
    onEpoch: () => {},
    signal: new AbortController().signal,
  });
  console.log(["epoch", "validation loss", "accuracy", "Keras' validation loss", "accuracy"].join("\t"));
  for (const { epoch, validationLoss, validationAccuracy } of ours) {
    const next = await answers.next();
    if (next.done === true) throw new Error("Keras has ended: ECTOPY_PEERS names a Python that has it?");
    const { loss, accuracy } = JSON.parse(next.value) as { loss: number; accuracy: number };
    const figures = [validationLoss, validationAccuracy, loss, accuracy].map((value) => value.toFixed(4));
    console.log([epoch, ...figures].join("\t"));
  }
} finally {
  child.kill();
  rmSync(shared, { recursive: true, force: true });
}
training.step.dispose();
training.network.dispose();
