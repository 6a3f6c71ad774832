/** Loss of a batch, computed from logits: exact where probabilities would round to 0 or 1. */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import type { LayerContext } from "../layers/layer-context.ts";
import { CROSS_ENTROPY, type LossShape } from "../networks/loss-shape.ts";
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

/**
 * Returns a loss with smoothed classes, a focal factor and adjusted logits, made of TensorFlow's operations. Plain
 * cross-entropy is one operation.
 */
export function tfLoss(tf: TensorFlow, shape: LossShape = CROSS_ENTROPY): CrossEntropy {
  const { labelSmoothing, focus, adjustment } = shape;
  const plain = tfCrossEntropy(tf);
  const adjusted = (logits: Tensor2D): Tensor2D =>
    adjustment === null ? logits : tf.add(logits, tf.tensor1d(adjustment));
  if (labelSmoothing === 0 && focus === 0) {
    return (logits, truth, weights) => plain(adjusted(logits), truth, weights);
  }
  return (logits, truth, weights) => {
    const classes = logits.shape[1];
    const logShares = tf.logSoftmax(adjusted(logits));
    const targets = tf.add(tf.mul(tf.oneHot(truth, classes), 1 - labelSmoothing), labelSmoothing / classes);
    const terms = tf.mul(targets, tf.neg(logShares));
    const rest = tf.maximum(tf.sub(1, tf.exp(logShares)), MIN_REST);
    const losses = tf.sum(focus === 0 ? terms : tf.mul(terms, tf.pow(rest, focus)), 1);
    return tf.sum(tf.mul(losses, weights));
  };
}

/** Smallest 1 − p in the focal factor, whose gradient would divide by 0. */
const MIN_REST = 1e-7;

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
  /** One for each input that the network uses, in their order. */
  inputs: readonly Tensor[];
  /** Class of each row, int32. */
  truth: Tensor1D;
  /** Weight of each row in the loss, already divided by the batch size. */
  weights: Tensor1D;
}

/** Returns the loss and the number of correct predictions of a batch. */
export function batchLoss(
  tf: TensorFlow,
  { network, crossEntropy, batch: { inputs, truth, weights }, seed, context }: BatchLossOptions,
): { loss: Scalar; correct: Scalar } {
  context.maskSeed = seed;
  const logits = network.logits(inputs, true);
  return { loss: crossEntropy(logits, truth, weights), correct: countCorrect(tf, logits, truth) };
}

/** Returns the number of rows whose largest logit is that of the true class, int32. */
function countCorrect(tf: TensorFlow, logits: Tensor2D, truth: Tensor1D): Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), truth), "int32"));
}
