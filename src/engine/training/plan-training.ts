/** Training by a plan on a backend: a block of steps is one call. */
import type { Backend, LoadedPlan } from "../backends/backend.ts";
import { beatsAtOnce } from "../networks/beats-at-once.ts";
import { initialWeights } from "../networks/initial-weights.ts";
import type { Network } from "../networks/network.ts";
import { inputsWithShapes, rowsOf } from "../networks/wiring.ts";
import { makePlan } from "../plan/make-plan.ts";
import { writeStepNumbers } from "../plan/plan-optimizer.ts";
import type { Plan, PlannedWeight, Program, TrainingProgram } from "../plan/plan.ts";
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import { InterruptedError, type StepBlocks } from "./step-blocks.ts";
import {
  clippingLimit,
  maskSeed,
  type Batch,
  type OptimizerState,
  type StepResult,
  type StepSettings,
  type TrainingStep,
} from "./training-step.ts";

export interface PlanTrainingOptions {
  network: NetworkSpec;
  shape: NetworkShape;
  /** Batch sizes of the training, in beats. */
  batches: readonly number[];
  settings: StepSettings;
  /** Beats predicted at once; absent: as many as memory allows. */
  predictedAtOnce?: number;
  /** Whether the network keeps the output of its last hidden layer. */
  keepsHidden?: boolean;
}

export interface PlanTraining {
  network: Network;
  step: TrainingStep;
  blocks: StepBlocks;
  /** As in {@link LoadedPlan}. */
  interruption: Int32Array | null;
}

/** Steps of a block at most, and the memory of their batches. */
const MAX_STEPS = 64;
const MAX_FEED_FLOATS = 4 * 2 ** 20;

/** Creates a network with initial weights from the seed, and its training step. */
export function createPlanTraining(
  backend: Backend,
  {
    network: spec,
    shape,
    batches,
    settings,
    predictedAtOnce = beatsAtOnce(spec, shape),
    keepsHidden = false,
  }: PlanTrainingOptions,
): PlanTraining {
  const { optimizer, clipping, loss, seed } = settings;
  const plan = makePlan({
    ...{ network: spec, shape, batches, predictedAtOnce, optimizer, clipping, keepsHidden },
    ...(loss && { loss }),
  });
  const largest = Math.max(...plan.training.map(({ feedFloats }) => feedFloats));
  const capacity = Math.max(1, Math.min(MAX_STEPS, Math.floor(MAX_FEED_FLOATS / largest)));
  const loaded = backend.load(plan, capacity);
  const network = planNetwork(plan, loaded, spec, shape);
  network.setWeights(initialWeights(plan.state.weights, seed));

  let steps = 0;
  const programOf = (beats: number): TrainingProgram => {
    const program = plan.training.find(({ batch }) => batch === beats);
    if (program === undefined) throw new RangeError(`The plan has no step of ${beats} beats.`);
    return program;
  };
  const blocks: StepBlocks = {
    capacity,
    batch(step, beats) {
      const program = programOf(beats);
      const classes = feedOf(loaded, program, step, program.truth);
      return {
        inputs: program.inputs.map((input) => feedOf(loaded, program, step, input)),
        classes: new Int32Array(classes.buffer, classes.byteOffset, classes.length),
        weights: feedOf(loaded, program, step, program.weights),
      };
    },
    run(beats, learningRates) {
      const program = programOf(beats);
      learningRates.forEach((learningRate, i) => {
        const weights = feedOf(loaded, program, i, program.weights);
        // So that the weighted sum is Keras' loss of the batch.
        for (let beat = 0; beat < beats; beat++) weights[beat] /= beats;
        writeStepNumbers(feedOf(loaded, program, i, program.numbers), optimizer, {
          step: steps + i + 1,
          learningRate,
          clippingLimit: clippingLimit(clipping),
          seed: maskSeed(seed, steps + i),
        });
      });
      const completed = loaded.run(program, learningRates.length);
      steps += completed;
      return Array.from({ length: completed }, (_, i): StepResult => {
        const [loss, correct] = feedOf(loaded, program, i, program.result);
        return { loss, correct };
      });
    },
  };
  const step: TrainingStep = {
    run(batch: Batch, learningRate) {
      const given = blocks.batch(0, batch.classes.length);
      given.inputs.forEach((input, i) => input.set(batch.inputs[i]));
      given.classes.set(batch.classes);
      given.weights.set(batch.weights);
      return blocks.run(batch.classes.length, [learningRate])[0];
    },
    state() {
      loaded.download();
      return { steps, slots: slotsOf(plan, loaded).map((slot) => slot.slice()) };
    },
    restore(state: OptimizerState) {
      steps = state.steps;
      loaded.download();
      slotsOf(plan, loaded).forEach((slot, i) => slot.set(state.slots[i]));
      loaded.upload();
    },
    // The network closes the plan.
    dispose: () => {},
  };
  return { network, step, blocks, interruption: loaded.interruption };
}

function planNetwork({ state, prediction }: Plan, loaded: LoadedPlan, spec: NetworkSpec, shape: NetworkShape): Network {
  const count = (weights: readonly PlannedWeight[]): number => weights.reduce((sum, { floats }) => sum + floats, 0);
  const viewOf = ({ offset, floats }: PlannedWeight): Float32Array =>
    loaded.memory.state.subarray(offset, offset + floats);
  const sizes = inputsWithShapes(spec, shape);
  let beats = 0;
  const { hidden } = prediction;
  return {
    spec,
    shape,
    predictedAtOnce: prediction.batch,
    parameters: { trainable: count(state.weights.filter(({ trainable }) => trainable)), total: count(state.weights) },
    probabilities(inputs) {
      beats = rowsOf(inputs, sizes);
      if (beats > prediction.batch) {
        throw new RangeError(`The plan predicts at most ${prediction.batch} beats at once; it got ${beats}.`);
      }
      inputs.forEach((values, i) => {
        const input = feedOf(loaded, prediction, 0, prediction.inputs[i]);
        input.set(values);
        input.fill(0, values.length);
      });
      if (loaded.run(prediction, 1) === 0) throw new InterruptedError();
      return feedOf(loaded, prediction, 0, prediction.probabilities).slice(0, beats * shape.classes);
    },
    ...(hidden !== undefined && {
      hidden: () => {
        const width = prediction.buffers[hidden].floats / prediction.batch;
        return feedOf(loaded, prediction, 0, hidden).slice(0, beats * width);
      },
    }),
    weights() {
      loaded.download();
      return state.weights.map((weight) => viewOf(weight).slice());
    },
    setWeights(values) {
      loaded.download();
      state.weights.forEach((weight, i) => viewOf(weight).set(values[i]));
      loaded.upload();
    },
    dispose: () => loaded.close(),
  };
}

/** Returns a buffer of a step's feed. */
function feedOf({ memory }: LoadedPlan, program: Program, step: number, buffer: number): Float32Array {
  const { offset, floats } = program.buffers[buffer];
  const from = step * program.feedFloats + offset;
  return memory.feed.subarray(from, from + floats);
}

/** Returns the slots of each trainable weight, in the optimizer's order. */
function slotsOf({ state }: Plan, { memory }: LoadedPlan): Float32Array[] {
  return state.weights
    .filter(({ trainable }) => trainable)
    .flatMap((weight) =>
      state.slots.map(({ offset }) =>
        memory.state.subarray(offset + weight.offset, offset + weight.offset + weight.floats),
      ),
    );
}
