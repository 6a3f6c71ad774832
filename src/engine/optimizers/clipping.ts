/**
 * Gradient clipping, like Keras' `clipvalue`, `clipnorm` and `global_clipnorm`. It is recorded like any other
 * operation.
 */
import type { Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { ClippingSettings } from "../../contract/domain/optimization.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

/** Clips gradients. @param limit a scalar tensor, so that it can be fed; ignored without clipping */
export function clipGradients(
  tf: TensorFlow,
  gradients: readonly Tensor[],
  kind: ClippingSettings["kind"],
  limit: Scalar,
): Tensor[] {
  switch (kind) {
    case "none":
      return [...gradients];
    case "value": {
      const negative = tf.neg(limit);
      return gradients.map((gradient) => tf.minimum(tf.maximum(gradient, negative), limit));
    }
    case "norm":
      return gradients.map((gradient) => tf.mul(gradient, scaleTo(tf, squareOf(tf, gradient), limit)));
    case "global-norm": {
      const factor = scaleTo(tf, tf.addN(gradients.map((gradient) => squareOf(tf, gradient))), limit);
      return gradients.map((gradient) => tf.mul(gradient, factor));
    }
  }
}

function squareOf(tf: TensorFlow, gradient: Tensor): Scalar {
  return tf.sum(tf.square(gradient));
}

/** Returns the factor that scales a norm to the limit; 1 for a norm within it. @param square square of the norm */
function scaleTo(tf: TensorFlow, square: Scalar, limit: Scalar): Scalar {
  return tf.div(limit, tf.maximum(tf.sqrt(square), limit));
}
