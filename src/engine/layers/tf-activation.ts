/** The activation layer. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Activation } from "../../contract/domain/networks.ts";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { activationOps } from "./activations.ts";
import { differentiable } from "./differentiable.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";

/** Returns an activation with its hand-written gradient. */
export function activationFunction(tf: TensorFlow, ops: RawOps, activation: Activation): (x: Tensor) => Tensor {
  const { forward, keeps, gradient } = activationOps(tf, ops, activation);
  const compute = differentiable(tf, ([x], save) => {
    const y = forward(x);
    save([keeps === "input" ? x : y]);
    return { value: y, gradFunc: (dy, [kept]) => gradient(dy, kept) };
  });
  return activation === "linear" ? forward : compute;
}

export function activationLayer(tf: TensorFlow, ops: RawOps) {
  return class Activated extends tf.layers.Layer {
    static readonly className = "Activation";
    readonly #compute: (x: Tensor) => Tensor;

    constructor(config: LayerConfig, activation: Activation) {
      super(config);
      this.#compute = activationFunction(tf, ops, activation);
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return this.#compute(onlyInput(inputs));
    }
  };
}
