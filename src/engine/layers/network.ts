/** A network of TensorFlow's or TF.js's layers. */
import type { layers, LayersModel, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-node-gpu";
import { networkOf } from "../../contract/settings/network-presets.ts";
import type { NetworkShape } from "../../contract/domain/networks.ts";
import type { NetworkChoice } from "../../contract/domain/training.ts";
import { buildNetwork } from "./build-network.ts";
import { initialWeights } from "../networks/initial-weights.ts";
import { weightsOf } from "../networks/layer-weights.ts";
import type { LayerMaker } from "./library-layers.ts";
import { beatsAtOnce } from "../networks/beats-at-once.ts";
import type { Network } from "../networks/network.ts";
import { inputsWithShapes, type NetworkInput } from "../networks/wiring.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

/** A network of TensorFlow's tensors. */
export interface TensorNetwork extends Network {
  /** Inputs that the network uses, in their order. */
  readonly inputsWithShapes: readonly NetworkInput[];
  /** Weights that the optimizer updates, in the model's order. */
  readonly trainable: Variable[];
  /** Moving means and variances, which follow the trainable weights in the model's order. */
  readonly moving: Variable[];
  /** Returns the input tensors. @param values rows of each input */
  inputs(values: readonly Float32Array[]): Tensor[];
  /** Logits (before the softmax), [batch, classes]: their loss is exact where probabilities round to 0 or 1. */
  logits(inputs: readonly Tensor[], training: boolean): Tensor2D;
}

/** Creates a network with initial weights from a seed. @param makeLayer maker of its layers */
export function createNetwork(
  tf: TensorFlow,
  choice: NetworkChoice,
  shape: NetworkShape,
  makeLayer: LayerMaker,
  seed: number,
): TensorNetwork {
  const spec = networkOf(choice);
  const given = inputsWithShapes(spec, shape);
  const model = buildNetwork(tf, spec, shape, makeLayer, "linear");
  const count = (weights: LayerWeights): number =>
    weights.reduce((sum, weight) => sum + (weight.shape as number[]).reduce((a, b) => a * b, 1), 0);
  const logits = (inputs: readonly Tensor[], training: boolean): Tensor2D =>
    tf.tidy(() => model.apply(inputs.length === 1 ? inputs[0] : [...inputs], { training }) as Tensor2D);
  const inputs = (values: readonly Float32Array[]): Tensor[] =>
    given.map(({ shape, size }, i) => tf.tensor(values[i], [values[i].length / size, ...shape]));

  const network: TensorNetwork = {
    spec,
    shape,
    inputsWithShapes: given,
    predictedAtOnce: beatsAtOnce(spec, shape),
    parameters: { trainable: count(model.trainableWeights), total: count(model.weights) },
    trainable: model.trainableWeights.map((weight) => weight.read() as Variable),
    moving: model.nonTrainableWeights.map((weight) => weight.read() as Variable),
    inputs,
    logits,
    probabilities: (values) => tf.tidy(() => tf.softmax(logits(inputs(values), false)).dataSync() as Float32Array),
    weights: () => model.weights.map((weight) => (weight.read().dataSync() as Float32Array).slice()),
    setWeights: (values) => setWeights(tf, model, values),
    dispose: () => void model.dispose(),
  };
  network.setWeights(initialWeights(weightsOf(spec, shape), seed));
  return network;
}

type LayerWeights = layers.Layer["weights"];

function setWeights(tf: TensorFlow, model: LayersModel, values: readonly Float32Array[]): void {
  tf.tidy(() => model.setWeights(model.weights.map((weight, i) => tf.tensor(values[i], weight.shape as number[]))));
}
