/**
 * A trained network's files: a TF.js Layers model (model.json, weights.bin). TF.js reads it; a GRU follows Keras, so
 * TF.js needs the class of layers/gru.ts for it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { weightsOf, type LayerWeight } from "../networks/layer-weights.ts";
import type { Network } from "../networks/network.ts";
import { ensembleConfig, ensembleWeights } from "./ensemble-config.ts";
import { kerasConfig, type ModelConfig } from "./keras-config.ts";
import type { TrainedModel } from "./trained-model.ts";

const MODEL = "model.json";
const WEIGHTS = "weights.bin";
/** All files of a model. */
export const MODEL_FILES = [MODEL, WEIGHTS] as const;

/** TF.js draws initial weights as it loads a model, which takes seconds for an LSTM's, and then overwrites them. */
const ZEROS = { class_name: "Zeros", config: {} };

/** Writes the model into a folder that no other process reads yet. */
export function saveModel(
  { spec, shape, ...network }: Pick<Network, "spec" | "shape" | "weights">,
  folder: string,
): void {
  const weights = network.weights();
  const listed = weightsOf(spec, shape).map((of, i) => ({ name: nameOf(of), shape: of.shape, values: weights[i] }));
  writeModel(kerasConfig(spec, shape), listed, folder);
}

/** Writes the networks of an ensemble as one model, whose output is the mean of their probabilities. */
export function saveEnsemble(models: readonly TrainedModel[], folder: string): void {
  const listed = [...ensembleWeights(models)].flatMap(([layer, weights]) =>
    weights.map(({ name, shape, values }) => ({ name: `${layer}/${name}`, shape, values })),
  );
  writeModel(ensembleConfig(models), listed, folder);
}

interface NamedWeight {
  name: string;
  shape: readonly number[];
  values: Float32Array;
}

function writeModel({ class_name, config }: ModelConfig, listed: readonly NamedWeight[], folder: string): void {
  const layers = config.layers.map((layer) => ({ ...layer, config: withZeros(layer.config) }));
  const description = {
    modelTopology: { class_name, config: { ...config, layers }, keras_version: "2.15.0", backend: "ectopy" },
    format: "layers-model",
    generatedBy: "Ectopy",
    convertedBy: null,
    weightsManifest: [
      { paths: [WEIGHTS], weights: listed.map(({ name, shape }) => ({ name, shape, dtype: "float32" })) },
    ],
  };
  writeFileSync(join(folder, WEIGHTS), Buffer.concat(listed.map(({ values }) => bytesOf(values))));
  writeFileSync(join(folder, MODEL), JSON.stringify(description));
}

/** Returns a layer's settings with initial weights of 0. */
function withZeros(config: Record<string, unknown>): Record<string, unknown> {
  const { layer } = config as { layer?: { config: Record<string, unknown> } };
  if (layer !== undefined) return { ...config, layer: { ...layer, config: withZeros(layer.config) } };
  if (!("use_bias" in config)) return config;
  const recurrent = "recurrent_activation" in config ? { recurrent_initializer: ZEROS } : {};
  return { ...config, kernel_initializer: ZEROS, ...recurrent };
}

/** Returns a weight's name in TF.js, such as `lstm-1/kernel` or `bidirectional-1/forward_lstm/kernel`. */
function nameOf({ layer, direction, role, ofLstm }: LayerWeight): string {
  const within = direction === null ? "" : `${direction}_${ofLstm ? "lstm" : "gru"}/`;
  return `${layer}/${within}${role}`;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
