"""Trains a reference network in Keras for bench/validation-curves.ts: settings as JSON in, one JSON line for each epoch out."""

import json
import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
from networks import keras_network

case = json.loads(sys.argv[1])
keras.utils.set_random_seed(case["seed"])


def beats(beat_set: str) -> tuple[np.ndarray, np.ndarray]:
    folder = Path(case["folder"])
    x = np.fromfile(folder / f"{beat_set}.f32", "<f4").reshape(-1, case["window"])
    y = np.fromfile(folder / f"{beat_set}.i32", "<i4")
    return (x if case["network"] == "ann" else x[..., None]), y


def print_epoch(epoch: int, logs: dict[str, float]) -> None:
    print(json.dumps({"loss": logs["val_loss"], "accuracy": logs["val_accuracy"]}), flush=True)


x, y = beats("train")
model = keras_network(case["network"], case["window"], case["classes"])
adam = keras.optimizers.Adam(case["learningRate"])
model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(
    x,
    y,
    batch_size=case["batch"],
    epochs=case["epochs"],
    validation_data=beats("validation"),
    verbose=0,
    callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=print_epoch)],
)
