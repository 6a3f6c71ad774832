/** A network for training and prediction: logits, probabilities, and weights as plain arrays. */
import type { layers, LayersModel, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-node-gpu";
import { networkOf } from "../../contract/settings/network-presets.ts";
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import type { NetworkChoice } from "../../contract/domain/training.ts";
import { buildNetwork } from "./build-network.ts";
import { initialWeights, type WeightSpec } from "./initial-weights.ts";
import { libraryLayers, type LayerMaker } from "./library-layers.ts";
import { beatsAtOnce } from "../networks/beats-at-once.ts";
import { isRecurrentLayer, recurrenceOf } from "../networks/recurrence.ts";
import { inputShapeOf } from "../networks/wiring.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

export interface Network {
  readonly spec: NetworkSpec;
  readonly shape: NetworkShape;
  /** Shape of one beat: a row of samples, or a sequence with one channel. */
  readonly inputShape: readonly number[];
  /** Number of beats for one call of {@link probabilities}. */
  readonly predictedAtOnce: number;
  readonly parameters: { trainable: number; total: number };
  /** Weights that the optimizer updates, in the model's order. */
  readonly trainable: Variable[];
  /** Moving means and variances, which follow the trainable weights in the model's order. */
  readonly moving: Variable[];
  /** Returns the input tensor. @param values rows of `windowLength` samples */
  input(values: Float32Array): Tensor;
  /** Logits (before the softmax), [batch, classes]: their loss is exact where probabilities round to 0 or 1. */
  logits(input: Tensor, training: boolean): Tensor2D;
  /** Predicts probabilities, dropout off. @returns batch × classes */
  probabilities(values: Float32Array): Float32Array;
  /** Copies of all weights, in the model's order. */
  weights(): Float32Array[];
  setWeights(values: readonly Float32Array[]): void;
  dispose(): void;
}

/** Creates a network with initial weights from a seed. @param makeLayer maker of its layers */
export function createNetwork(
  tf: TensorFlow,
  choice: NetworkChoice,
  shape: NetworkShape,
  makeLayer: LayerMaker,
  seed: number,
): Network {
  const spec = networkOf(choice);
  const inputShape = inputShapeOf(spec, shape.windowLength);
  const model = buildNetwork(tf, spec, shape, makeLayer, "linear");
  const count = (weights: LayerWeights): number =>
    weights.reduce((sum, weight) => sum + (weight.shape as number[]).reduce((a, b) => a * b, 1), 0);
  const logits = (input: Tensor, training: boolean): Tensor2D =>
    tf.tidy(() => model.apply(input, { training }) as Tensor2D);
  const input = (values: Float32Array): Tensor =>
    tf.tensor(values, [values.length / shape.windowLength, ...inputShape]);

  const network: Network = {
    spec,
    shape,
    inputShape,
    predictedAtOnce: beatsAtOnce(spec, shape),
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
  network.setWeights(initialWeights(weightSpecs(model, spec), seed));
  return network;
}

/** Returns the model for saving, made of TF.js layers. */
export function plainModel(tf: TensorFlow, network: Network): LayersModel {
  const model = buildNetwork(tf, network.spec, network.shape, libraryLayers(tf), "softmax");
  setWeights(tf, model, network.weights());
  return model;
}

type LayerWeights = layers.Layer["weights"];

function setWeights(tf: TensorFlow, model: LayersModel, values: readonly Float32Array[]): void {
  tf.tidy(() => model.setWeights(model.weights.map((weight, i) => tf.tensor(values[i], weight.shape as number[]))));
}

function weightSpecs(model: LayersModel, { layers }: NetworkSpec): WeightSpec[] {
  // The model lists all trainable weights before the others, so the layer of each weight is looked up.
  const layerOf = new Map(model.layers.flatMap((layer) => layer.weights.map((weight) => [weight.id, layer])));
  const cellOf = new Map(layers.filter(isRecurrentLayer).map((layer) => [layer.id, recurrenceOf(layer).cell]));
  return model.weights.map((weight) => {
    const { name } = layerOf.get(weight.id)!;
    return {
      role: weight.originalName.split("/").at(-1)!,
      ofLstm: cellOf.get(name) === "lstm",
      shape: weight.shape as number[],
    };
  });
}
