/** The loss of a batch, from logits: exact where probabilities would round to 0 or 1. */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import type { LayerContext } from "../layers/layer-context.ts";
import type { Network } from "../layers/network.ts";
import { createRawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

/**
 * Σ weight · (log Σ exp(logits) − logit of the true class), in nats. With weights of 1/n it is the mean over n rows.
 * @param truth class of each row, int32
 * @param weights of each row
 */
export type CrossEntropy = (logits: Tensor2D, truth: Tensor1D, weights: Tensor1D) => Scalar;

/** By the library's ops. */
export function libraryCrossEntropy(tf: TensorFlow): CrossEntropy {
  return (logits, truth, weights) =>
    tf.losses.softmaxCrossEntropy<Tensor, Scalar>(
      tf.oneHot(truth, logits.shape[1]),
      logits,
      weights,
      0,
      tf.Reduction.SUM,
    );
}

/** By TensorFlow's op, which gives loss and gradient at once. */
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

/** A batch as tensors. */
export interface BatchTensors {
  values: Tensor;
  /** Class of each row, int32. */
  truth: Tensor1D;
  /** What each row counts in the loss; they already hold the division by the batch's size. */
  weights: Tensor1D;
}

/**
 * Loss and right answers of a batch, computed in micro-batches side by side: cores share a recurrence, whose steps can't be shared.
 * @param context told where each part's masks come from
 */
export function batchLoss(
  tf: TensorFlow,
  network: Pick<Network, "logits">,
  crossEntropy: CrossEntropy,
  { values, truth, weights }: BatchTensors,
  microBatches: number,
  seed: Tensor,
  context?: LayerContext,
): { loss: Scalar; correct: Scalar } {
  const sizes = microBatchSizes(truth.shape[0], microBatches);
  const split = <T extends Tensor>(tensor: T): T[] => (sizes.length === 1 ? [tensor] : tf.split<T>(tensor, sizes));
  const [inputs, truths, weightings] = [split(values), split(truth), split(weights)];
  const results = sizes.map((_, part) => {
    if (context) context.maskSeed = part === 0 ? seed : tf.add(seed, tf.tensor1d([part, 0], "int32"));
    const logits = network.logits(inputs[part], true);
    const loss = crossEntropy(logits, truths[part], weightings[part]);
    return { loss, correct: countCorrect(tf, logits, truths[part]) };
  });
  const total = (tensors: Scalar[]): Scalar => (tensors.length === 1 ? tensors[0] : tf.addN(tensors));
  return { loss: total(results.map(({ loss }) => loss)), correct: total(results.map(({ correct }) => correct)) };
}

/** As equal as can be; never more micro-batches than beats. */
export function microBatchSizes(batch: number, microBatches: number): number[] {
  const count = Math.max(1, Math.min(microBatches, batch));
  return Array.from({ length: count }, (_, i) => Math.floor((batch + i) / count));
}

/** How many rows have their largest logit at the true class, int32. */
function countCorrect(tf: TensorFlow, logits: Tensor2D, truth: Tensor1D): Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), truth), "int32"));
}
