/**
 * The LSTM of the reference study on a prepared dataset, Ectopy and Keras step by step: the same first weights, beats and dropout
 * masks. One line a step, tab-separated.
 *
 *   node bench/lstm-curves.ts apart    PREPARATION_FOLDER STEPS [SEED] [CLIP]   each goes its own way: how long are they alike?
 *   node bench/lstm-curves.ts together PREPARATION_FOLDER STEPS [SEED] [CLIP]   Keras takes Ectopy's weights before each step
 *
 * CLIP: global norm to which gradients are cut, 0 for none. ECTOPY_PEERS names a Python that has Keras.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { optimizerSchema } from "../src/contract/domain/optimization.ts";
import { createTraining } from "../src/engine/training/create-training.ts";
import { loadDataset } from "../src/engine/training/dataset-files.ts";
import { loadTensorFlow } from "../src/engine/tensorflow/tensorflow.ts";
import { epochOrder, fillBatch } from "../src/pipeline/beats/batches.ts";
import { decodeFloats, encodeFloats } from "../tests/support/floats.ts";

const BATCH = 128;
const MICRO_BATCHES = 2;
const LEARNING_RATE = 1e-3;

/** A JSON line in, one out. Masks are drawn as Ectopy draws them: for each part, step and dropout layer its own. */
const SCRIPT = `
import base64, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import keras, numpy as np, tensorflow as tf
from keras import layers as L

decode = lambda text: np.frombuffer(base64.b64decode(text), "<f4")
encode = lambda array: base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()
case = json.loads(sys.stdin.readline())
window, micro_batches, seed, rate = case["window"], case["micro_batches"], case["seed"], 0.3
first, second, hidden, last = L.LSTM(64, return_sequences=True), L.LSTM(128), L.Dense(64, "relu"), L.Dense(case["classes"])
for layer, channels in ((first, (window, 1)), (second, (window, 64)), (hidden, (128,)), (last, (64,))):
    layer.build((None, *channels))
weights = [w for layer in (first, second, hidden, last) for w in layer.trainable_weights]
adam = keras.optimizers.Adam(case["learningRate"], global_clipnorm=case["clip"] or None)
adam.build(weights)

def kept(step, layer, axis, shape):
    drawn = [tf.raw_ops.StatelessRandomUniform(shape=shape, seed=tf.stack([seed + part, 64 * step + layer]))
             for part in range(micro_batches)]
    return tf.cast(tf.concat(drawn, axis) >= rate, tf.float32) / (1 - rate)

@tf.function
def gradients(x, y, step):
    beats = x.shape[0] // micro_batches
    with tf.GradientTape() as tape:
        sequence = first(x) * tf.transpose(kept(step, 0, 1, [window, beats, 64]), [1, 0, 2])
        state = second(sequence) * kept(step, 1, 0, [beats, 128])
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, last(hidden(state))))
    found = tape.gradient(loss, [w.value for w in weights])
    return loss, found, tf.linalg.global_norm(found)

for line in sys.stdin:
    batch = json.loads(line)
    if batch["weights"] is not None:
        for weight, text in zip(weights, batch["weights"], strict=True):
            weight.assign(decode(text).reshape(weight.shape))
    x = tf.constant(decode(batch["values"]).reshape(-1, window, 1))
    loss, found, norm = gradients(x, tf.constant(batch["classes"]), tf.constant(batch["step"]))
    adam.apply(found, weights)
    print(json.dumps({"loss": float(loss), "norm": float(norm), "gradients": [encode(g.numpy()) for g in found]}), flush=True)
`;

interface Answer {
  loss: number;
  /** Length of all gradients together, before clipping. */
  norm: number;
  gradients: string[];
}

const [mode, folder, stepsText, seedText = "42", clipText = "0"] = process.argv.slice(2);
if ((mode !== "apart" && mode !== "together") || folder === undefined || stepsText === undefined) {
  console.error("usage: node bench/lstm-curves.ts apart|together PREPARATION_FOLDER STEPS [SEED] [CLIP]");
  process.exit(2);
}
const [steps, seed, clip] = [stepsText, seedText, clipText].map(Number);
const { source, sets, labels } = loadDataset(folder);
const shape = { windowLength: source.length, classes: labels.length };
const { network, step } = createTraining(await loadTensorFlow("bench"), {
  network: "lstm",
  shape,
  batches: [BATCH],
  optimizer: optimizerSchema.parse({ kind: "adam" }),
  clipping: clip > 0 ? { kind: "global-norm", limit: clip } : { kind: "none" },
  seed,
  microBatches: MICRO_BATCHES,
});

/** Adam's means, one for each weight: of its two slots the first. */
const means = (): Float32Array[] => step.state().slots.filter((_, i) => i % 2 === 0);

/** Over all weights: ‖ours − Keras'‖ / ‖Keras'‖. Ours comes out of Adam's mean before and after a step. */
function gradientError(before: Float32Array[], after: Float32Array[], theirs: Float32Array[]): number {
  let [difference, length] = [0, 0];
  theirs.forEach((values, i) =>
    values.forEach((value, k) => {
      difference += (10 * after[i][k] - 9 * before[i][k] - value) ** 2;
      length += value ** 2;
    }),
  );
  return Math.sqrt(difference / length);
}

const child = spawn(process.env["ECTOPY_PEERS"] ?? "python3", ["-c", SCRIPT], { stdio: ["pipe", "pipe", "inherit"] });
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const say = (message: unknown): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
say({
  window: source.length,
  classes: labels.length,
  microBatches: MICRO_BATCHES,
  seed,
  clip,
  learningRate: LEARNING_RATE,
});

console.log(["step", "loss", "Keras' loss", "Keras' gradient norm", "gradients' relative error"].join("\t"));
const order = epochOrder(sets.train, seed, 1);
for (let i = 0; i < steps; i++) {
  const values = new Float32Array(BATCH * source.length);
  const classes = new Int32Array(BATCH);
  fillBatch(source, order, i * BATCH, (i + 1) * BATCH, values, classes);
  const weights = i === 0 || mode === "together" ? network.weights().map(encodeFloats) : null;
  say({ step: i, values: encodeFloats(values), classes: [...classes], weights });
  const before = means();
  const { loss } = step.run({ values, classes, weights: new Float32Array(BATCH).fill(1) }, LEARNING_RATE);
  const next = await answers.next();
  if (next.done === true) throw new Error("Keras has ended: ECTOPY_PEERS names a Python that has it?");
  const keras = JSON.parse(next.value) as Answer;
  // Clipped, ours are not Keras' any more, which come from before the clipping.
  const error = clip > 0 ? "" : gradientError(before, means(), keras.gradients.map(decodeFloats)).toExponential(1);
  console.log([i + 1, loss.toFixed(6), keras.loss.toFixed(6), keras.norm.toFixed(4), error].join("\t"));
}
child.stdin.end();
step.dispose();
network.dispose();
