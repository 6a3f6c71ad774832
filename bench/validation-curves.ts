/**
 * A reference network on some beats of a preparation, trained by Ectopy and by Keras on the same beats with separate
 * seeds. Prints the validation loss and accuracy of both for each epoch, tab-separated, once Ectopy has ended: do both
 * curves jump alike?
 *
 *   node bench/validation-curves.ts ann|cnn|lstm PREPARATION_FOLDER BEATS EPOCHS [SEED]
 *
 * BEATS of the training set are drawn to train on, a quarter as many of the validation set to validate.
 * bench/peers/python.ts says which Python runs Keras.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { defaultTraining } from "../src/contract/settings/defaults.ts";
import { networkNames, type TrainingSettings } from "../src/contract/domain/training.ts";
import { createTraining } from "../src/engine/training/create-training.ts";
import { loadPreparation } from "../src/engine/training/preparation-files.ts";
import { loadProcessor } from "../src/engine/training/load-engine.ts";
import { batchSizes, train } from "../src/engine/training/train.ts";
import { INPUT_ID } from "../src/contract/domain/networks.ts";
import { blendRows, epochOrder, fillBatch } from "../src/pipeline/beats/batches.ts";
import { peerProgram } from "./peers/python.ts";

const [name, folder, beatsText, epochsText, seedText = "42"] = process.argv.slice(2);
const network = networkNames.find((each) => each === name);
if (network === undefined || folder === undefined || beatsText === undefined || epochsText === undefined) {
  console.error("usage: node bench/validation-curves.ts ann|cnn|lstm PREPARATION_FOLDER BEATS EPOCHS [SEED]");
  process.exit(2);
}
const [beats, epochs, seed] = [beatsText, epochsText, seedText].map(Number);
const settings: TrainingSettings = { ...defaultTraining(network), epochs, seed, patience: 0 };
const { sets: all, ...preparation } = loadPreparation(folder);
const { source, shape, labels } = preparation;
// Another seed than that of the training's order.
const draw = (set: Uint32Array, count: number): Uint32Array => epochOrder(set, seed + 1, 0).slice(0, count);
const validation = draw(all.validation, Math.ceil(beats / 4));
const sets = { train: draw(all.train, beats), validation, test: validation };

const shared = mkdtempSync(join(tmpdir(), "ectopy-curves-"));
for (const [set, examples] of Object.entries(sets)) {
  const values = new Float32Array(examples.length * source.length);
  const classes = new Int32Array(examples.length);
  fillBatch({ source, inputs: [INPUT_ID], fillRows: blendRows }, examples, [values], classes);
  writeFileSync(join(shared, `${set}.f32`), values);
  writeFileSync(join(shared, `${set}.i32`), classes);
}
const { batch, learningRate } = settings;
const sizes = { window: source.length, classes: labels.length, batch, epochs };
const kerasCase = { network, learningRate, seed, folder: shared, ...sizes };
const { python, script } = peerProgram("validation_curves.py", ["keras"]);
const child = spawn(python, [script, JSON.stringify(kerasCase)], { stdio: ["ignore", "pipe", "inherit"] });
const epochLines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

const training = createTraining(
  { backend: loadProcessor() },
  {
    network,
    shape,
    batches: batchSizes(sets.train.length, settings),
    optimizer: settings.optimizer,
    clipping: settings.clipping,
    seed,
  },
);
try {
  const { epochs: trained } = await train(training, { ...preparation, sets }, settings, {
    onProgress: () => {},
    onEvaluating: () => {},
    onEpoch: () => {},
    signal: new AbortController().signal,
  });
  console.log(["epoch", "validation loss", "accuracy", "Keras' validation loss", "accuracy"].join("\t"));
  for (const { epoch, validationLoss, validationAccuracy } of trained) {
    const next = await epochLines.next();
    if (next.done === true) throw new Error("Keras ended early: its messages are above.");
    const { loss, accuracy } = JSON.parse(next.value) as { loss: number; accuracy: number };
    const values = [validationLoss, validationAccuracy, loss, accuracy].map((value) => value.toFixed(4));
    console.log([epoch, ...values].join("\t"));
  }
} finally {
  child.kill();
  rmSync(shared, { recursive: true, force: true });
}
training.step.dispose();
training.network.dispose();
