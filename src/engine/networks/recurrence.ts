/** What recurrent layers have in common, whichever cell they have and whether they go one way or both. */
import type { LayerSpec, NetworkSpec, RecurrentSpec } from "../../contract/domain/networks.ts";

export type RecurrentLayer = Extract<LayerSpec, { kind: "lstm" | "gru" | "bidirectional" }>;

export interface Recurrence {
  cell: RecurrentSpec["kind"];
  units: number;
  directions: 1 | 2;
  returnSequences: boolean;
  /** Products of input and state that each step takes: an LSTM's input, forget, cell, output; a GRU's update, reset, state. */
  gates: number;
  /** Rows of biases: a GRU has one for the input and one for the state before. */
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

/** Whether any layer goes through time step by step, each waiting for the one before. */
export function isRecurrent({ layers }: NetworkSpec): boolean {
  return layers.some(isRecurrentLayer);
}
