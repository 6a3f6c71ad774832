/** A classification that every preset learns within a second, and a training on it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  trainingSettingsSchema,
  type NetworkChoice,
  type TrainingSettings,
} from "../../src/contract/domain/training.ts";
import {
  createTraining,
  type ExecutionMode,
  type Training,
  type TrainingEngine,
} from "../../src/engine/training/create-training.ts";
import { preparationFingerprint, type LoadedPreparation } from "../../src/engine/training/preparation-files.ts";
import type { PreparationFile } from "../../src/pipeline/beats/preparation-format.ts";
import { batchSizes, train, type Trained, type TrainOptions } from "../../src/engine/training/train.ts";
import type { Batch } from "../../src/engine/training/training-step.ts";
import { weightsOf } from "../../src/engine/networks/layer-weights.ts";
import type { Network } from "../../src/engine/networks/network.ts";
import { randomStream } from "../../src/pipeline/random.ts";

export const NO_KERNELS = "the engine's kernels are missing: `npm run setup -- kernels` builds them";

/** Window length, long enough for the 1D-CNN to halve it twice. */
export const TINY_WINDOW = 12;
const LABELS = ["A", "N", "V"];
const TRAIN_BEATS = 60;

/**
 * Makes three classes, each with a bump at a different sample, and a little noise: 60 training, 15 validation and 15
 * test beats.
 * @param noise standard deviation; the bump is 1 high
 */
export function tinyPreparation(noise = 0.1): LoadedPreparation {
  const random = randomStream(1, "tiny");
  const beats = TRAIN_BEATS + 30;
  const values = new Float32Array(beats * TINY_WINDOW);
  const classes = new Uint8Array(beats);
  for (let beat = 0; beat < beats; beat++) {
    classes[beat] = beat % LABELS.length;
    const peak = 2 + 4 * classes[beat];
    for (let t = 0; t < TINY_WINDOW; t++) {
      values[beat * TINY_WINDOW + t] = Math.exp(-((t - peak) ** 2) / 2) + noise * random.normal();
    }
  }
  const numbers = Uint32Array.from({ length: beats }, (_, i) => i);
  return {
    labels: LABELS,
    shape: { windowLength: TINY_WINDOW, classes: LABELS.length },
    source: {
      length: TINY_WINDOW,
      realCount: beats,
      values,
      classes,
      recipe: { base: new Uint32Array(0), neighbour: new Uint32Array(0), lambda: new Float32Array(0) },
    },
    featureNames: [],
    sets: {
      train: numbers.subarray(0, TRAIN_BEATS),
      validation: numbers.subarray(TRAIN_BEATS, TRAIN_BEATS + 15),
      test: numbers.subarray(TRAIN_BEATS + 15),
    },
  };
}

/** Writes a preparation as the files that a training process reads; returns its fingerprint. */
export function writeTinyPreparation(folder: string, { labels, source, sets }: LoadedPreparation): string {
  const { length, realCount, values, classes, recipe } = source;
  const description = { windowLength: length, labels, records: ["tiny"], beats: realCount };
  const files: Partial<Record<PreparationFile, NodeJS.ArrayBufferView | string>> = {
    "preparation.json": JSON.stringify(description),
    "beats.f32": values,
    "classes.u8": classes,
    "beat-record.u32": new Uint32Array(realCount),
    "beat-sample.u32": new Uint32Array(realCount),
    "recipe-base.u32": recipe.base,
    "recipe-neighbour.u32": recipe.neighbour,
    "recipe-lambda.f32": recipe.lambda,
    "train.u32": sets.train,
    "validation.u32": sets.validation,
    "test.u32": sets.test,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return preparationFingerprint(folder);
}

/** 60 beats in batches of 16: three full batches, and one of 12. */
export function tinySettings(network: NetworkChoice, settings: Partial<TrainingSettings> = {}): TrainingSettings {
  const chosen = {
    network,
    epochs: 3,
    batch: 16,
    learningRate: 1e-2,
    patience: 0,
    stepsPerEpoch: 0,
    seed: 42,
    threads: 0,
  };
  return { ...trainingSettingsSchema.parse(chosen), ...settings };
}

export function tinyTraining(
  loaded: TrainingEngine,
  preparation: LoadedPreparation,
  settings: TrainingSettings,
  engine?: ExecutionMode,
): Training {
  const plan = {
    network: settings.network,
    shape: preparation.shape,
    batches: batchSizes(preparation.sets.train.length, settings),
    optimizer: settings.optimizer,
    clipping: settings.clipping,
    seed: settings.seed,
  };
  return createTraining(loaded, plan, engine);
}

/** Trains without listeners. */
export function trainUnwatched(
  training: Training,
  preparation: LoadedPreparation,
  settings: TrainingSettings,
  options: Partial<TrainOptions> = {},
): Promise<Trained> {
  const unwatched = {
    onProgress: () => {},
    onEvaluating: () => {},
    onEpoch: () => {},
    signal: new AbortController().signal,
  };
  return train(training, preparation, settings, { ...unwatched, ...options });
}

/** Gives every beat the weight 1. */
export function batchOf(values: Float32Array, classes: ArrayLike<number>): Batch {
  return { inputs: [values], classes: Int32Array.from(classes), weights: new Float32Array(classes.length).fill(1) };
}

export function disposeTraining({ network, step }: Pick<Training, "network" | "step">): void {
  step.dispose();
  network.dispose();
}

/** Returns the number of weights that the optimizer updates; they come first among a network's weights. */
export function trainableWeights({ spec, shape }: Pick<Network, "spec" | "shape">): number {
  return weightsOf(spec, shape).filter(({ trainable }) => trainable).length;
}
