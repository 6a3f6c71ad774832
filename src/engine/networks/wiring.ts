/** Which layer takes what: inputs named or left out, and the form of a beat that the first layer wants. */
import { INPUT_ID, type LayerSpec, type NetworkSpec } from "../../contract/domain/networks.ts";

/** What the layer at `index` takes: what it names, else the layer before it, and the first one the beat. */
export function inputsOf(layers: readonly LayerSpec[], index: number): string[] {
  return layers[index].inputs ?? [index === 0 ? INPUT_ID : layers[index - 1].id];
}

/** Ids of the layers that take a layer's output, by its id. */
export function consumersOf(layers: readonly LayerSpec[]): Map<string, string[]> {
  const consumers = new Map<string, string[]>();
  layers.forEach(({ id }, i) => {
    for (const input of inputsOf(layers, i)) consumers.set(input, [...(consumers.get(input) ?? []), id]);
  });
  return consumers;
}

/** Of one beat. The rule: where the first layer is dense, a beat is a row of samples; else a sequence with one channel. */
export function inputShapeOf({ layers }: NetworkSpec, windowLength: number): number[] {
  return layers[0].kind === "dense" ? [windowLength] : [windowLength, 1];
}
