/** Without TensorFlow, the engine trains by its kernels; without those too, it reports that, and plain JavaScript trains. */
import { mkdtempSync, rmSync } from "node:fs";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveModel } from "../../src/engine/exchange/model-files.ts";
import { loadModel } from "../support/load-model.ts";
import { loadEngine, type LoadedEngine } from "../../src/engine/training/load-engine.ts";
import { executionOf } from "../../src/engine/training/create-training.ts";
import { kernelsBuilt } from "../../src/engine/tensorflow/kernel-library.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import {
  batchOf,
  disposeTraining,
  NO_KERNELS,
  tinyPreparation,
  tinySettings,
  tinyTraining,
  trainUnwatched,
} from "../support/tiny-training.ts";

let loaded: LoadedTensorFlow;
let engine: LoadedEngine;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-fallback-"));
  // As on a machine where the library is missing, or built for another processor. This test file runs in a separate
  // process.
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier.endsWith("tfjs_binding.node")) throw new Error("libtensorflow.so.2: no such file");
      return next(specifier, context);
    },
  });
  loaded = await loadTensorFlow("test");
  engine = await loadEngine("test");
  hooks.deregister();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("where TensorFlow can't be loaded", () => {
  it("plans run by the kernels, as fast as ever, and nothing is to warn of", (ctx) => {
    if (!kernelsBuilt()) ctx.skip(NO_KERNELS);
    expect(engine.backend?.name).toBe("kernels");
    expect(engine.warning).toBeUndefined();
    expect(executionOf(engine, { precision: "float32", convolutions: "ectopy", microBatches: 1 })).toBe("plan");
  });

  it("plain JavaScript is used, and the user learns that it is slow and what to do", () => {
    expect(loaded.device.backend).toBe("cpu");
    expect(loaded.tf.getBackend()).toBe("cpu");
    expect(loaded.device.versions.tensorflow).toBe("");
    expect(loaded.warning).toMatch(/slower.*npm run setup/);
  });

  it("the ANN learns, repeats itself for the same seed, and leaks no tensor", async () => {
    const dataset = tinyPreparation();
    const { tf } = loaded;
    const run = async (seed: number): Promise<{ probabilities: Float32Array; losses: number[]; accuracy: number }> => {
      const settings = tinySettings("ann", { epochs: 8, seed });
      const before = tf.memory().numTensors;
      const training = tinyTraining(loaded, dataset, settings);
      const { predictions, epochs, test } = await trainUnwatched(training, dataset, settings);
      disposeTraining(training);
      expect(tf.memory().numTensors).toBe(before);
      const losses = epochs.map(({ trainLoss }) => trainLoss);
      return { probabilities: predictions.probabilities, losses, accuracy: test.accuracy };
    };
    const first = await run(42);
    expect(first.accuracy).toBe(1);
    expect(await run(42)).toEqual(first);
    expect((await run(43)).losses).not.toEqual(first.losses);
  });

  it.each(["cnn", "lstm"] as const)("a step of the %s lowers the loss on its batch", (network) => {
    const dataset = tinyPreparation();
    const settings = tinySettings(network, { batch: 3, learningRate: 1e-3 });
    const training = tinyTraining(loaded, dataset, settings);
    const { values, classes, length } = dataset.source;
    const step = (): number =>
      training.step.run(batchOf(values.slice(0, 3 * length), classes.subarray(0, 3)), settings.learningRate).loss;
    const first = step();
    expect(Math.min(step(), step())).toBeLessThan(first);
    disposeTraining(training);
  });

  it("a saved model predicts the same to the last bit when it is loaded", async () => {
    const dataset = tinyPreparation();
    const { tf } = loaded;
    const settings = tinySettings("ann", { epochs: 1 });
    const training = tinyTraining(loaded, dataset, settings);
    await trainUnwatched(training, dataset, settings);
    saveModel(training.network, folder);
    const expected = training.network.probabilities(dataset.source.values);
    disposeTraining(training);
    const model = await loadModel(tf, folder);
    const beats = tf.tensor(dataset.source.values, [dataset.source.classes.length, dataset.source.length]);
    expect((model.predict(beats) as Tensor).dataSync()).toEqual(expected);
  });
});
