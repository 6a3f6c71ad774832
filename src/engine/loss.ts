/** The loss of a batch, from logits: exact where probabilities would round to 0 or 1. */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import { createRawOps } from "./raw-ops.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** Mean sparse categorical cross-entropy, in nats. @param truth class of each row, int32 */
export type CrossEntropy = (logits: Tensor2D, truth: Tensor1D) => Scalar;

/** Mean of log Σ exp(logits) − logit of the true class, by the library's ops. */
export function libraryCrossEntropy(tf: TensorFlow): CrossEntropy {
  return (logits, truth) => tf.losses.softmaxCrossEntropy<Tensor, Scalar>(tf.oneHot(truth, logits.shape[1]), logits);
}

/** The same by TensorFlow's op, which gives loss and gradient at once. */
export function nativeCrossEntropy(tf: TensorFlow): CrossEntropy {
  const ops = createRawOps(tf);
  return (logits, truth) => {
    const compute = tf.customGrad((...inputs) => {
      const [given, save] = inputs as unknown as [Tensor, (tensors: Tensor[]) => void];
      const [losses, gradient] = ops.sparseSoftmaxCrossEntropy(given, truth);
      save([gradient]);
      return {
        value: tf.mean(losses),
        gradFunc: (dy: Tensor, [gradient]: Tensor[]) => tf.mul(gradient, tf.div(dy, gradient.shape[0])),
      };
    });
    return compute(logits) as Scalar;
  };
}

/** How many rows have their largest logit at the true class, int32. */
export function countCorrect(tf: TensorFlow, logits: Tensor2D, truth: Tensor1D): Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), truth), "int32"));
}
