/** Returns the input of a layer, which TF.js passes alone or in a list. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";

export function onlyInput(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}
