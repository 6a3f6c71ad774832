/** Networks and data on the disk: Keras' descriptions and files, TF.js models, checkpoints, preparations. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ZodError } from "zod";
import { EctopyError } from "../../../../src/contract/domain/errors.ts";
import type { NetworkSpec } from "../../../../src/contract/domain/networks.ts";
import { isSound, readCheckpoint, writeCheckpoint } from "../../../../src/engine/training/checkpoint-files.ts";
import { loadPreparation } from "../../../../src/engine/training/preparation-files.ts";
import { kerasConfig } from "../../../../src/engine/exchange/keras-config.ts";
import { readKerasConfig, UnknownModelError } from "../../../../src/engine/exchange/keras-import.ts";
import { writeKerasH5 } from "../../../../src/engine/exchange/keras-h5.ts";
import { readKerasModel } from "../../../../src/engine/exchange/keras-model.ts";
import { readTrainedModels, type TrainedModel, type Weight } from "../../../../src/engine/exchange/trained-model.ts";
import { describeNetwork } from "../../../../src/engine/networks/describe-network.ts";
import { beginning } from "../../../../src/engine/training/training-state.ts";
import { PreparationFiles } from "../../../../src/main/services/preparations/preparation-files.ts";
import { exportedNetworks } from "../../../../tests/support/trained-models.ts";
import { temporaryFolder, writeParts } from "../folders.ts";
import {
  check,
  checkFinite,
  checkSame,
  FEW_INPUTS,
  MANY_INPUTS,
  utf8,
  utf8Text,
  type Input,
  type Target,
} from "../target.ts";

const kerasTokens = [
  ...["class_name", "config", "layers", "inbound_nodes", "batch_input_shape", "batch_shape", "keras_history", "name"],
  ...["Dense", "Conv1D", "LSTM", "GRU", "Bidirectional", "Sequential", "Functional", "InputLayer", "softmax", "units"],
];

/** Keras' description of a model, as in its file. */
export const kerasConfigTarget: Target = {
  name: "keras-config",
  inputs: MANY_INPUTS,
  parts: { "model_config.json": "json" },
  tokens: kerasTokens,
  examples: () =>
    exportedNetworks.map(({ network, windowLength, sizes }): Input => [
      utf8(JSON.stringify(kerasConfig(network, { windowLength, classes: 5, ...sizes }))),
    ]),
  open: () => ({
    read([bytes]) {
      const { spec, shape, sources } = readConfig(bytes);
      checkFinite("the shape", [shape.windowLength, shape.classes]);
      check(shape.windowLength >= 1 && shape.classes >= 1, `a shape of ${shape.windowLength} and ${shape.classes}`);
      check(sources.flatMap(({ ids }) => ids).length === spec.layers.length + 1, "a layer without a source");
      describeNetwork(spec, shape);
    },
  }),
};

/** The file's reader turns these errors into one of the catalogue. */
function readConfig(bytes: Uint8Array): ReturnType<typeof readKerasConfig> {
  let config: unknown;
  try {
    config = JSON.parse(utf8Text(bytes));
  } catch {
    throw new EctopyError("damaged-file", "no JSON", "none");
  }
  try {
    return readKerasConfig(config);
  } catch (error) {
    if (error instanceof UnknownModelError) throw new EctopyError("nothing-usable", error.message, "none");
    if (error instanceof ZodError) throw new EctopyError("damaged-file", "it does not fit", "none");
    throw error;
  }
}

const weight = (name: string, ...shape: number[]): Weight => ({
  name,
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
});

const WINDOW_LENGTH = 8;
const CLASSES = 2;
const models: readonly TrainedModel[] = [
  {
    spec: { name: "dense", layers: [{ id: "dense", kind: "dense", units: 3, activation: "relu" }] },
    shape: { windowLength: WINDOW_LENGTH, classes: CLASSES },
    weights: new Map([
      ["dense", [weight("kernel", WINDOW_LENGTH, 3), weight("bias", 3)]],
      ["output", [weight("kernel", 3, CLASSES), weight("bias", CLASSES)]],
    ]),
  },
  {
    spec: {
      name: "recurrent",
      layers: [
        { id: "conv", kind: "conv1d", filters: 2, kernelSize: 3, strides: 1, padding: "same", activation: "relu" },
        { id: "norm", kind: "batch-normalization" },
        {
          id: "both",
          kind: "bidirectional",
          layer: { kind: "lstm", units: 2, returnSequences: false },
          merge: "concat",
        },
      ],
    } satisfies NetworkSpec,
    shape: { windowLength: WINDOW_LENGTH, classes: CLASSES },
    weights: new Map([
      ["conv", [weight("kernel", 3, 1, 2), weight("bias", 2)]],
      ["norm", ["gamma", "beta", "moving_mean", "moving_variance"].map((name) => weight(name, 2))],
      [
        "both",
        ["forward_lstm", "backward_lstm"].flatMap((side) => [
          weight(`${side}/kernel`, 2, 8),
          weight(`${side}/recurrent_kernel`, 2, 8),
          weight(`${side}/bias`, 8),
        ]),
      ],
      ["output", [weight("kernel", 4, CLASSES), weight("bias", CLASSES)]],
    ]),
  },
];

/** An archive of Keras 3, which holds HDF5 and JSON. */
export const kerasArchiveTarget: Target = {
  name: "keras-archive",
  inputs: FEW_INPUTS,
  endsThreads: true,
  parts: { "model.keras": "bytes" },
  tokens: ["PK\u0003\u0004", "PK\u0001\u0002", "config.json", "model.weights.h5", "layers", "vars", ...kerasTokens],
  examples: () => [
    [readFileSync(join(import.meta.dirname, "../../../../tests/cases/keras-models/keras-3-archive.keras"))],
  ],
  open: () => readingModels(".keras"),
};

export const kerasH5Target: Target = {
  name: "keras-h5",
  inputs: FEW_INPUTS,
  endsThreads: true,
  parts: { "model.h5": "bytes" },
  tokens: ["\u0089HDF\r\n\u001a\n", "TREE", "HEAP", "SNOD", "GCOL", "OHDR", "weight_names", "model_config", "kernel:0"],
  async examples() {
    const folder = temporaryFolder();
    const files: Input[] = [];
    for (const [i, model] of models.entries()) {
      const file = join(folder, `${i}.h5`);
      await writeKerasH5(file, [model], { classes: ["N", "V"] });
      files.push([readFileSync(file)]);
    }
    rmSync(folder, { recursive: true });
    return files;
  },
  open: () => readingModels(".h5"),
};

function readingModels(ending: string): ReturnType<Target["open"]> {
  const folder = temporaryFolder();
  let number = 0;
  return {
    async read([bytes]) {
      // A separate name for each: HDF5's library reuses a file of the same name that it holds open.
      const file = join(folder, `${number++}${ending}`);
      writeFileSync(file, bytes);
      try {
        const { model } = await readKerasModel(file);
        checkFinite("the shape", [model.shape.windowLength, model.shape.classes]);
        checkWeights(model);
      } finally {
        rmSync(file);
      }
    },
  };
}

function checkWeights({ weights }: TrainedModel): void {
  for (const { name, shape, values } of [...weights.values()].flat()) {
    check(values instanceof Float32Array, `${name} is not of float32`);
    check(
      values.length === shape.reduce((a, b) => a * b, 1),
      `${name} has ${values.length} values of [${shape.join()}]`,
    );
  }
}

/** `model.json` and its weights, as exports and tests read them. */
export const trainedModelTarget: Target = {
  name: "trained-model",
  inputs: MANY_INPUTS,
  parts: { "model.json": "json", "weights.bin": "bytes" },
  tokens: ["weightsManifest", "paths", "weights", "name", "shape", "dtype", "float32", "dense/kernel", "output/bias"],
  examples: () =>
    models.map(({ weights }): Input => {
      const listed = [...weights].flatMap(([layer, of]) =>
        of.map((each) => ({ ...each, name: `${layer}/${each.name}` })),
      );
      const manifest = listed.map(({ name, shape }) => ({ name, shape, dtype: "float32" }));
      const bytes = Buffer.concat(listed.map(({ values }) => Buffer.from(values.buffer)));
      return [utf8(JSON.stringify({ weightsManifest: [{ paths: ["weights.bin"], weights: manifest }] })), bytes];
    }),
  open() {
    const folder = temporaryFolder();
    const { spec, shape } = models[0];
    return {
      read(input) {
        writeParts(folder, Object.keys(trainedModelTarget.parts), input);
        checkWeights(readTrainedModels(folder, [spec], shape)[0]);
      },
    };
  },
};

const FINGERPRINT = "f".repeat(64);

function checkpointState() {
  const state = beginning();
  state.weights = [Float32Array.of(1, 2, 3), Float32Array.of(4)];
  state.optimizer = { steps: 7, slots: [Float32Array.of(5, 6, 7), Float32Array.of(8)] };
  return state;
}

/** Each change in a checkpoint is detected; an unchanged one is read back equal. */
export const checkpointTarget: Target = {
  name: "checkpoint",
  inputs: MANY_INPUTS,
  parts: { "state.json": "json", "weights.f32": "bytes", "slots.f32": "bytes", "best.f32": "bytes" },
  tokens: ["epochs", "within", "best", "plateau", "lengths", "∞", FINGERPRINT],
  examples() {
    const folder = temporaryFolder();
    writeCheckpoint(folder, checkpointState(), FINGERPRINT);
    return [Object.keys(checkpointTarget.parts).map((name) => readFileSync(join(folder, name)))];
  },
  open() {
    const folder = temporaryFolder();
    const state = checkpointState();
    const sha256 = writeCheckpoint(folder, state, FINGERPRINT);
    const names = Object.keys(checkpointTarget.parts);
    const written = names.map((name) => readFileSync(join(folder, name)));
    return {
      read(input) {
        writeParts(folder, names, input);
        const isUnchanged = written.every((bytes, i) => bytes.equals(input[i]));
        check(isSound(folder, sha256) === isUnchanged, "a change went unseen");
        const read = readCheckpoint(folder, sha256, FINGERPRINT);
        for (const key of Object.keys(state) as (keyof typeof state)[]) checkSame(key, read[key], state[key]);
      },
    };
  },
};

const u32 = (...numbers: number[]): Uint8Array => new Uint8Array(Uint32Array.from(numbers).buffer);
const f32 = (...numbers: number[]): Uint8Array => new Uint8Array(Float32Array.from(numbers).buffer);

/** A preparation as a training and the screens read it. */
export const preparationTarget: Target = {
  name: "preparation",
  inputs: MANY_INPUTS,
  parts: {
    "preparation.json": "json",
    "beats.f32": "bytes",
    "classes.u8": "bytes",
    "recipe-base.u32": "bytes",
    "recipe-neighbour.u32": "bytes",
    "recipe-lambda.f32": "bytes",
    "train.u32": "bytes",
    "validation.u32": "bytes",
    "test.u32": "bytes",
  },
  tokens: ["windowLength", "labels", "records", "beats", "N", "V"],
  examples: () => [
    [
      utf8(JSON.stringify({ windowLength: 3, labels: ["N", "V"], records: ["r1"], beats: 4 })),
      f32(...Array.from({ length: 12 }, (_, i) => i / 7)),
      Uint8Array.of(0, 1, 0, 1, 1),
      u32(1),
      u32(3),
      f32(0.5),
      u32(0, 1, 4),
      u32(2),
      u32(3),
    ],
  ],
  open() {
    const folder = temporaryFolder();
    return {
      read(input) {
        writeParts(folder, Object.keys(preparationTarget.parts), input);
        const { labels, source, sets } = loadPreparation(folder);
        check(source.values.length === source.realCount * source.length, "beats of another length");
        for (const numbers of Object.values(sets)) {
          for (const example of numbers)
            check(labels[source.classes[example]] !== undefined, "an example without a class");
        }
        const files = new PreparationFiles(folder, { kind: "preparations", id: 1 });
        const { beats } = files.describe();
        check(beats === source.realCount, "two numbers of beats");
        files.rows("beats.f32", [0, beats - 1], source.length);
        checkFinite("the examples", files.array("test.u32"));
        files.array("recipe-lambda.f32");
      },
    };
  },
};
