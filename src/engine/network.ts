/** A network that can be trained and asked: its model, its logits, its weights as plain arrays. */
import type { Sequential, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-node-gpu";
import type { NetworkName } from "../contract/training.ts";
import { randomStream } from "../pipeline/random.ts";
import { initialWeights } from "./initial-weights.ts";
import { buildNetwork, inputShape, type NetworkShape } from "./networks.ts";
import { seededDropout } from "./seeded-dropout.ts";
import type { TensorFlow } from "./tensorflow.ts";

export interface Network {
  readonly name: NetworkName;
  readonly shape: NetworkShape;
  readonly parameters: { trainable: number; total: number };
  /** Weights that the optimizer changes, in the model's order. */
  readonly trainable: Variable[];
  /** @param values rows of `windowLength` samples */
  input(values: Float32Array): Tensor;
  /** Values before the softmax, [batch, classes]: the loss taken from them is exact where probabilities reach 0 or 1. */
  logits(input: Tensor, training: boolean): Tensor2D;
  /** All weights (trainable and not) as copies, in the model's order. */
  weights(): Float32Array[];
  setWeights(values: readonly Float32Array[]): void;
  dispose(): void;
}

/** A network with its first weights, and its dropout masks, drawn from a seed. */
export function createNetwork(tf: TensorFlow, name: NetworkName, shape: NetworkShape, seed: number): Network {
  const model = buildNetwork(tf, name, shape, seededDropout(tf, randomStream(seed, "dropout")));
  const body = model.layers.slice(0, -1);
  const [kernel, bias] = model.layers.at(-1)!.weights;
  const size = (weight: { shape: (number | null)[] }): number => weight.shape.reduce<number>((a, b) => a * (b ?? 1), 1);
  const total = model.weights.reduce((sum, weight) => sum + size(weight), 0);
  const trainable = model.trainableWeights.reduce((sum, weight) => sum + size(weight), 0);

  const network: Network = {
    name,
    shape,
    parameters: { trainable, total },
    trainable: model.trainableWeights.map((weight) => weight.read() as Variable),
    input: (values) => {
      const [length, ...channel] = inputShape(name, shape.windowLength);
      return tf.tensor(values, [values.length / length, length, ...channel]);
    },
    logits: (input, training) =>
      tf.tidy(() => {
        let current = input;
        for (const layer of body) current = layer.apply(current, { training }) as Tensor;
        return tf.add(tf.matMul(current as Tensor2D, kernel.read() as Tensor2D), bias.read());
      }),
    weights: () => model.weights.map((weight) => (weight.read().dataSync() as Float32Array).slice()),
    setWeights: (values) => setWeights(tf, model, values),
    dispose: () => void model.dispose(),
  };
  network.setWeights(initialWeights(weightSpecs(model), seed));
  return network;
}

/** The model as it is saved: the library's own layers, nothing of ours. */
export function plainModel(tf: TensorFlow, network: Network): Sequential {
  const model = buildNetwork(tf, network.name, network.shape);
  setWeights(tf, model, network.weights());
  return model;
}

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
