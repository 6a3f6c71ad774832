/** Layers of a network as plain data: what a network is, apart from how it is computed. */
export type LayerSpec =
  | { kind: "dense"; units: number; activation: "relu" | "softmax" | "linear" }
  | { kind: "conv1d"; filters: number; kernelSize: number; activation: "relu" | "linear" }
  | { kind: "batch-normalization" }
  | { kind: "dropout"; rate: number }
  | { kind: "max-pooling-1d"; poolSize: number }
  | { kind: "global-average-pooling-1d" }
  | { kind: "lstm"; units: number; returnSequences: boolean };

/** What every layer is made with. */
export interface LayerConfig {
  /** Without the batch; of the first layer alone. */
  inputShape?: number[];
}

/**
 * Which axis of a sequence comes first. Networks are batch first, [batch, time, channels]; a recurrence reads a whole time at
 * once, so between two of them time may stay first and nothing need be turned round.
 */
export interface SequenceLayout {
  input: "batch-first" | "time-first";
  output: "batch-first" | "time-first";
}

export const BATCH_FIRST: SequenceLayout = { input: "batch-first", output: "batch-first" };

/** Layouts of a network's layers: time stays first from one LSTM to the next, where nothing but dropout lies between. */
export function sequenceLayouts(specs: readonly LayerSpec[]): SequenceLayout[] {
  let current: SequenceLayout["input"] = "batch-first";
  return specs.map((spec, i) => {
    const input = current;
    const next = specs.slice(i + 1).find(({ kind }) => kind !== "dropout");
    const handsOn = spec.kind === "lstm" && spec.returnSequences && next?.kind === "lstm";
    if (handsOn) current = "time-first";
    else if (spec.kind !== "dropout") current = "batch-first";
    return { input, output: current };
  });
}
