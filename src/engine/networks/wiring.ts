/** Connections of layers, input shape and output layer of a network. */
import {
  INPUT_ID,
  OUTPUT_ID,
  type LayerSpec,
  type NetworkShape,
  type NetworkSpec,
} from "../../contract/domain/networks.ts";

/**
 * Returns the inputs of the layer at `index`: the named ones, else the previous layer, for the first layer the beat.
 */
export function inputsOf(layers: readonly LayerSpec[], index: number): string[] {
  return layers[index].inputs ?? [index === 0 ? INPUT_ID : layers[index - 1].id];
}

/** Returns the ids of the layers that use each layer's output, by its id. */
export function consumersOf(layers: readonly LayerSpec[]): Map<string, string[]> {
  const consumers = new Map<string, string[]>();
  layers.forEach(({ id }, i) => {
    for (const input of inputsOf(layers, i)) consumers.set(input, [...(consumers.get(input) ?? []), id]);
  });
  return consumers;
}

/** Returns the shape of one beat: a row of samples if the first layer is dense, else a sequence with one channel. */
export function inputShapeOf({ layers }: NetworkSpec, windowLength: number): number[] {
  return layers[0].kind === "dense" ? [windowLength] : [windowLength, 1];
}

/** Returns the output layer, which every network has. Its output is logits. */
export function outputLayer({ classes }: Pick<NetworkShape, "classes">): LayerSpec {
  return { id: OUTPUT_ID, kind: "dense", units: classes, activation: "linear" };
}
