/** Builds a network: its layers, their connections, and the output layer. */
import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs-node-gpu";
import { INPUT_ID, OUTPUT_ID, type NetworkShape, type NetworkSpec } from "../../contract/domain/networks.ts";
import type { LayerMaker } from "./library-layers.ts";
import { sequenceLayouts } from "../networks/sequence-layouts.ts";
import { inputShapeOf, inputsOf } from "../networks/wiring.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

/**
 * Builds a network with all weights 0 (see initial-weights.ts). Input: [batch, ...{@link inputShapeOf}]; output:
 * [batch, classes].
 * @param network a sound network, see `describeNetwork`
 * @param output `softmax` outputs probabilities, `linear` logits
 */
export function buildNetwork(
  tf: TensorFlow,
  network: NetworkSpec,
  { windowLength, classes }: NetworkShape,
  makeLayer: LayerMaker,
  output: "softmax" | "linear",
): LayersModel {
  const { layers } = network;
  const input = tf.input({ name: INPUT_ID, shape: inputShapeOf(network, windowLength) });
  const outputs = new Map<string, SymbolicTensor>([[INPUT_ID, input]]);
  const layouts = sequenceLayouts(network);
  layers.forEach((spec, i) => {
    const inputs = inputsOf(layers, i).map((id) => outputs.get(id)!);
    const layer = makeLayer(spec, layouts.get(spec.id));
    outputs.set(spec.id, layer.apply(inputs.length === 1 ? inputs[0] : inputs) as SymbolicTensor);
  });
  const last =
    output === "softmax"
      ? tf.layers.dense({ name: OUTPUT_ID, units: classes, activation: output, kernelInitializer: "zeros" })
      : makeLayer({ id: OUTPUT_ID, kind: "dense", units: classes, activation: output });
  const classed = last.apply(outputs.get(layers.at(-1)!.id)!) as SymbolicTensor;
  return tf.model({ name: "network", inputs: input, outputs: classed });
}
