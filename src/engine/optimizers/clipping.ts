/** Clipping of gradients, as Keras' `clipvalue`, `clipnorm` and `global_clipnorm` have it. Recorded like any other op. */
import type { Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { ClippingSettings } from "../../contract/domain/optimization.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

/** @param limit a scalar, so that it can be fed; not looked at where nothing is clipped */
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
      return gradients.map((gradient) => tf.mul(gradient, shortening(tf, squareOf(tf, gradient), limit)));
    case "global-norm": {
      const factor = shortening(tf, tf.addN(gradients.map((gradient) => squareOf(tf, gradient))), limit);
      return gradients.map((gradient) => tf.mul(gradient, factor));
    }
  }
}

function squareOf(tf: TensorFlow, gradient: Tensor): Scalar {
  return tf.sum(tf.square(gradient));
}

/** What takes a length, whose square is given, to the limit; 1 where it is within. */
function shortening(tf: TensorFlow, square: Scalar, limit: Scalar): Scalar {
  return tf.div(limit, tf.maximum(tf.sqrt(square), limit));
}
