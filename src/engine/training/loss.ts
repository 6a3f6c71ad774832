/** Loss of a batch, computed from logits: exact where probabilities would round to 0 or 1. */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import type { LayerContext } from "../layers/layer-context.ts";
import type { TensorNetwork } from "../layers/network.ts";
import { createRawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

/**
 * Σ weight · (log Σ exp(logits) − logit of the true class), in nats. With weights of 1/n it is the mean over n rows.
 * @param truth class of each row, int32
 * @param weights weight of each row
 */
export type CrossEntropy = (logits: Tensor2D, truth: Tensor1D, weights: Tensor1D) => Scalar;

/** Returns the cross-entropy by TensorFlow's operation, which computes loss and gradient together. */
export function tfCrossEntropy(tf: TensorFlow): CrossEntropy {
  const ops = createRawOps(tf);
  return (logits, truth, weights) => {
    const compute = tf.customGrad((...inputs) => {
      const [given, save] = inputs as unknown as [Tensor, (tensors: Tensor[]) => void];
      const [losses, gradient] = ops.sparseSoftmaxCrossEntropy(given, truth);
      save([tf.mul(gradient, tf.reshape(weights, [-1, 1]))]);
      return {
        value: tf.sum(tf.mul(losses, weights)),
        gradFunc: (dy: Tensor, [weighted]: Tensor[]) => tf.mul(weighted, dy),
      };
    });
    return compute(logits) as Scalar;
  };
}

export interface BatchLossOptions {
  network: Pick<TensorNetwork, "logits">;
  crossEntropy: CrossEntropy;
  batch: BatchTensors;
  /** Seed of the dropout masks: two int32. */
  seed: Tensor;
  /** Receives the seed. */
  context: Pick<LayerContext, "maskSeed">;
}

/** A batch as tensors. */
export interface BatchTensors {
  values: Tensor;
  /** Class of each row, int32. */
  truth: Tensor1D;
  /** Weight of each row in the loss, already divided by the batch size. */
  weights: Tensor1D;
}

/** Returns the loss and the number of correct predictions of a batch. */
export function batchLoss(
  tf: TensorFlow,
  { network, crossEntropy, batch: { values, truth, weights }, seed, context }: BatchLossOptions,
): { loss: Scalar; correct: Scalar } {
  context.maskSeed = seed;
  const logits = network.logits(values, true);
  return { loss: crossEntropy(logits, truth, weights), correct: countCorrect(tf, logits, truth) };
}

/** Returns the number of rows whose largest logit is that of the true class, int32. */
function countCorrect(tf: TensorFlow, logits: Tensor2D, truth: Tensor1D): Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), truth), "int32"));
}
