/**
 * Blocks of training steps: a backend that runs a plan takes many steps in one call. Where steps run one by one, a block
 * is a loop over them.
 */
import type { NetworkInput } from "../networks/wiring.ts";
import type { Batch, StepResult, TrainingStep } from "./training-step.ts";

/** A prediction was interrupted: it has no result, and may be repeated. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

export interface StepBlocks {
  /** Steps of a block at most. */
  readonly capacity: number;
  /**
   * Returns the arrays of a step of the next block, to be filled before it is run.
   * @param step from 0
   * @param beats the same for all steps of a block
   */
  batch(step: number, beats: number): Batch;
  /**
   * Runs the steps whose batches have been filled.
   * @param learningRates one for each step
   * @returns results of the completed steps: fewer where the run was interrupted
   */
  run(beats: number, learningRates: readonly number[]): StepResult[];
}

/** Returns blocks of one step. @param inputs inputs of the network, in their order */
export function singleSteps(step: TrainingStep, inputs: readonly Pick<NetworkInput, "size">[]): StepBlocks {
  let batch: Batch = { inputs: [], classes: new Int32Array(0), weights: new Float32Array(0) };
  return {
    capacity: 1,
    batch(_, beats) {
      if (batch.classes.length !== beats) {
        batch = {
          inputs: inputs.map(({ size }) => new Float32Array(beats * size)),
          classes: new Int32Array(beats),
          weights: new Float32Array(beats),
        };
      }
      return batch;
    },
    run: (_, [learningRate]) => [step.run(batch, learningRate)],
  };
}
