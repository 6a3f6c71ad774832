"""Measures a training step of the reference networks in Keras or PyTorch.

    python bench/peers/train.py keras|torch [ann] [cnn] [lstm]

Random beats of 360 samples in 14 classes, Adam at 0.001, default settings of the library. Prints one JSON line for each network
with the fields of `ectopy bench train --json`; `ms_per_step` is the median of five rounds.
"""

import json
import os
import statistics
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from networks import keras_network, torch_network

CLASSES = 14
LENGTH = 360
LEARNING_RATE = 1e-3
BATCH = {"ann": 64, "cnn": 64, "lstm": 128}
STEPS = {"ann": 300, "cnn": 30, "lstm": 5}
ROUNDS = 5


def keras_steps(name: str):
    """Returns a function that trains for a number of steps."""
    import keras

    model = keras_network(name, LENGTH, CLASSES)
    model.compile(keras.optimizers.Adam(LEARNING_RATE), "sparse_categorical_crossentropy")
    batch, beats = BATCH[name], BATCH[name] * STEPS[name]
    x = np.random.randn(beats, *model.input_shape[1:]).astype("f4")
    y = np.random.randint(0, CLASSES, beats)

    def train(steps: int) -> None:
        model.fit(x[: steps * batch], y[: steps * batch], batch_size=batch, epochs=1, verbose=0)

    return train


def torch_steps(name: str):
    """Returns a function that trains for a number of steps."""
    import torch

    model, shape = torch_network(name, LENGTH, CLASSES)
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE)
    loss = torch.nn.CrossEntropyLoss()
    batch, beats = BATCH[name], BATCH[name] * STEPS[name]
    x = torch.randn(beats, *shape)
    y = torch.randint(0, CLASSES, (beats,))

    def train(steps: int) -> None:
        for start in range(0, steps * batch, batch):
            optimizer.zero_grad()
            loss(model(x[start : start + batch]), y[start : start + batch]).backward()
            optimizer.step()

    return train


def main() -> None:
    peer, *names = sys.argv[1:]
    for name in names or list(BATCH):
        train = {"keras": keras_steps, "torch": torch_steps}[peer](name)
        train(2)  # warms up
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            train(STEPS[name])
            times.append((time.perf_counter() - start) / STEPS[name])
        ms = statistics.median(times) * 1000
        result = {
            "peer": peer,
            "model": name,
            "batch": BATCH[name],
            "ms_per_step": round(ms, 3),
            "samples_per_s": round(BATCH[name] / ms * 1000),
        }
        print(json.dumps(result), flush=True)


main()
