/** One step of training: a batch in, its loss out, the weights changed. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { ClippingSettings, OptimizerSettings } from "../../contract/domain/optimization.ts";
import type { LayerContext } from "../layers/layer-context.ts";
import { batchLoss, type CrossEntropy } from "./loss.ts";
import type { Network } from "../layers/network.ts";
import { clipGradients } from "../optimizers/clipping.ts";
import { createOptimizer } from "../optimizers/create-optimizer.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

/** A step keeps none of its arrays: they may be filled anew for the next one. */
export interface Batch {
  /** Rows of samples. */
  values: Float32Array;
  /** Class of each row. */
  classes: Int32Array;
  /** What each row counts in the loss; 1 where nothing else is chosen. */
  weights: Float32Array;
}

export interface StepResult {
  /** Σ weight · cross-entropy / rows, in nats, as Keras reports it: the mean where every row counts 1. */
  loss: number;
  /** Beats of the batch that were classified rightly, dropout on. */
  correct: number;
}

/** All that a step depends on besides the weights and the batch: with them, a training can be taken up again exactly. */
export interface OptimizerState {
  /** Steps done. Dropout masks and Adam's bias correction follow from it. */
  steps: number;
  /** What the optimizer remembers: for each trainable weight its slots, in the optimizer's order. */
  slots: Float32Array[];
}

export interface TrainingStep {
  run(batch: Batch, learningRate: number): StepResult;
  state(): OptimizerState;
  restore(state: OptimizerState): void;
  dispose(): void;
}

export interface StepSettings {
  optimizer: OptimizerSettings;
  clipping: ClippingSettings;
  /** Of the dropout masks. */
  seed: number;
  /** A batch is computed in so many micro-batches side by side. Each draws its own masks. */
  microBatches: number;
}

/**
 * Op by op, as the library does it: slow, and the yardstick of correctness for any faster way.
 * @param context where the layers draw their masks by seed: told each step's
 */
export function createEagerStep(
  tf: TensorFlow,
  network: Network,
  crossEntropy: CrossEntropy,
  settings: StepSettings,
  context: LayerContext,
): TrainingStep {
  const optimizer = createOptimizer(settings.optimizer);
  const { trainable } = network;
  let slots = trainable.map(({ shape }) => optimizer.slots.map(() => tf.keep(tf.zeros(shape))));
  let steps = 0;
  const replaceSlots = (next: Tensor[][]): void => {
    tf.dispose(slots);
    slots = next.map((tensors) => tensors.map((tensor) => tf.keep(tensor)));
  };
  return {
    run({ values, classes, weights }, learningRate) {
      let hits: Tensor | undefined;
      const loss = tf.tidy(() => {
        const seed = tf.tensor1d(maskSeed(settings.seed, steps), "int32");
        context.step = steps;
        const batch = {
          values: network.input(values),
          truth: tf.tensor1d(classes, "int32"),
          weights: tf.tensor1d(lossWeights(weights)),
        };
        const { value, grads } = tf.variableGrads(() => {
          const result = batchLoss(tf, network, crossEntropy, batch, settings.microBatches, seed, context);
          // Kept: all else that is made on the way to the loss goes with the gradients.
          hits = tf.keep(result.correct);
          return result.loss;
        }, trainable);
        const gradients = clipGradients(
          tf,
          trainable.map(({ name }) => grads[name]),
          settings.clipping.kind,
          tf.scalar(clippingLimit(settings.clipping)),
        );
        const numbers = optimizer.numbers(steps + 1, learningRate);
        const changed = trainable.map((weight, i) => optimizer.apply(tf, weight, slots[i], gradients[i], numbers));
        changed.forEach(({ weight }, i) => trainable[i].assign(weight));
        replaceSlots(changed.map((change) => change.slots));
        return value.dataSync()[0];
      });
      steps++;
      const correct = hits!.dataSync()[0];
      hits!.dispose();
      return { loss, correct };
    },
    state: () => ({ steps, slots: slots.flat().map((slot) => (slot.dataSync() as Float32Array).slice()) }),
    restore(state) {
      steps = state.steps;
      const count = optimizer.slots.length;
      replaceSlots(
        trainable.map(({ shape }, i) => optimizer.slots.map((_, k) => tf.tensor(state.slots[i * count + k], shape))),
      );
    },
    dispose: () => tf.dispose(slots),
  };
}

/** Each row's weight, divided by the number of rows: their sum over the rows' losses is what Keras calls the batch's loss. */
export function lossWeights(weights: Float32Array): Float32Array {
  return weights.map((weight) => weight / weights.length);
}

export function clippingLimit(clipping: ClippingSettings): number {
  return clipping.kind === "none" ? 0 : clipping.limit;
}

/** The two int32 that the dropout masks of a step are drawn from. @param step from 0 */
export function maskSeed(seed: number, step: number): Int32Array {
  return Int32Array.of(seed | 0, Math.imul(step, MASKS_A_STEP));
}

/** Masks are numbered on from here: no step uses those of another unless a network has more dropout layers. */
const MASKS_A_STEP = 64;
