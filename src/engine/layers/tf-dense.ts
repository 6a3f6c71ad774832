/** The dense layer: product, bias, activation. */
import type { layers, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Activation } from "../../contract/domain/networks.ts";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { activationOps } from "./activations.ts";
import { differentiable } from "./differentiable.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";

/** Returns the activation of x · kernel + bias: [rows, in] · [in, out] + [out]. */
export function linear(tf: TensorFlow, ops: RawOps, activation: Activation): (...inputs: Tensor[]) => Tensor {
  const { forward, keeps, gradient } = activationOps(tf, ops, activation);
  return differentiable(tf, ([x, kernel, bias], save) => {
    const sum = ops.biasAdd(ops.matMul(x, kernel), bias);
    const y = forward(sum);
    save([x, kernel, keeps === "input" ? sum : y]);
    return {
      value: y,
      gradFunc: (dy, [x, kernel, kept]) => {
        const d = gradient(dy, kept);
        return [ops.matMul(d, kernel, false, true), ops.matMul(x, d, true, false), ops.biasAddGrad(d)];
      },
    };
  });
}

export function denseLayer(tf: TensorFlow, ops: RawOps) {
  return class Dense extends tf.layers.Layer {
    static readonly className = "Dense";
    readonly #units: number;
    readonly #compute: (...inputs: Tensor[]) => Tensor;
    #kernel!: ReturnType<layers.Layer["addWeight"]>;
    #bias!: ReturnType<layers.Layer["addWeight"]>;

    constructor(config: LayerConfig, units: number, activation: Activation) {
      super(config);
      this.#units = units;
      this.#compute = linear(tf, ops, activation);
    }

    override build(shape: number[]): void {
      const zeros = tf.initializers.zeros();
      this.#kernel = this.addWeight("kernel", [shape.at(-1)!, this.#units], "float32", zeros);
      this.#bias = this.addWeight("bias", [this.#units], "float32", zeros);
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return [...shape.slice(0, -1), this.#units];
    }

    /** Applies to each sample of a sequence. */
    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = onlyInput(inputs);
      const [kernel, bias] = [this.#kernel.read(), this.#bias.read()];
      if (x.rank === 2) return this.#compute(x, kernel, bias);
      const width = x.shape.at(-1)!;
      const y = this.#compute(tf.reshape(x, [x.size / width, width]), kernel, bias);
      return tf.reshape(y, this.computeOutputShape(x.shape));
    }
  };
}
