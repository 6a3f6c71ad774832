/** A short Python program beside an exported model that computes the same predictions as the app. */
import type { ModelCard, ModelFormat } from "../../../contract/domain/exports.ts";
import { INPUT_ID, type InputId } from "../../../contract/domain/networks.ts";
import { exportedName } from "../../../engine/exchange/exported-inputs.ts";
import { PYTHON_RECIPE } from "./python-recipe.ts";

/** Python code that loads a model of each format; `predict` maps beats, or several inputs by name, to probabilities. */
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
    inputs = beats if isinstance(beats, dict) else {"beats": beats}
    return serve(**{name: tf.constant(values) for name, values in inputs.items()})["probabilities"].numpy()`,
  },
  onnx: {
    packages: "onnxruntime",
    code: `import onnxruntime

session = onnxruntime.InferenceSession(HERE / "model.onnx")


def predict(beats):
    inputs = beats if isinstance(beats, dict) else {"beats": beats}
    return session.run(["probabilities"], inputs)[0]`,
  },
};

/** Steps between the samples of a beat and the input of the model. */
const PREPROCESSING = `def denoise(signal):
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
    return (beat - beat.mean()) / deviation if np.ptp(beat) > 0 else np.zeros_like(beat)`;

/** Name, unit and lead of a record. */
const READING = `MILLIVOLTS = {"v": 1e3, "mv": 1, "uv": 1e-3, "µv": 1e-3, "μv": 1e-3}`;
const LEADS = `def key(lead):
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
    sys.exit(f"The record has the leads {', '.join(record.sig_name)}; the model needs {' or '.join(CARD['input']['leads'])}.")`;

/**
 * Returns the program. It reads a recording, whose features it computes where the model has an input recipe; a table for a
 * model of a table's rows; the inputs of a model with features of another source.
 */
export function pythonExample(
  format: Exclude<ModelFormat, "tfjs">,
  { inputs, input }: Pick<ModelCard, "inputs"> & { input?: Pick<ModelCard["input"], "rows" | "recipe"> },
): string {
  if (input?.recipe !== undefined) return recipeExample(format, inputs ?? [{ id: INPUT_ID, shape: [] }]);
  if (inputs !== undefined) return inputsExample(format, inputs);
  return input?.rows === true ? tableExample(format) : recordingExample(format);
}

function tableExample(format: Exclude<ModelFormat, "tfjs">): string {
  const { packages, code } = loading[format];
  return `"""Classifies the rows of a table of beats with this model, as Ectopy does.

    pip install numpy PyWavelets ${packages}
    python predict.py path/to/table.csv

Each row has the samples of a beat, with or without a class behind them.
Prints row, predicted class and its probability, a beat a line.
For research use only. Not a medical device.
"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pywt

HERE = Path(__file__).parent
CARD = json.loads((HERE / "model-card.json").read_text(encoding="utf-8"))
SAMPLES = CARD["input"]["after"]
STEPS = CARD["preprocessing"]

${code}


${PREPROCESSING}


def prepare(beat):
    if STEPS["denoising"] == "beat":
        beat = denoise(beat)
    return normalise(beat) if STEPS["normalisation"] == "z-score" else beat


def read_rows(path):
    """Values of each row, prepared as the model's beats were."""
    rows = np.genfromtxt(path, delimiter=",", usecols=range(SAMPLES), dtype="float32").astype("float64")
    beats = np.array([prepare(row) for row in np.atleast_2d(rows)])
    return np.asarray(beats, "float32").reshape(-1, *CARD["input"]["shape"])


if __name__ == "__main__":
    for number, row in enumerate(predict(read_rows(sys.argv[1]))):
        label = CARD["classes"][row.argmax()]["label"]
        print(number, label, f"{row.max():.6f}", sep="\\t")
`;
}

/** Computes the inputs of a recording by its recipe. */
function recipeExample(
  format: Exclude<ModelFormat, "tfjs">,
  inputs: readonly Pick<NonNullable<ModelCard["inputs"]>[number], "id">[],
): string {
  const { packages, code } = loading[format];
  const given = (id: InputId): string => (format === "keras" ? id : exportedName(id));
  const [first] = inputs;
  const model =
    inputs.length === 1 && first.id === INPUT_ID
      ? `inputs["${INPUT_ID}"].reshape(-1, *CARD["input"]["shape"])`
      : `{${inputs.map(({ id }) => `"${given(id)}": inputs["${id}"]`).join(", ")}}`;
  return `"""Classifies the annotated beats of a WFDB record with this model, as Ectopy does.

    pip install numpy scipy wfdb ${packages}
    python predict.py path/to/record

Computes the inputs of the model from the leads and the annotated R-peaks.
Prints record, sample, annotated symbol, predicted class and its probability, a beat a line.
For research use only. Not a medical device.
"""
import json
import re
import sys
from pathlib import Path

import numpy as np
import scipy.signal as ss
import wfdb

HERE = Path(__file__).parent
CARD = json.loads((HERE / "model-card.json").read_text(encoding="utf-8"))
${READING}

${code}


${LEADS}


${PYTHON_RECIPE}


if __name__ == "__main__":
    path = sys.argv[1]
    samples, symbols, inputs = read_inputs(path)
    for sample, symbol, row in zip(samples, symbols, predict(${model})):
        label = CARD["classes"][row.argmax()]["label"]
        print(Path(path).name, sample, symbol, label, f"{row.max():.6f}", sep="\\t")
`;
}

/** The features of such a model come from elsewhere; the program takes them as arrays. */
function inputsExample(format: Exclude<ModelFormat, "tfjs">, inputs: NonNullable<ModelCard["inputs"]>): string {
  const { packages, code } = loading[format];
  const names = inputs.map(({ id, shape }) => ({
    name: format === "keras" ? id : exportedName(id),
    shape: ["beats", ...shape].join(", "),
  }));
  return `"""Classifies beats by the inputs of this model.

    pip install numpy ${packages}
    python predict.py inputs.npz

inputs.npz holds one float32 array for each input, by its name:
${names.map(({ name, shape }) => `    ${name} [${shape}]`).join("\n")}
Features are in the order of "features" in model-card.json: less the mean of "featureScaling", over its deviation, within
its clip. A sequence has the features of a beat with its neighbours in the recording, 0 where one is missing.

Prints predicted class and its probability, a beat a line.
For research use only. Not a medical device.
"""
import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
CARD = json.loads((HERE / "model-card.json").read_text(encoding="utf-8"))
INPUTS = ${JSON.stringify(names.map(({ name }) => name))}

${code}


if __name__ == "__main__":
    given = np.load(sys.argv[1])
    for row in predict({name: given[name].astype("float32") for name in INPUTS}):
        print(CARD["classes"][row.argmax()]["label"], f"{row.max():.6f}", sep="\\t")
`;
}

function recordingExample(format: Exclude<ModelFormat, "tfjs">): string {
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
${READING}

${code}


${PREPROCESSING}


${LEADS}


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
