/** The order in which Keras and TF.js list the layers of a model. Weights are stored and matched in this order. */
import { OUTPUT_ID, type NetworkSpec } from "../../contract/domain/networks.ts";
import { inputsOf, inputsUsedBy } from "./wiring.ts";

/** Returns the layers of a network in Keras' order. */
export function kerasOrder({ layers }: NetworkSpec): string[] {
  return orderByDistance(
    new Map<string, readonly string[]>([
      ...inputsUsedBy({ layers }).map((id): [string, string[]] => [id, []]),
      ...layers.map(({ id }, i): [string, string[]] => [id, inputsOf(layers, i)]),
      [OUTPUT_ID, [layers.at(-1)!.id]],
    ]),
  );
}

/**
 * Returns the layers in Keras' order (`keras/src/ops/function.py`, map_graph): from the inputs to the output by their
 * distance from the output; layers at the same distance in the order of a traversal back from the output.
 * @param inputs of each layer, by its name; each layer follows its inputs, and the output is last
 */
export function orderByDistance(inputs: ReadonlyMap<string, readonly string[]>): string[] {
  const [output] = [...inputs.keys()].slice(-1);
  const visited: string[] = [];
  const visit = (id: string): void => {
    if (visited.includes(id)) return;
    visited.push(id);
    for (const input of inputs.get(id)!) visit(input);
  };
  visit(output);
  const distance = new Map<string, number>(visited.map((id) => [id, 0]));
  // Each layer follows its inputs, so in reverse order the distance of a layer is known before it is passed to its
  // inputs.
  for (const id of [...inputs.keys()].reverse()) {
    if (!distance.has(id)) continue;
    for (const input of inputs.get(id)!) distance.set(input, Math.max(distance.get(input)!, distance.get(id)! + 1));
  }
  return [...visited].sort((a, b) => distance.get(b)! - distance.get(a)! || visited.indexOf(a) - visited.indexOf(b));
}
