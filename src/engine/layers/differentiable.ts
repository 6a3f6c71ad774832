/** tf.customGrad with the number of inputs left open, as its own types don't. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

export interface Differentiable {
  value: Tensor;
  /** @returns the gradient by each input */
  gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];
}

/** @param compute is given the inputs, and `save` for what the gradient will need */
export function differentiable(
  tf: TensorFlow,
  compute: (inputs: Tensor[], save: (tensors: Tensor[]) => void) => Differentiable,
): (...inputs: Tensor[]) => Tensor {
  return tf.customGrad((...given) => {
    const inputs = given.slice(0, -1) as Tensor[];
    return compute(inputs, given.at(-1) as (tensors: Tensor[]) => void);
  });
}
