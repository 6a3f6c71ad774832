/** Arguments of a layer beside its specification (contract/domain/networks.ts). */

export interface LayerConfig {
  /** Id in the network. */
  name: string;
}

/**
 * Order of a sequence's axes. Networks are batch first, [batch, time, channels]. A recurrence reads one time step of
 * all rows at once, so a sequence between two recurrences may stay time first, without transpositions.
 */
export interface SequenceLayout {
  input: "batch-first" | "time-first";
  output: "batch-first" | "time-first";
}

export const BATCH_FIRST: SequenceLayout = { input: "batch-first", output: "batch-first" };
