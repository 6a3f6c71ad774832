/** Layers of a network as plain data: what a network is, apart from how it is computed. */
export type LayerSpec =
  | { kind: "dense"; units: number; activation: "relu" | "softmax" | "linear" }
  | { kind: "conv1d"; filters: number; kernelSize: number; activation: "relu" | "linear" }
  | { kind: "batch-normalization" }
  | { kind: "dropout"; rate: number }
  | { kind: "max-pooling-1d"; poolSize: number }
  | { kind: "global-average-pooling-1d" }
  | { kind: "lstm"; units: number; returnSequences: boolean };
