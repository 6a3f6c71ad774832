/**
 * Models like those of a training: every kind of layer, weights that no initializer would give, and their predictions.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { presets } from "../../src/contract/settings/network-presets.ts";
import { readTrainedModels, type TrainedModel } from "../../src/engine/exchange/trained-model.ts";
import { libraryLayers } from "../../src/engine/layers/library-layers.ts";
import { saveModel } from "../../src/engine/exchange/model-files.ts";
import { createNetwork } from "../../src/engine/layers/network.ts";
import { inputsWithShapes } from "../../src/engine/networks/wiring.ts";
import type { TensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { customNetworks, shapeOf, type CustomNetwork } from "./custom-networks.ts";

export const exportedNetworks: readonly CustomNetwork[] = [
  { network: presets.ann, windowLength: 360 },
  { network: presets.cnn, windowLength: 60 },
  { network: presets.lstm, windowLength: 30 },
  ...customNetworks,
];

export interface ModelExample {
  model: TrainedModel;
  /** Rows of each input, and the beats' class probabilities. */
  inputs: Float32Array[];
  probabilities: Float32Array;
}

const CLASSES = 5;
const BEATS = 7;

/** @param seed of the initial weights */
export function modelExample(tf: TensorFlow, custom: CustomNetwork, seed = 11): ModelExample {
  const spec = custom.network;
  const shape = shapeOf(custom, CLASSES);
  const network = createNetwork(tf, spec, shape, libraryLayers(tf), seed);
  const folder = mkdtempSync(join(tmpdir(), "ectopy-model-"));
  try {
    const random = randomStream(5, spec.name);
    // Near the initial weights: no activation saturates, and variances, which begin at 1, stay positive.
    const moved = network.weights().map((values) => values.map((value) => value + 0.1 * random.normal()));
    network.setWeights(moved);
    saveModel(network, folder);
    // Each beat is larger than the previous one, so that no two have the same prediction.
    const inputs = inputsWithShapes(spec, shape).map(({ size }) =>
      Float32Array.from({ length: BEATS * size }, (_, i) => (1 + Math.floor(i / size)) * random.normal()),
    );
    return { model: readTrainedModels(folder, [spec], shape)[0], inputs, probabilities: network.probabilities(inputs) };
  } finally {
    network.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}
