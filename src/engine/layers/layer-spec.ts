/** What a layer of the engine is made with, beside its specification (contract/networks.ts). */

export interface LayerConfig {
  /** Its id in the network. */
  name: string;
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
