/** State of a training between two steps: everything that a resumed training needs to equal an uninterrupted one. */
import type { Evaluation } from "../../contract/domain/evaluation.ts";
import type { EpochMetrics } from "../../contract/domain/training.ts";
import { BEFORE_PLATEAU, type PlateauState } from "./learning-rate.ts";
import type { OptimizerState } from "./training-step.ts";

/**
 * Random numbers need no state: the order of an epoch is drawn from seed and epoch, the dropout masks of a step from
 * seed and step.
 */
export interface TrainingState {
  /** Finished epochs. */
  epochs: EpochMetrics[];
  /** Sums over the current epoch. */
  within: EpochSoFar;
  /** The epoch with the lowest validation loss so far. */
  best: { epoch: number; validation: Evaluation; weights: Float32Array[] } | null;
  plateau: PlateauState;
  weights: Float32Array[];
  optimizer: OptimizerState;
  /** Training time so far. */
  seconds: number;
}

export interface EpochSoFar {
  /** Finished steps of the epoch. */
  step: number;
  beats: number;
  lossSum: number;
  correct: number;
  seconds: number;
}

/** Returns the state of a training that has not begun; network and step keep their initial weights and slots. */
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
