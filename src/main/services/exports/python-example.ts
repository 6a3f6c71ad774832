/** A short Python program beside an exported model that computes the same predictions as the app for a recording. */
import type { ModelFormat } from "../../../contract/domain/exports.ts";

/** Python code that loads a model of each format; `predict` maps beats to probabilities. */
const loading: Readonly<Record<Exclude<ModelFormat, "tfjs">, { packages: string; code: string }>> = {
  keras: {
    packages: "tensorflow",
    code: `import keras

model = keras.models.load_model(HERE / "model.h5", compile=False)


def predict(beats):
    return model.predict(beats, verbose=0)`,
  },
  savedmodel: {
    packages: "tensorflow",
    code: `import tensorflow as tf

serve = tf.saved_model.load(str(HERE / "saved-model")).signatures["serving_default"]


def predict(beats):
    return serve(beats=tf.constant(beats))["probabilities"].numpy()`,
  },
  onnx: {
    packages: "onnxruntime",
    code: `import onnxruntime

session = onnxruntime.InferenceSession(HERE / "model.onnx")


def predict(beats):
    return session.run(["probabilities"], {"beats": beats})[0]`,
  },
};

export function pythonExample(format: Exclude<ModelFormat, "tfjs">): string {
  const { packages, code } = loading[format];
  return `"""Classifies the annotated beats of a WFDB record with this model, as Ectopy does.

    pip install numpy PyWavelets wfdb ${packages}
    python predict.py path/to/record

Prints record, sample, annotated symbol, predicted class and its probability, a beat a line.
For research use only. Not a medical device.
"""
import json
import re
import sys
import warnings
from pathlib import Path

import numpy as np
import pywt
import wfdb

HERE = Path(__file__).parent
CARD = json.loads((HERE / "model-card.json").read_text(encoding="utf-8"))
BEFORE, AFTER = CARD["input"]["before"], CARD["input"]["after"]
STEPS = CARD["preprocessing"]
MILLIVOLTS = {"v": 1e3, "mv": 1, "uv": 1e-3, "µv": 1e-3, "μv": 1e-3}

${code}


def denoise(signal):
    """Details of the wavelet transform shrunk by the universal threshold (Donoho & Johnstone 1994)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # for more levels than the length usefully has
        coefficients = pywt.wavedec(signal, STEPS["wavelet"], level=STEPS["levels"])
    sigma = np.median(np.abs(coefficients[-1])) / 0.6745
    threshold = sigma * np.sqrt(2 * np.log(len(signal)))
    if threshold == 0:
        return signal
    shrunk = [pywt.threshold(detail, threshold, STEPS["threshold"]) for detail in coefficients[1:]]
    return pywt.waverec([coefficients[0], *shrunk], STEPS["wavelet"])[: len(signal)]


def normalise(beat):
    deviation = beat.std()
    return (beat - beat.mean()) / deviation if np.ptp(beat) > 0 else np.zeros_like(beat)


def key(lead):
    """Name of a lead without case, spaces and the prefix of EDF."""
    return re.sub(r"^(ecg|ekg|lead) (?=\\S)", "", " ".join(lead.lower().split()))


def lead_of(record):
    """Number of the record's lead: the first of the model's leads that it has."""
    if "signal" in CARD["input"]:
        return CARD["input"]["signal"]
    names = [key(name) for name in record.sig_name]
    for lead in CARD["input"]["leads"]:
        if key(lead) in names:
            return names.index(key(lead))
    sys.exit(f"The record has the leads {', '.join(record.sig_name)}; the model needs {' or '.join(CARD['input']['leads'])}.")


def read_beats(path):
    """Sample, symbol and values of each beat whose window lies in the record."""
    record = wfdb.rdrecord(path)
    if record.fs != CARD["input"]["rate"]:
        sys.exit(f"The record has {record.fs} Hz; the model needs {CARD['input']['rate']} Hz: resample it first.")
    column = lead_of(record)
    signal = record.p_signal[:, column] * MILLIVOLTS.get(record.units[column].lower(), 1)
    if STEPS["denoising"] == "record":
        signal = denoise(np.nan_to_num(signal))
    symbols = {symbol for each in CARD["classes"] for symbol in each["symbols"]}
    annotations = wfdb.rdann(path, "atr")
    samples, kept, beats = [], [], []
    for sample, symbol in zip(annotations.sample, annotations.symbol):
        beat = signal[max(0, sample - BEFORE) : sample + AFTER]
        if symbol not in symbols or sample < BEFORE or len(beat) < BEFORE + AFTER or np.isnan(beat).any():
            continue
        if STEPS["denoising"] == "beat":
            beat = denoise(beat)
        if STEPS["normalisation"] == "z-score":
            beat = normalise(beat)
        samples.append(sample)
        kept.append(symbol)
        beats.append(beat)
    return samples, kept, np.asarray(beats, "float32").reshape(-1, *CARD["input"]["shape"])


if __name__ == "__main__":
    path = sys.argv[1]
    samples, symbols, beats = read_beats(path)
    for sample, symbol, row in zip(samples, symbols, predict(beats)):
        label = CARD["classes"][row.argmax()]["label"]
        print(Path(path).name, sample, symbol, label, f"{row.max():.6f}", sep="\\t")
`;
}
