/** tf.customGrad for any number of inputs, which its types do not allow. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

export interface Differentiable {
  value: Tensor;
  /** @returns gradient with respect to each input */
  gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];
}

/**
 * Returns a function with a custom gradient.
 * @param compute receives the inputs, and `save` for tensors that the gradient needs
 */
export function differentiable(
  tf: TensorFlow,
  compute: (inputs: Tensor[], save: (tensors: Tensor[]) => void) => Differentiable,
): (...inputs: Tensor[]) => Tensor {
  return tf.customGrad((...given) => {
    const inputs = given.slice(0, -1) as Tensor[];
    return compute(inputs, given.at(-1) as (tensors: Tensor[]) => void);
  });
}
