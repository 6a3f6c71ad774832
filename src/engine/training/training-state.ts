/** Where a training stands between two steps: all it takes to go on as if it had never stopped. */
import type { Evaluation } from "../../contract/domain/evaluation.ts";
import type { EpochMetrics } from "../../contract/domain/training.ts";
import { BEFORE_PLATEAU, type PlateauState } from "./learning-rate.ts";
import type { OptimizerState } from "./training-step.ts";

/**
 * Random numbers need no state of their own: an epoch's order is drawn from seed and epoch, a step's dropout masks from seed
 * and step.
 */
export interface TrainingState {
  /** Epochs that have ended. */
  epochs: EpochMetrics[];
  /** What the epoch that has begun has seen so far. */
  within: EpochSoFar;
  /** The epoch with the lowest validation loss so far. */
  best: { epoch: number; validation: Evaluation; weights: Float32Array[] } | null;
  plateau: PlateauState;
  weights: Float32Array[];
  optimizer: OptimizerState;
  /** Spent on it so far. */
  seconds: number;
}

export interface EpochSoFar {
  /** Steps done. */
  step: number;
  beats: number;
  lossSum: number;
  correct: number;
  seconds: number;
}

/** Weights and optimizer are as the network and its step were made. */
export function beginning(): TrainingState {
  return {
    epochs: [],
    within: { step: 0, beats: 0, lossSum: 0, correct: 0, seconds: 0 },
    best: null,
    plateau: BEFORE_PLATEAU,
    weights: [],
    optimizer: { steps: 0, slots: [] },
    seconds: 0,
  };
}
