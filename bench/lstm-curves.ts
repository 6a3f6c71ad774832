/**
 * The LSTM of the reference study on a preparation, Ectopy and Keras step by step with the same first weights, beats
 * and dropout masks. Prints one line for each step, tab-separated.
 *
 *   node bench/lstm-curves.ts apart    PREPARATION_FOLDER STEPS [SEED] [CLIP]   each updates its weights: how long do both agree?
 *   node bench/lstm-curves.ts together PREPARATION_FOLDER STEPS [SEED] [CLIP]   Keras gets Ectopy's weights before each step
 *
 * CLIP: global norm at which gradients are clipped, 0 for none. bench/peers/python.ts says which Python runs Keras.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { optimizerSchema } from "../src/contract/domain/optimization.ts";
import { createTraining } from "../src/engine/training/create-training.ts";
import { loadPreparation } from "../src/engine/training/preparation-files.ts";
import { loadProcessor } from "../src/engine/training/load-engine.ts";
import { INPUT_ID } from "../src/contract/domain/networks.ts";
import { blendRows, epochOrder, fillBatch } from "../src/pipeline/beats/batches.ts";
import { decodeFloats, encodeFloats } from "../tests/support/floats.ts";
import { peerProgram } from "./peers/python.ts";

const BATCH = 128;
const LEARNING_RATE = 1e-3;

interface Answer {
  loss: number;
  /** Global norm of the gradients before clipping. */
  norm: number;
  gradients: string[];
}

const [mode, folder, stepsText, seedText = "42", clipText = "0"] = process.argv.slice(2);
if ((mode !== "apart" && mode !== "together") || folder === undefined || stepsText === undefined) {
  console.error("usage: node bench/lstm-curves.ts apart|together PREPARATION_FOLDER STEPS [SEED] [CLIP]");
  process.exit(2);
}
const [steps, seed, clip] = [stepsText, seedText, clipText].map(Number);
const { source, shape, sets, labels } = loadPreparation(folder);
const filling = { source, inputs: [INPUT_ID], fillRows: blendRows } as const;
const { network, step } = createTraining(
  { backend: loadProcessor() },
  {
    network: "lstm",
    shape,
    batches: [BATCH],
    optimizer: optimizerSchema.parse({ kind: "adam" }),
    clipping: clip > 0 ? { kind: "global-norm", limit: clip } : { kind: "none" },
    seed,
  },
);

/** Adam's first moments, one for each weight: the first of its two slots. */
const firstMoments = (): Float32Array[] => step.state().slots.filter((_, i) => i % 2 === 0);

/**
 * Relative error over all weights, ‖Ectopy − Keras‖ / ‖Keras‖. Ectopy's gradient follows from Adam's first moments
 * before and after a step: with β₁ = 0.9, g = 10 m − 9 m₀.
 */
function gradientError(before: Float32Array[], after: Float32Array[], keras: Float32Array[]): number {
  let [difference, length] = [0, 0];
  keras.forEach((values, i) =>
    values.forEach((value, k) => {
      difference += (10 * after[i][k] - 9 * before[i][k] - value) ** 2;
      length += value ** 2;
    }),
  );
  return Math.sqrt(difference / length);
}

const { python, script } = peerProgram("lstm_curves.py", ["keras"]);
const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const send = (message: unknown): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
send({
  window: source.length,
  classes: labels.length,
  seed,
  clip,
  learningRate: LEARNING_RATE,
});

console.log(["step", "loss", "Keras' loss", "Keras' gradient norm", "gradients' relative error"].join("\t"));
const order = epochOrder(sets.train, seed, 1);
for (let i = 0; i < steps; i++) {
  const values = new Float32Array(BATCH * source.length);
  const classes = new Int32Array(BATCH);
  fillBatch(filling, order.subarray(i * BATCH, (i + 1) * BATCH), [values], classes);
  const weights = i === 0 || mode === "together" ? network.weights().map(encodeFloats) : null;
  send({ step: i, values: encodeFloats(values), classes: [...classes], weights });
  const before = firstMoments();
  const { loss } = step.run({ inputs: [values], classes, weights: new Float32Array(BATCH).fill(1) }, LEARNING_RATE);
  const next = await answers.next();
  if (next.done === true) throw new Error("Keras ended early: its messages are above.");
  const keras = JSON.parse(next.value) as Answer;
  // Keras' gradients are from before the clipping, Ectopy's from after it.
  const error =
    clip > 0 ? "" : gradientError(before, firstMoments(), keras.gradients.map(decodeFloats)).toExponential(1);
  console.log([i + 1, loss.toFixed(6), keras.loss.toFixed(6), keras.norm.toFixed(4), error].join("\t"));
}
child.stdin.end();
step.dispose();
network.dispose();
