/** One training step: it takes a batch, updates the weights and returns the loss. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { ClippingSettings, OptimizerSettings } from "../../contract/domain/optimization.ts";
import type { LossShape } from "../networks/loss-shape.ts";
import type { LayerContext } from "../layers/layer-context.ts";
import { batchLoss, type CrossEntropy } from "./loss.ts";
import type { TensorNetwork } from "../layers/network.ts";
import { clipGradients } from "../optimizers/clipping.ts";
import { createOptimizer } from "../optimizers/create-optimizer.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

/** A batch of beats. A step keeps none of its arrays: they may be reused for the next step. */
export interface Batch {
  /** Rows of each input that the network uses, in their order (`inputsUsedBy`). */
  inputs: readonly Float32Array[];
  /** Class of each row. */
  classes: Int32Array;
  /** Weight of each row in the loss; 1 by default. */
  weights: Float32Array;
}

export interface StepResult {
  /** Σ weight · loss / rows, in nats, as Keras reports it: the mean where every weight is 1. */
  loss: number;
  /** Correctly classified beats of the batch, dropout on. */
  correct: number;
}

/** State of a step besides weights and batch: with it, a training can be resumed exactly. */
export interface OptimizerState {
  /** Finished steps. Dropout masks and Adam's bias correction follow from it. */
  steps: number;
  /** Slots of each trainable weight, in the optimizer's order. */
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
  /** Cross-entropy by default. */
  loss?: LossShape;
  /** Seed of the dropout masks. */
  seed: number;
}

/**
 * Creates a step that is executed op by op: slow, and the reference that faster implementations are tested against.
 * @param context receives the mask seed of each step
 */
export function createEagerStep(
  tf: TensorFlow,
  network: TensorNetwork,
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
    run({ inputs, classes, weights }, learningRate) {
      let hits: Tensor | undefined;
      const loss = tf.tidy(() => {
        const seed = tf.tensor1d(maskSeed(settings.seed, steps), "int32");
        const batch = {
          inputs: network.inputs(inputs),
          truth: tf.tensor1d(classes, "int32"),
          weights: tf.tensor1d(lossWeights(weights)),
        };
        const { value, grads } = tf.variableGrads(() => {
          const result = batchLoss(tf, { network, crossEntropy, batch, seed, context });
          // Kept: `variableGrads` disposes all other intermediate tensors.
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

/** Returns each row's weight divided by the number of rows, so that the weighted sum is Keras' loss of the batch. */
export function lossWeights(weights: Float32Array): Float32Array {
  return weights.map((weight) => weight / weights.length);
}

/** Returns the limit of clipping; 0 where gradients are not clipped. */
export function clippingLimit(clipping: ClippingSettings): number {
  return clipping.kind === "none" ? 0 : clipping.limit;
}

/** Returns the seed of a step's dropout masks: two int32. @param step from 0 */
export function maskSeed(seed: number, step: number): Int32Array {
  return Int32Array.of(seed | 0, Math.imul(step, MASKS_PER_STEP));
}

/** Mask numbers reserved for each step: two steps share none unless a network has more dropout layers. */
const MASKS_PER_STEP = 64;
