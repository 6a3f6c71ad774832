/** What computes the same as a layer of Keras: layers of Ectopy, and their weights. */
import type { LayerSpec } from "../../../contract/domain/networks.ts";
import type { Weight } from "../trained-model.ts";

/** A layer of Ectopy without its id. */
export type Part = LayerSpec extends infer Each
  ? Each extends LayerSpec
    ? Omit<Each, "id" | "inputs">
    : never
  : never;

export interface Equivalent {
  /** Layers, each behind the one before; none: the layer changes nothing in a prediction. */
  parts: readonly Part[];
  /** The layer's weights in Keras' order. */
  roles: readonly string[];
  /** Returns the weights of each part from those of the file. */
  weights: (given: readonly Weight[]) => Weight[][];
}

export const nothing: Equivalent = { parts: [], roles: [], weights: () => [] };

/** Returns a chain of layers without weights. */
export function chain(...parts: readonly Part[]): Equivalent {
  return { parts, roles: [], weights: () => parts.map(() => []) };
}

/** Returns a layer whose weights are those of the file. */
export function weighted(part: Part, roles: readonly string[]): Equivalent {
  return { parts: [part], roles, weights: (given) => [[...given]] };
}

/** Returns both layers, one behind the other. */
export function joined(first: Equivalent, second: Equivalent): Equivalent {
  return {
    parts: [...first.parts, ...second.parts],
    roles: [...first.roles, ...second.roles],
    weights: (given) => [
      ...first.weights(given.slice(0, first.roles.length)),
      ...second.weights(given.slice(first.roles.length)),
    ],
  };
}
