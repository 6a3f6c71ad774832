/**
 * Compares a training of the LSTM over whole beats of 360 samples with live Keras, with dropout. The other comparison
 * has short beats and no dropout: it would not show an error of the long recurrence or of a mask. Keras' model gets the
 * same masks: the kernels draw the numbers of TensorFlow's stateless op. ECTOPY_PYTHON names the Python.
 */
import { beforeAll, expect, it } from "vitest";
import { optimizerSchema } from "../../src/contract/domain/optimization.ts";
import { createTraining, type Training } from "../../src/engine/training/create-training.ts";
import { loadProcessor } from "../../src/engine/training/load-engine.ts";
import type { Batch } from "../../src/engine/training/training-step.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { decodeFloats, encodeFloats } from "../support/floats.ts";
import { askPython, python } from "../support/python.ts";
import { disposeTraining } from "../support/tiny-training.ts";

/** The expected masks: a different one for each step and dropout layer; of a sequence [time, beat, unit]. */
const SCRIPT = `
import base64, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import numpy as np
try:
    import keras, tensorflow as tf
    from keras import layers as L
except ImportError:
    print("null")
    sys.exit()

decode = lambda text: np.frombuffer(base64.b64decode(text), "<f4")
encode = lambda array: base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()

case = json.load(sys.stdin)
window, beats, seed, rate = case["window"], case["beats"], case["seed"], 0.3
first, second, hidden, last = L.LSTM(64, return_sequences=True), L.LSTM(128), L.Dense(64, "relu"), L.Dense(case["classes"])
for layer, channels in ((first, (window, 1)), (second, (window, 64)), (hidden, (128,)), (last, (64,))):
    layer.build((None, *channels))
weights = [w for layer in (first, second, hidden, last) for w in layer.trainable_weights]
for weight, text in zip(weights, case["weights"], strict=True):
    weight.assign(decode(text).reshape(weight.shape))

def kept(step, layer, shape):
    drawn = tf.raw_ops.StatelessRandomUniform(shape=shape, seed=tf.stack([seed, 64 * step + layer]))
    return tf.cast(drawn >= rate, tf.float32) / (1 - rate)

@tf.function
def gradients(x, y, step):
    with tf.GradientTape() as tape:
        sequence = first(x) * tf.transpose(kept(step, 0, [window, beats, 64]), [1, 0, 2])
        state = second(sequence) * kept(step, 1, [beats, 128])
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, last(hidden(state)))
        loss = tf.reduce_mean(losses)
    return loss, tape.gradient(loss, [w.value for w in weights])

adam = keras.optimizers.Adam(case["learningRate"])
losses, slopes = [], []
for step, batch in enumerate(case["batches"]):
    loss, gradient = gradients(tf.constant(decode(batch["values"]).reshape(-1, window, 1)),
                               tf.constant(batch["classes"]), tf.constant(step))
    adam.apply(gradient, weights)
    losses.append(float(loss))
    slopes.append([encode(g.numpy()) for g in gradient])
json.dump({"losses": losses, "gradients": slopes, "weights": [encode(w.numpy()) for w in weights]}, sys.stdout)
`;

interface KerasAnswer {
  losses: number[];
  /** Gradients of each step, by weight. */
  gradients: string[][];
  weights: string[];
}

const WINDOW = 360;
const CLASSES = 14;
const BEATS = 11;
const SEED = 42;
const STEPS = 3;
const LEARNING_RATE = 1e-3;
const optimizer = optimizerSchema.parse({ kind: "adam" });

/** Waves whose frequency depends on the class, and noise. */
function makeBatch(number: number): Batch {
  const random = randomStream(9, number);
  const classes = Int32Array.from({ length: BEATS }, () => random.below(CLASSES));
  const values = Float32Array.from(
    { length: BEATS * WINDOW },
    (_, i) => Math.sin(((i % WINDOW) * (1 + classes[Math.floor(i / WINDOW)])) / 20) + 0.2 * random.normal(),
  );
  return { inputs: [values], classes, weights: new Float32Array(BEATS).fill(1) };
}

const batches = Array.from({ length: STEPS }, (_, i) => makeBatch(i));

let keras: KerasAnswer | null = null;

function create(): Training {
  const shape = { windowLength: WINDOW, classes: CLASSES };
  const settings = { optimizer, clipping: { kind: "none" }, seed: SEED } as const;
  return createTraining({ backend: loadProcessor() }, { network: "lstm", shape, batches: [BEATS], ...settings });
}

/** ‖a − b‖ / ‖b‖ */
function relativeError(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / b.reduce((sum, v) => sum + v * v, 0));
}

beforeAll(async () => {
  if (python === undefined) return;
  const training = create();
  const weights = training.network.weights().map(encodeFloats);
  disposeTraining(training);
  keras = await askPython<KerasAnswer | null>(SCRIPT, {
    window: WINDOW,
    classes: CLASSES,
    beats: BEATS,
    seed: SEED,
    learningRate: LEARNING_RATE,
    weights,
    batches: batches.map(({ inputs: [values], classes }) => ({ values: encodeFloats(values), classes: [...classes] })),
  });
});

it("reproduces Keras' losses, gradients and weights over whole beats, with dropout", (ctx) => {
  if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with Keras");
  if (keras === null) return ctx.skip("Python has no Keras: there is none for every Python and processor");
  const training = create();
  let means: Float32Array[] = training.network.weights().map((values) => new Float32Array(values.length));
  batches.forEach((batch, step) => {
    const { loss } = training.step.run(batch, LEARNING_RATE);
    // Adam's mean contains a tenth of each gradient: two successive means give the gradient itself.
    const { slots } = training.step.state();
    const after = means.map((_, i) => slots[2 * i]);
    const errors = after.map((values, i) =>
      relativeError(
        values.map((value, k) => 10 * value - 9 * means[i][k]),
        decodeFloats(keras!.gradients[step][i]),
      ),
    );
    means = after;
    // Float32 on both sides. A long recurrence amplifies the difference from step to step. Measured: losses within
    // 2.4e-7, gradients 1.1e-6, 2.9e-6 and 8.6e-6.
    expect(Math.abs(loss - keras!.losses[step])).toBeLessThan(1e-5);
    expect(Math.max(...errors)).toBeLessThan(1e-4);
  });
  const weights = training.network.weights();
  disposeTraining(training);
  const errors = weights.map((values, i) => relativeError(values, decodeFloats(keras!.weights[i])));
  // Measured: 1.2e-5, of a bias that was 0 initially.
  expect(Math.max(...errors)).toBeLessThan(1e-4);
});
