/** The engine where TensorFlow can't be loaded: plans need nothing of it. This file runs in a separate process. */
import { mkdtempSync, rmSync } from "node:fs";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveModel } from "../../src/engine/exchange/model-files.ts";
import { readTrainedModels, weightsInOrder } from "../../src/engine/exchange/trained-model.ts";
import { presets } from "../../src/contract/settings/network-presets.ts";
import { listBackends } from "../../src/engine/training/choose-backend.ts";
import { loadEngine } from "../../src/engine/training/load-engine.ts";
import {
  disposeTraining,
  tinyPreparation,
  tinySettings,
  tinyTraining,
  trainUnwatched,
} from "../support/tiny-training.ts";

let folder: string;
let hooks: ReturnType<typeof registerHooks>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-engine-"));
  hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier.includes("@tensorflow")) throw new Error(`${specifier} is not here`);
      return next(specifier, context);
    },
  });
});
afterAll(() => {
  hooks.deregister();
  rmSync(folder, { recursive: true, force: true });
});

const dataset = tinyPreparation();
const { shape } = dataset;

const ofProcessor = listBackends([]).filter(({ name }) => name === "kernels" || name === "webassembly");
describe.each(ofProcessor)("the backend $name", ({ name, missing }) => {
  it("trains, tests, and stores a model without TensorFlow", async (ctx) => {
    if (missing !== "") ctx.skip(missing);
    const settings = tinySettings("ann", { epochs: 8, backend: name });
    const engine = await loadEngine("test", settings);
    expect(engine.device).toMatchObject({ backend: name, versions: { tfjs: "", tensorflow: "" } });
    const run = async (seed: number) => {
      const training = tinyTraining(engine, dataset, { ...settings, seed });
      const { test, epochs } = await trainUnwatched(training, dataset, { ...settings, seed });
      const weights = training.network.weights();
      saveModel(training.network, folder);
      disposeTraining(training);
      return { accuracy: test.accuracy, losses: epochs.map(({ trainLoss }) => trainLoss), weights };
    };
    const first = await run(42);
    expect(first.accuracy).toBe(1);
    expect(weightsInOrder(readTrainedModels(folder, [presets.ann], shape)[0])).toEqual(first.weights);
    expect(await run(42)).toEqual(first);
    expect((await run(43)).losses).not.toEqual(first.losses);
  });
});

describe("the backend tensorflow", () => {
  it("is refused, with what to do", async () => {
    await expect(loadEngine("test", tinySettings("ann", { backend: "tensorflow" }))).rejects.toMatchObject({
      code: "engine-unavailable",
      fix: expect.stringContaining("npm run setup") as string,
    });
  });
});
