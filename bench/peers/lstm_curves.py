"""Steps of the reference LSTM in Keras for bench/lstm-curves.ts: one JSON line in, one out, for each step.

Dropout masks are drawn as Ectopy draws them: separate ones for each step and dropout layer.
"""

import base64
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf
from keras import layers as k

DROPOUT_RATE = 0.3


def decode(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")


def encode(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


case = json.loads(sys.stdin.readline())
window, seed = case["window"], case["seed"]
first, second = k.LSTM(64, return_sequences=True), k.LSTM(128)
hidden, last = k.Dense(64, "relu"), k.Dense(case["classes"])
for layer, shape in ((first, (window, 1)), (second, (window, 64)), (hidden, (128,)), (last, (64,))):
    layer.build((None, *shape))
weights = [weight for layer in (first, second, hidden, last) for weight in layer.trainable_weights]
adam = keras.optimizers.Adam(case["learningRate"], global_clipnorm=case["clip"] or None)
adam.build(weights)


def dropout_mask(step, layer: int, shape: list[int]):
    drawn = tf.raw_ops.StatelessRandomUniform(shape=shape, seed=tf.stack([seed, 64 * step + layer]))
    return tf.cast(drawn >= DROPOUT_RATE, tf.float32) / (1 - DROPOUT_RATE)


@tf.function
def gradients(x, y, step):
    beats = x.shape[0]
    with tf.GradientTape() as tape:
        sequence = first(x) * tf.transpose(dropout_mask(step, 0, [window, beats, 64]), [1, 0, 2])
        state = second(sequence) * dropout_mask(step, 1, [beats, 128])
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, last(hidden(state))))
    found = tape.gradient(loss, [weight.value for weight in weights])
    return loss, found, tf.linalg.global_norm(found)


for line in sys.stdin:
    batch = json.loads(line)
    if batch["weights"] is not None:
        for weight, text in zip(weights, batch["weights"], strict=True):
            weight.assign(decode(text).reshape(weight.shape))
    x = tf.constant(decode(batch["values"]).reshape(-1, window, 1))
    loss, found, norm = gradients(x, tf.constant(batch["classes"]), tf.constant(batch["step"]))
    adam.apply(found, weights)
    answer = {"loss": float(loss), "norm": float(norm), "gradients": [encode(each.numpy()) for each in found]}
    print(json.dumps(answer), flush=True)
