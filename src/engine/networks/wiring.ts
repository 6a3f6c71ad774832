/** Connections of layers, input shapes and output layer of a network. */
import {
  INPUT_ID,
  inputIds,
  OUTPUT_ID,
  type InputId,
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

/** Returns the inputs that layers can name: a layer with the name of an input hides it. */
export function namedInputs(layers: readonly LayerSpec[]): InputId[] {
  return inputIds.filter((id) => layers.every((layer) => layer.id !== id));
}

/** Returns the inputs that a network uses, in their order: models and batches have these. */
export function inputsUsedBy({ layers }: Pick<NetworkSpec, "layers">): InputId[] {
  const used = new Set(layers.flatMap((_, i) => inputsOf(layers, i)));
  return namedInputs(layers).filter((id) => used.has(id));
}

/**
 * Returns the shape of one beat: a row of samples if it has one channel and the first layer is dense, else samples ×
 * channels.
 */
export function beatShapeOf(
  { layers }: Pick<NetworkSpec, "layers">,
  { windowLength, channels = 1 }: Pick<NetworkShape, "windowLength" | "channels">,
): number[] {
  return channels === 1 && layers[0].kind === "dense" ? [windowLength] : [windowLength, channels];
}

/** Returns the shape of an input without the batch; null where the data do not offer it. */
export function inputShapeOf(
  network: Pick<NetworkSpec, "layers">,
  shape: Omit<NetworkShape, "classes">,
  id: InputId,
): number[] | null {
  const { features, steps } = shape;
  switch (id) {
    case "input":
      return beatShapeOf(network, shape);
    case "rhythm":
      return features === undefined ? null : [features];
    case "sequence":
      return features === undefined || steps === undefined ? null : [steps, features];
  }
}

/** An input of a network. */
export interface NetworkInput {
  id: InputId;
  /** Without the batch. */
  shape: number[];
  /** Values of one beat. */
  size: number;
}

/** Returns the inputs that a sound network uses, in their order. */
export function inputsWithShapes(network: Pick<NetworkSpec, "layers">, shape: NetworkShape): NetworkInput[] {
  return inputsUsedBy(network).map((id) => {
    const found = inputShapeOf(network, shape, id)!;
    return { id, shape: found, size: found.reduce((a, b) => a * b, 1) };
  });
}

/** Returns the number of beats in the rows of the inputs. */
export function rowsOf(inputs: readonly Float32Array[], [first]: readonly Pick<NetworkInput, "size">[]): number {
  return inputs[0].length / first.size;
}

/** Returns the output layer, which every network has. Its output is logits. */
export function outputLayer({ classes }: Pick<NetworkShape, "classes">): LayerSpec {
  return { id: OUTPUT_ID, kind: "dense", units: classes, activation: "linear" };
}
