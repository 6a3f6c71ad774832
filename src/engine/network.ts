/** A network that can be trained and asked: its model, its logits, its weights as plain arrays. */
import type { layers, Sequential, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-node-gpu";
import type { NetworkName } from "../contract/training.ts";
import { initialWeights } from "./initial-weights.ts";
import { libraryLayers, type LayerMaker } from "./layers/library-layers.ts";
import { buildNetwork, inputShape, type NetworkShape } from "./networks.ts";
import type { TensorFlow } from "./tensorflow.ts";

export interface Network {
  readonly name: NetworkName;
  readonly shape: NetworkShape;
  readonly parameters: { trainable: number; total: number };
  /** Weights that the optimizer changes, in the model's order. */
  readonly trainable: Variable[];
  /** Weights that training moves otherwise: moving means and variances. After the trainable ones in the model's order. */
  readonly moving: Variable[];
  /** @param values rows of `windowLength` samples */
  input(values: Float32Array): Tensor;
  /** Values before the softmax, [batch, classes]: the loss taken from them is exact where probabilities reach 0 or 1. */
  logits(input: Tensor, training: boolean): Tensor2D;
  /** @returns batch × classes, dropout off */
  probabilities(values: Float32Array): Float32Array;
  /** All weights (trainable and not) as copies, in the model's order. */
  weights(): Float32Array[];
  setWeights(values: readonly Float32Array[]): void;
  dispose(): void;
}

/** A network with its first weights drawn from a seed. @param makeLayer the layers it is made of */
export function createNetwork(
  tf: TensorFlow,
  name: NetworkName,
  shape: NetworkShape,
  makeLayer: LayerMaker,
  seed: number,
): Network {
  const model = buildNetwork(tf, name, shape, makeLayer, "linear");
  const count = (weights: LayerWeights): number =>
    weights.reduce((sum, weight) => sum + (weight.shape as number[]).reduce((a, b) => a * b, 1), 0);
  const logits = (input: Tensor, training: boolean): Tensor2D =>
    tf.tidy(() => model.apply(input, { training }) as Tensor2D);
  const input = (values: Float32Array): Tensor =>
    tf.tensor(values, [values.length / shape.windowLength, ...inputShape(name, shape.windowLength)]);

  const network: Network = {
    name,
    shape,
    parameters: { trainable: count(model.trainableWeights), total: count(model.weights) },
    trainable: model.trainableWeights.map((weight) => weight.read() as Variable),
    moving: model.nonTrainableWeights.map((weight) => weight.read() as Variable),
    input,
    logits,
    probabilities: (values) => tf.tidy(() => tf.softmax(logits(input(values), false)).dataSync() as Float32Array),
    weights: () => model.weights.map((weight) => (weight.read().dataSync() as Float32Array).slice()),
    setWeights: (values) => setWeights(tf, model, values),
    dispose: () => void model.dispose(),
  };
  network.setWeights(initialWeights(weightSpecs(model), seed));
  return network;
}

/** The model as it is saved: the library's own layers, nothing of ours. */
export function plainModel(tf: TensorFlow, network: Network): Sequential {
  const model = buildNetwork(tf, network.name, network.shape, libraryLayers(tf), "softmax");
  setWeights(tf, model, network.weights());
  return model;
}

type LayerWeights = layers.Layer["weights"];

function setWeights(tf: TensorFlow, model: Sequential, values: readonly Float32Array[]): void {
  tf.tidy(() => model.setWeights(model.weights.map((weight, i) => tf.tensor(values[i], weight.shape as number[]))));
}

function weightSpecs(model: Sequential): { role: string; layer: string; shape: number[] }[] {
  // `weights` of the model lists trainable ones before the others: each is looked up in its own layer.
  const layerOf = new Map(
    model.layers.flatMap((layer) => layer.weights.map((weight) => [weight.id, layer.getClassName()])),
  );
  return model.weights.map((weight) => ({
    role: weight.originalName.split("/").at(-1)!,
    layer: layerOf.get(weight.id)!,
    shape: weight.shape as number[],
  }));
}
