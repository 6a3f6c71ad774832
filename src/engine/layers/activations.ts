/** Activations with hand-written gradients, for layers with an activation and for the activation layer. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Activation } from "../../contract/domain/networks.ts";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

export interface ActivationOps {
  forward: (x: Tensor) => Tensor;
  /** Tensor that the gradient needs. The output where it suffices, so that the input need not be kept. */
  keeps: "input" | "output";
  gradient: (dy: Tensor, kept: Tensor) => Tensor;
}

export function activationOps(tf: TensorFlow, ops: RawOps, activation: Activation): ActivationOps {
  switch (activation) {
    case "linear":
      return { forward: (x) => x, keeps: "output", gradient: (dy) => dy };
    case "relu":
      return { forward: ops.relu, keeps: "output", gradient: ops.reluGrad };
    case "elu":
      return { forward: ops.elu, keeps: "output", gradient: ops.eluGrad };
    case "selu":
      return { forward: ops.selu, keeps: "output", gradient: ops.seluGrad };
    case "tanh":
      return { forward: ops.tanh, keeps: "output", gradient: ops.tanhGrad };
    case "sigmoid":
      return { forward: ops.sigmoid, keeps: "output", gradient: ops.sigmoidGrad };
    case "swish":
      return {
        forward: (x) => tf.mul(x, ops.sigmoid(x)),
        keeps: "input",
        // (x·σ(x))′ = σ(x) + x·σ′(x)
        gradient: (dy, x) => {
          const y = ops.sigmoid(x);
          return tf.add(tf.mul(dy, y), ops.sigmoidGrad(tf.mul(dy, x), y));
        },
      };
    case "gelu": {
      // Φ and φ: the standard normal distribution and its density (Hendrycks & Gimpel 2016).
      const distribution = (x: Tensor): Tensor => tf.mul(tf.add(ops.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
      const density = (x: Tensor): Tensor => tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return {
        forward: (x) => tf.mul(x, distribution(x)),
        keeps: "input",
        // (x·Φ(x))′ = Φ(x) + x·φ(x)
        gradient: (dy, x) => tf.mul(dy, tf.add(distribution(x), tf.mul(x, density(x)))),
      };
    }
  }
}
