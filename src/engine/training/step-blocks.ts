/**
 * Blocks of training steps: a backend that runs a plan takes many steps in one call. Where steps run one by one, a block
 * is a loop over them.
 */
import type { Batch, StepResult, TrainingStep } from "./training-step.ts";

export interface StepBlocks {
  /** Steps of a block at most. */
  readonly capacity: number;
  /**
   * Returns the arrays of a step of the next block, to be filled before it is run.
   * @param step from 0
   * @param beats the same for all steps of a block
   */
  batch(step: number, beats: number): Batch;
  /** Runs the steps whose batches have been filled. @param learningRates one for each step */
  run(beats: number, learningRates: readonly number[]): StepResult[];
}

/** Returns blocks of one step. */
export function singleSteps(step: TrainingStep, windowLength: number): StepBlocks {
  let batch: Batch = { values: new Float32Array(0), classes: new Int32Array(0), weights: new Float32Array(0) };
  return {
    capacity: 1,
    batch(_, beats) {
      if (batch.classes.length !== beats) {
        batch = {
          values: new Float32Array(beats * windowLength),
          classes: new Int32Array(beats),
          weights: new Float32Array(beats),
        };
      }
      return batch;
    },
    run: (_, [learningRate]) => [step.run(batch, learningRate)],
  };
}
