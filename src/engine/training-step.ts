/** One step of training: a batch in, its loss out, the weights changed. */
import type { Scalar, Tensor, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import { createAdam } from "./adam.ts";
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

/** Op by op, as the library does it: slow, and the yardstick of correctness for any faster way. */
export function createEagerStep(tf: TensorFlow, network: Network, settings: { learningRate: number }): TrainingStep {
  const optimizer = createAdam(tf, network.trainable, settings);
  return {
    run(values, classes) {
      let hits: Tensor | undefined;
      const loss = tf.tidy(() => {
        const input = network.input(values);
        const truth = tf.tensor1d(classes, "int32");
        const { value, grads } = tf.variableGrads(() => {
          const logits = network.logits(input, true);
          // Kept: all else that is made on the way to the loss goes with the gradients.
          hits = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), truth), "int32")));
          return crossEntropy(tf, logits, truth);
        }, network.trainable);
        optimizer.apply(grads);
        return value.dataSync()[0];
      });
      const correct = hits!.dataSync()[0];
      hits!.dispose();
      return { loss, correct };
    },
    dispose: () => optimizer.dispose(),
  };
}

/** Mean of log Σ exp(logits) − logit of the true class. */
function crossEntropy(tf: TensorFlow, logits: Tensor2D, truth: Tensor): Scalar {
  const oneHot = tf.oneHot(truth, logits.shape[1]);
  return tf.losses.softmaxCrossEntropy(oneHot, logits);
}
