/** A network for training and prediction, on any backend: probabilities, and weights as plain arrays. */
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";

export interface Network {
  readonly spec: NetworkSpec;
  readonly shape: NetworkShape;
  /** Number of beats for one call of {@link probabilities}. */
  readonly predictedAtOnce: number;
  readonly parameters: { trainable: number; total: number };
  /**
   * Predicts probabilities, dropout off.
   * @param inputs rows of each input that the network uses, in their order (`inputsUsedBy`)
   * @returns batch × classes
   */
  probabilities(inputs: readonly Float32Array[]): Float32Array;
  /**
   * Returns the output of the last hidden layer for the last call of {@link probabilities}, beats × outputs; absent where
   * the network does not keep it.
   */
  hidden?(): Float32Array;
  /** Copies of all weights, in the model's order (layer-weights.ts). */
  weights(): Float32Array[];
  setWeights(values: readonly Float32Array[]): void;
  dispose(): void;
}
