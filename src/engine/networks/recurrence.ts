/** Common properties of recurrent layers, for any cell, in one or both directions. */
import type { LayerSpec, NetworkSpec, RecurrentSpec } from "../../contract/domain/networks.ts";

export type RecurrentLayer = Extract<LayerSpec, { kind: "lstm" | "gru" | "bidirectional" }>;

export interface Recurrence {
  cell: RecurrentSpec["kind"];
  units: number;
  directions: 1 | 2;
  returnSequences: boolean;
  /** Gates of each step: input, forget, cell, output of an LSTM; update, reset, state of a GRU. */
  gates: number;
  /** Rows of the bias: a GRU has one for the input and one for the previous state. */
  biases: number;
}

export function recurrenceOf(layer: RecurrentLayer): Recurrence {
  const { kind: cell, units, returnSequences } = layer.kind === "bidirectional" ? layer.layer : layer;
  return {
    cell,
    units,
    directions: layer.kind === "bidirectional" ? 2 : 1,
    returnSequences,
    gates: cell === "lstm" ? 4 : 3,
    biases: cell === "lstm" ? 1 : 2,
  };
}

export function isRecurrentLayer(layer: LayerSpec): layer is RecurrentLayer {
  return layer.kind === "lstm" || layer.kind === "gru" || layer.kind === "bidirectional";
}

/** Returns whether a network has a recurrent layer, whose steps depend on each other. */
export function isRecurrent({ layers }: NetworkSpec): boolean {
  return layers.some(isRecurrentLayer);
}
