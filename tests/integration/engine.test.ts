/** The engine on TensorFlow: its networks, its optimizer, and complete trainings of about a second. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EctopyError } from "../../src/contract/domain/errors.ts";
import { networkSchema } from "../../src/contract/domain/networks.ts";
import { networkNames, type NetworkName } from "../../src/contract/domain/training.ts";
import type { ExecutionMode } from "../../src/engine/training/create-training.ts";
import type { LayerContext } from "../../src/engine/layers/layer-context.ts";
import { libraryLayers, type LayerMaker } from "../../src/engine/layers/library-layers.ts";
import { tfLayers } from "../../src/engine/layers/tf-layers.ts";
import { presets } from "../../src/contract/settings/network-presets.ts";
import { saveModel } from "../../src/engine/exchange/model-files.ts";
import { readTrainedModels } from "../../src/engine/exchange/trained-model.ts";
import { loadModel } from "../support/load-model.ts";
import { createNetwork } from "../../src/engine/layers/network.ts";
import type { TensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { maskSeed } from "../../src/engine/training/training-step.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { loadBothEngines, type BothEngines } from "../support/both-engines.ts";
import { customNetworks, randomInputs, shapeOf } from "../support/custom-networks.ts";
import {
  batchOf,
  disposeTraining,
  tinyPreparation,
  tinySettings,
  tinyTraining,
  trainUnwatched,
  trainableWeights,
} from "../support/tiny-training.ts";

type SerializableClass = Parameters<TensorFlow["serialization"]["registerClass"]>[0];

let loaded: BothEngines;
let tf: TensorFlow;
beforeAll(async () => {
  loaded = await loadBothEngines();
  tf = loaded.tf;
});

const engines: { network: NetworkName; engine: ExecutionMode }[] = networkNames.flatMap((network) => [
  { network, engine: "plan" as const },
  // A graph computes an LSTM by cuDNN only (cudnn.test.ts).
  ...(network === "lstm" ? [] : [{ network, engine: "graph" as const }]),
  { network, engine: "eager" as const },
]);

describe("parameters, at 14 classes and a window of 360", () => {
  const expected: Record<NetworkName, { trainable: number; moving: number }> = {
    ann: {
      // Dense, normalization (scale and shift), dense, normalization, dense, dense: the study's 135,246.
      trainable: 360 * 256 + 256 + 2 * 256 + (256 * 128 + 128 + 2 * 128) + (128 * 64 + 64) + (64 * 14 + 14),
      // A mean and a variance for each normalized unit.
      moving: 2 * 256 + 2 * 128,
    },
    cnn: {
      // Three convolutions (taps × in × out + bias), each normalized; two dense layers.
      trainable:
        5 * 1 * 64 +
        (64 + 2 * 64) +
        (5 * 64 * 128 + 128 + 2 * 128) +
        (3 * 128 * 256 + 256 + 2 * 256) +
        (256 * 128 + 128) +
        (128 * 14 + 14),
      moving: 2 * (64 + 128 + 256),
    },
    lstm: {
      // Four gates for each unit: from the input, from the previous state, and a bias; two dense layers.
      trainable: 4 * (1 + 64 + 1) * 64 + 4 * (64 + 128 + 1) * 128 + (128 * 64 + 64) + (64 * 14 + 14),
      moving: 0,
    },
  };

  it.each(networkNames)("%s", (name) => {
    const { trainable, moving } = expected[name];
    const context = { maskSeed: null, recorder: null };
    for (const makeLayer of [libraryLayers(tf), tfLayers(tf, context)]) {
      const network = createNetwork(tf, name, { windowLength: 360, classes: 14 }, makeLayer, 42);
      expect(network.parameters).toEqual({ trainable, total: trainable + moving });
      const sizes = (variables: readonly { size: number }[]): number => variables.reduce((n, { size }) => n + size, 0);
      expect(sizes(network.trainable)).toBe(trainable);
      expect(sizes(network.moving)).toBe(moving);
      network.dispose();
    }
  });

  it("are 135,246, 175,630 and 124,878 trainable ones", () => {
    expect([expected.ann.trainable, expected.cnn.trainable, expected.lstm.trainable]).toEqual([
      135_246, 175_630, 124_878,
    ]);
  });
});

describe("initial weights", () => {
  it("of an LSTM have open forget gates, in both directions, and a GRU has none", () => {
    const bidirectional = (kind: "lstm" | "gru"): Float32Array[] => {
      const layers = [{ id: "both", kind: "bidirectional", layer: { kind, units: 2 } }];
      const spec = networkSchema.parse({ name: "both", layers });
      const network = createNetwork(tf, spec, { windowLength: 3, classes: 2 }, libraryLayers(tf), 42);
      const weights = network.weights();
      network.dispose();
      // Kernel, recurrent kernel and bias of each direction.
      return [weights[2], weights[5]];
    };
    const gates = Float32Array.of(0, 0, 1, 1, 0, 0, 0, 0);
    expect(bidirectional("lstm")).toEqual([gates, gates]);
    expect(bidirectional("gru")).toEqual([new Float32Array(12), new Float32Array(12)]);
  });
});

describe("dropout", () => {
  const rate = 0.3;
  const cells = 40_000;
  const prepare = (): { makeLayer: LayerMaker; step: (number: number) => void } => {
    const context: LayerContext = { maskSeed: null, recorder: null };
    const step = (number: number): void => {
      context.maskSeed = tf.tensor1d(maskSeed(42, number), "int32");
    };
    return { makeLayer: tfLayers(tf, context), step };
  };

  it("keeps 70 % of values, scaled by 1/0.7, with a different mask for each step and layer", () => {
    tf.tidy(() => {
      const draw = (): Float32Array[] => {
        const { makeLayer, step } = prepare();
        const layers = ["first", "second"].map((id) => makeLayer({ id, kind: "dropout", rate }));
        return [0, 1].flatMap((number) => {
          step(number);
          return layers.map((layer) => {
            const dropped = layer.apply(tf.ones([cells / 100, 100]), { training: true }) as Tensor;
            return dropped.dataSync() as Float32Array;
          });
        });
      };
      const masks = draw();
      // Five standard errors of a proportion of n.
      const within = (share: number): number => 5 * Math.sqrt((share * (1 - share)) / cells);
      for (const mask of masks) {
        expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
        expect(Math.abs(mask.filter((value) => value > 0).length / cells - 0.7)).toBeLessThan(within(0.7));
      }
      masks.forEach((one, i) =>
        masks.slice(i + 1).forEach((other) => {
          // Two independent masks both keep 0.7² of all values.
          const both = one.filter((value, k) => value > 0 && other[k] > 0).length / cells;
          expect(Math.abs(both - 0.49)).toBeLessThan(within(0.49));
        }),
      );
      expect(draw()).toEqual(masks);
    });
  });

  it("does not change predictions", () => {
    tf.tidy(() => {
      const layer = prepare().makeLayer({ id: "dropout", kind: "dropout", rate });
      const values = (layer.apply(tf.range(0, 100), { training: false }) as Tensor).dataSync();
      expect([...values]).toEqual(Array.from({ length: 100 }, (_, i) => i));
    });
  });
});

describe.each(engines)("a training: $network, $engine", ({ network, engine }) => {
  beforeEach(() => {});

  it("learns a learnable problem, and leaks no tensor", async () => {
    const dataset = tinyPreparation();
    const settings = tinySettings(network, { epochs: 12 });
    const before = tf.memory().numTensors;
    const training = tinyTraining(loaded, dataset, settings, engine);
    const { epochs, test, bestEpoch, validation, predictions } = await trainUnwatched(training, dataset, settings);
    disposeTraining(training);
    expect(tf.memory().numTensors).toBe(before);
    // Chance level of three classes: accuracy 1/3, loss ln 3 = 1.1.
    expect(test.accuracy).toBe(1);
    expect(test.loss).toBeLessThan(0.2);
    expect(epochs.at(-1)!.trainLoss).toBeLessThan(epochs[0].trainLoss / 2);
    expect(validation.loss).toBe(epochs[bestEpoch - 1].validationLoss);
    expect(predictions.probabilities.length).toBe(15 * 3);
    for (let beat = 0; beat < 15; beat++) {
      const sum = predictions.probabilities.subarray(beat * 3, beat * 3 + 3).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
  });

  it("is the same for the same seed, to the last bit, and differs for another seed", async () => {
    const dataset = tinyPreparation();
    const run = async (seed: number): Promise<unknown> => {
      const settings = tinySettings(network, { epochs: 2, seed });
      const training = tinyTraining(loaded, dataset, settings, engine);
      const { epochs, predictions } = await trainUnwatched(training, dataset, settings);
      const weights = training.network.weights();
      disposeTraining(training);
      const curve = epochs.map(({ seconds: _, validationSeconds: __, ...metrics }) => metrics);
      return { curve, probabilities: predictions.probabilities, weights };
    };
    const first = await run(42);
    expect(await run(42)).toEqual(first);
    expect(await run(43)).not.toEqual(first);
  });

  it("keeps the weights of the best epoch when later epochs are worse", async () => {
    const dataset = tinyPreparation();
    const settings = tinySettings(network, { epochs: 10 });
    const training = tinyTraining(loaded, dataset, settings, engine);
    const kept: Float32Array[][] = [];
    const { epochs, bestEpoch, validation } = await trainUnwatched(training, dataset, settings, {
      onEpoch: ({ epoch }) => {
        const weights = training.network.weights();
        kept.push(weights);
        // The kernel of the output layer is negated: likely classes become unlikely, which four steps don't repair.
        const kernel = trainableWeights(training.network) - 2;
        if (epoch === 9) {
          training.network.setWeights(weights.map((values, i) => (i === kernel ? values.map((w) => -10 * w) : values)));
        }
      },
    });
    const weights = training.network.weights();
    disposeTraining(training);
    const losses = epochs.map((epoch) => epoch.validationLoss);
    expect(bestEpoch).toBeLessThan(10);
    expect(bestEpoch).toBe(1 + losses.indexOf(Math.min(...losses)));
    expect(weights).toEqual(kept[bestEpoch - 1]);
    expect(validation.loss).toBe(losses[bestEpoch - 1]);
  });

  it("that diverges is ended, with the reason", async () => {
    const dataset = tinyPreparation();
    const settings = tinySettings(network, { learningRate: 1e30 });
    const training = tinyTraining(loaded, dataset, settings, engine);
    const failure = await trainUnwatched(training, dataset, settings).then(
      () => undefined,
      (error: unknown) => error,
    );
    disposeTraining(training);
    expect(failure).toBeInstanceOf(EctopyError);
    expect(failure).toMatchObject({ code: "training-failed" });
  });
});

describe("a batch of one beat", () => {
  it.for(engines)("leaves every weight finite: $network, $engine", ({ network, engine }) => {
    const dataset = tinyPreparation();
    const settings = tinySettings(network, { batch: 59 });
    const training = tinyTraining(loaded, dataset, settings, engine);
    const values = dataset.source.values.slice(0, dataset.source.length);
    expect(training.step.run(batchOf(values, [0]), settings.learningRate).loss).toBeGreaterThan(0);
    for (const weight of training.network.weights()) expect(weight.every(Number.isFinite)).toBe(true);
    disposeTraining(training);
  });
});

describe("a saved model", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "ectopy-engine-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const dataset = tinyPreparation();
  async function saved(
    network: NetworkName,
    folder: string,
  ): Promise<{ weights: Float32Array[]; probabilities: Float32Array }> {
    const settings = tinySettings(network, { epochs: 1 });
    const training = tinyTraining(loaded, dataset, settings);
    await trainUnwatched(training, dataset, settings);
    mkdirSync(folder);
    saveModel(training.network, folder);
    const weights = training.network.weights();
    const probabilities = training.network.probabilities([dataset.source.values]);
    disposeTraining(training);
    return { weights, probabilities };
  }

  it.each(networkNames)("has the same weights and predictions after loading: %s", async (network) => {
    const folder = join(root, network);
    const before = tf.memory().numTensors;
    const { weights, probabilities } = await saved(network, folder);
    const [one, other] = [await loadModel(tf, folder), await loadModel(tf, folder)];
    expect(one.getWeights().map((weight) => weight.dataSync())).toEqual(weights);
    const beats = dataset.source.classes.length;
    const shape = network === "ann" ? [beats, dataset.source.length] : [beats, dataset.source.length, 1];
    const predict = (model: typeof one): Float32Array =>
      tf.tidy(() => (model.predict(tf.tensor(dataset.source.values, shape)) as Tensor).dataSync() as Float32Array);
    expect(predict(other)).toEqual(predict(one));
    // TF.js's layers use other ops than Ectopy's: the same numbers except for rounding in float32.
    predict(one).forEach((value, i) => expect(Math.abs(value - probabilities[i])).toBeLessThan(1e-5));
    one.dispose();
    other.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(customNetworks)("predicts the same after loading: $network.name", async (own) => {
    const { network } = own;
    const folder = join(root, `own ${customNetworks.indexOf(own)}`);
    mkdirSync(folder);
    const before = tf.memory().numTensors;
    const context = { maskSeed: null, recorder: null };
    const ours = createNetwork(tf, network, shapeOf(own, 3), tfLayers(tf, context), 42);
    const random = randomStream(42, "weights");
    // Random again: a bias of 0 would hide that it got lost.
    ours.setWeights(ours.weights().map((values) => values.map(() => 0.1 + 0.5 * random.uniform())));
    const inputs = randomInputs(own, 7, random);
    saveModel(ours, folder);
    // As in a process that has made no GRU yet: tfjs would use its own GRU, which differs from Keras'.
    tf.serialization.registerClass(tf.layers.gru({ units: 1 }).constructor as SerializableClass);
    const model = await loadModel(tf, folder);
    const theirs = tf.tidy(() => (model.predict(ours.inputs(inputs)) as Tensor).dataSync());
    // Float32, with other ops. Measured: 4e-7.
    ours.probabilities(inputs).forEach((value, i) => expect(Math.abs(value - theirs[i])).toBeLessThan(1e-5));
    model.dispose();
    ours.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(networkNames)("contains only layers of TF.js: %s", (network) => {
    const { modelTopology } = JSON.parse(readFileSync(join(root, network, "model.json"), "utf8")) as {
      modelTopology: { config: { layers: { class_name: string }[] } };
    };
    const names = new Set(modelTopology.config.layers.map((layer) => layer.class_name));
    const known = new Set([
      "InputLayer",
      "Dense",
      "Dropout",
      "BatchNormalization",
      "Conv1D",
      "MaxPooling1D",
      "GlobalAveragePooling1D",
      "LSTM",
    ]);
    expect(names.isSubsetOf(known)).toBe(true);
    expect(names.has("Dropout")).toBe(true);
  });

  it("that is damaged is refused, at every position of the damage", async () => {
    const folder = join(root, "damaged");
    await saved("ann", folder);
    const [model, weights] = [join(folder, "model.json"), join(folder, "weights.bin")];
    const whole = { model: readFileSync(model), weights: readFileSync(weights) };
    const noManifest = { ...(JSON.parse(whole.model.toString()) as object), weightsManifest: undefined };
    const damages: Record<string, () => void> = {
      "no description": () => rmSync(model),
      "no weights": () => rmSync(weights),
      "empty description": () => writeFileSync(model, ""),
      "half a description": () => truncateSync(model, whole.model.length >> 1),
      "a description of something else": () => writeFileSync(model, "[]"),
      "a description of nothing": () => writeFileSync(model, "null"),
      "no list of weights": () => writeFileSync(model, JSON.stringify(noManifest)),
      "no weights' bytes": () => truncateSync(weights, 0),
      "half the weights": () => truncateSync(weights, whole.weights.length >> 1),
      "a byte less": () => truncateSync(weights, whole.weights.length - 1),
      "a weight less": () => truncateSync(weights, whole.weights.length - 4),
      "a weight more": () => writeFileSync(weights, Buffer.concat([whole.weights, Buffer.alloc(4)])),
    };
    const { shape } = dataset;
    for (const [what, damage] of Object.entries(damages)) {
      writeFileSync(model, whole.model);
      writeFileSync(weights, whole.weights);
      damage();
      const read = (): unknown => readTrainedModels(folder, [presets.ann], shape)[0];
      expect(read, what).toThrow(expect.objectContaining({ code: "damaged-file" }));
      expect(read, what).toThrow(folder);
    }
  });
});
