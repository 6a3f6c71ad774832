/** Trains on features of beats and of their neighbours, from the files of a preparation to its predictions. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { networkSchema } from "../../src/contract/domain/networks.ts";
import { readCheckpoint, writeCheckpoint } from "../../src/engine/training/checkpoint-files.ts";
import { loadProcessor } from "../../src/engine/training/load-engine.ts";
import { loadPreparation, type LoadedPreparation } from "../../src/engine/training/preparation-files.ts";
import type { TrainingState } from "../../src/engine/training/training-state.ts";
import { writePreparation } from "../../src/main/workers/write-preparation.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { disposeTraining, tinySettings, tinyTraining, trainUnwatched } from "../support/tiny-training.ts";

const root = mkdtempSync(join(tmpdir(), "ectopy-several-inputs-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const BEATS_PER_RECORD = 100;
const RECORDS = 6;
const beats = RECORDS * BEATS_PER_RECORD;

/** Writes beats whose class is the sign of the previous beat's feature, which the beat itself does not show. */
function prepared(): LoadedPreparation {
  const random = randomStream(1, "several inputs");
  const featureValues = Float32Array.from({ length: 2 * beats }, () => random.normal());
  const classes = Uint8Array.from({ length: beats }, (_, i) =>
    i % BEATS_PER_RECORD > 0 && featureValues[2 * (i - 1)] > 0 ? 1 : 0,
  );
  const numbers = Uint32Array.from(classes.keys());
  const of = (records: readonly number[]): Uint32Array =>
    numbers.filter((i) => records.includes(Math.floor(i / BEATS_PER_RECORD)));
  const folder = mkdtempSync(join(root, "preparation-"));
  writePreparation(folder, {
    table: {
      labels: ["N", "V"],
      records: Array.from({ length: RECORDS }, (_, i) => `r${i}`),
      record: numbers.map((i) => Math.floor(i / BEATS_PER_RECORD)),
      sample: numbers.map((i) => 300 * i),
    },
    values: Float32Array.from({ length: 6 * beats }, () => random.normal()),
    length: 3,
    examples: {
      recipe: { base: new Uint32Array(0), neighbour: new Uint32Array(0), lambda: new Float32Array(0) },
      classes,
      realCount: beats,
      sets: { train: of([0, 1, 2, 3]), validation: of([4]), test: of([5]) },
    },
    inputs: {
      channels: 2,
      features: ["a", "b"],
      sequence: { before: 1, after: 1 },
      featureValues,
      weights: new Float32Array(beats).fill(1),
    },
  });
  return loadPreparation(folder);
}

const network = networkSchema.parse({
  name: "All inputs",
  layers: [
    { id: "conv", kind: "conv1d", filters: 2, kernelSize: 2, activation: "relu" },
    { id: "average", kind: "global-average-pooling-1d" },
    { id: "noise", kind: "gaussian-noise", deviation: 0.05, inputs: ["sequence"] },
    { id: "steps", kind: "flatten" },
    { id: "all", kind: "concatenate", inputs: ["average", "steps", "rhythm"] },
    { id: "dense", kind: "dense", units: 8, activation: "relu" },
  ],
});
const settings = { ...tinySettings("ann", { epochs: 12, batch: 32, learningRate: 0.02 }), network };

describe("a training on beats, features and sequences", () => {
  const preparation = prepared();

  it("learns from the neighbour what the beat does not show", async () => {
    expect(preparation.shape).toEqual({ windowLength: 3, channels: 2, features: 2, steps: 3, classes: 2 });
    const training = tinyTraining({ backend: loadProcessor() }, preparation, settings);
    const { test } = await trainUnwatched(training, preparation, settings);
    disposeTraining(training);
    expect(test.accuracy).toBeGreaterThan(0.9);
  });

  it("continues from a checkpoint to the same weights", async () => {
    const whole = tinyTraining({ backend: loadProcessor() }, preparation, settings);
    const states: TrainingState[] = [];
    await trainUnwatched(whole, preparation, settings, {
      between: (at, capture) => {
        if (at === "epoch" && states.length < 3) states.push(capture());
        return undefined;
      },
    });
    const folder = mkdtempSync(join(root, "checkpoint-"));
    const fingerprint = "0".repeat(64);
    const sha256 = writeCheckpoint(folder, states[2], fingerprint);
    const resumed = tinyTraining({ backend: loadProcessor() }, preparation, settings);
    await trainUnwatched(resumed, preparation, settings, { from: readCheckpoint(folder, sha256, fingerprint) });
    expect(resumed.network.weights()).toEqual(whole.network.weights());
    disposeTraining(whole);
    disposeTraining(resumed);
  });

  it("weighs beats as the preparation says", async () => {
    // Weights of 0 leave only the bias to be learned of the first class.
    const only: LoadedPreparation = {
      ...preparation,
      source: {
        ...preparation.source,
        weights: Float32Array.from(preparation.source.classes, (label) => (label === 0 ? 1 : 0)),
      },
    };
    const training = tinyTraining({ backend: loadProcessor() }, only, settings);
    const { test } = await trainUnwatched(training, only, settings);
    disposeTraining(training);
    expect(test.confusion.map(([, second]) => second)).toEqual([0, 0]);
  });
});
