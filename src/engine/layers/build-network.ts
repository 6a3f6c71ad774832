/** Builds a network: its layers, their connections, and the output layer. */
import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs-node-gpu";
import { OUTPUT_ID, type NetworkShape, type NetworkSpec } from "../../contract/domain/networks.ts";
import type { LayerMaker } from "./library-layers.ts";
import { sequenceLayouts } from "../networks/sequence-layouts.ts";
import { inputsOf, inputsWithShapes } from "../networks/wiring.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

/**
 * Builds a network with all weights 0 (see initial-weights.ts). Inputs: those that it uses, [batch, ...shape]; output:
 * [batch, classes].
 * @param network a sound network, see `describeNetwork`
 * @param output `softmax` outputs probabilities, `linear` logits
 */
export function buildNetwork(
  tf: TensorFlow,
  network: NetworkSpec,
  shape: NetworkShape,
  makeLayer: LayerMaker,
  output: "softmax" | "linear",
): LayersModel {
  const { layers } = network;
  const outputs = new Map<string, SymbolicTensor>();
  for (const { id, shape: of } of inputsWithShapes(network, shape)) outputs.set(id, tf.input({ name: id, shape: of }));
  const inputs = [...outputs.values()];
  const layouts = sequenceLayouts(network);
  layers.forEach((spec, i) => {
    const given = inputsOf(layers, i).map((id) => outputs.get(id)!);
    const layer = makeLayer(spec, layouts.get(spec.id));
    outputs.set(spec.id, layer.apply(given.length === 1 ? given[0] : given) as SymbolicTensor);
  });
  const last =
    output === "softmax"
      ? tf.layers.dense({ name: OUTPUT_ID, units: shape.classes, activation: output, kernelInitializer: "zeros" })
      : makeLayer({ id: OUTPUT_ID, kind: "dense", units: shape.classes, activation: output });
  const classed = last.apply(outputs.get(layers.at(-1)!.id)!) as SymbolicTensor;
  return tf.model({ name: "network", inputs, outputs: classed });
}
