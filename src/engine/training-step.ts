/** One step of training: a batch in, its loss out, the weights changed. */
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-node-gpu";
import { createAdam } from "./adam.ts";
import type { LayerContext } from "./layers/layer-context.ts";
import { batchLoss, type CrossEntropy } from "./loss.ts";
import type { Network } from "./network.ts";
import type { TensorFlow } from "./tensorflow.ts";

export interface StepResult {
  /** Mean cross-entropy over the batch, in nats. */
  loss: number;
  /** Beats of the batch that were classified rightly, dropout on. */
  correct: number;
}

export interface TrainingStep {
  /**
   * @param values rows of samples
   * @param classes class of each row
   */
  run(values: Float32Array, classes: Int32Array): StepResult;
  dispose(): void;
}

export interface StepSettings {
  learningRate: number;
  /** Of the dropout masks. */
  seed: number;
  /** A batch is computed in so many parts side by side. Each draws its own masks. */
  parts: number;
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
  context?: LayerContext,
): TrainingStep {
  const optimizer = createAdam(tf, network.trainable, settings);
  let steps = 0;
  return {
    run(values, classes) {
      let hits: Tensor | undefined;
      const loss = tf.tidy(() => {
        const seed = tf.tensor1d(maskSeed(settings.seed, steps), "int32");
        const input = network.input(values);
        const truth: Tensor1D = tf.tensor1d(classes, "int32");
        const { value, grads } = tf.variableGrads(() => {
          const batch = batchLoss(tf, network, crossEntropy, input, truth, settings.parts, seed, context);
          // Kept: all else that is made on the way to the loss goes with the gradients.
          hits = tf.keep(batch.correct);
          return batch.loss;
        }, network.trainable);
        optimizer.apply(grads);
        return value.dataSync()[0];
      });
      steps++;
      const correct = hits!.dataSync()[0];
      hits!.dispose();
      return { loss, correct };
    },
    dispose: () => optimizer.dispose(),
  };
}

/** The two int32 that the dropout masks of a step are drawn from. @param step from 0 */
export function maskSeed(seed: number, step: number): Int32Array {
  return Int32Array.of(seed | 0, Math.imul(step, MASKS_A_STEP));
}

/** Masks are numbered on from here: no step uses those of another unless a network has more dropout layers. */
const MASKS_A_STEP = 64;
