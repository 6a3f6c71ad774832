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
  microBatches: number;
  /** Seed of the dropout masks: two int32. */
  seed: Tensor;
  /** Receives the mask seed of each micro-batch. */
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

/**
 * Returns the loss and the number of correct predictions of a batch. Micro-batches are computed in parallel: the steps
 * of a recurrence depend on each other, so only its rows can be shared among cores.
 */
export function batchLoss(
  tf: TensorFlow,
  { network, crossEntropy, batch: { values, truth, weights }, microBatches, seed, context }: BatchLossOptions,
): { loss: Scalar; correct: Scalar } {
  const sizes = microBatchSizes(truth.shape[0], microBatches);
  const split = <T extends Tensor>(tensor: T): T[] => (sizes.length === 1 ? [tensor] : tf.split<T>(tensor, sizes));
  const [inputs, truths, weightings] = [split(values), split(truth), split(weights)];
  const results = sizes.map((_, i) => {
    context.maskSeed = i === 0 ? seed : tf.add(seed, tf.tensor1d([i, 0], "int32"));
    const logits = network.logits(inputs[i], true);
    const loss = crossEntropy(logits, truths[i], weightings[i]);
    return { loss, correct: countCorrect(tf, logits, truths[i]) };
  });
  const total = (tensors: Scalar[]): Scalar => (tensors.length === 1 ? tensors[0] : tf.addN(tensors));
  return { loss: total(results.map(({ loss }) => loss)), correct: total(results.map(({ correct }) => correct)) };
}

/** Returns the beats of each micro-batch: sizes that differ by 1 at most, and never more micro-batches than beats. */
export function microBatchSizes(batch: number, microBatches: number): number[] {
  const count = Math.max(1, Math.min(microBatches, batch));
  return Array.from({ length: count }, (_, i) => Math.floor((batch + i) / count));
}

/** Returns the number of rows whose largest logit is that of the true class, int32. */
function countCorrect(tf: TensorFlow, logits: Tensor2D, truth: Tensor1D): Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), truth), "int32"));
}
