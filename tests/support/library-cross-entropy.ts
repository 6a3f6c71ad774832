/** The cross-entropy made of TF.js operations: the reference for a loss by TensorFlow's operation, or by a kernel. */
import type { Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { CrossEntropy } from "../../src/engine/training/loss.ts";
import type { TensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";

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
