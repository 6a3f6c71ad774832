/** The dense layer: product, bias, activation. */
import type { layers, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Activation, LayerSpec } from "../../contract/domain/networks.ts";
import { hasBias } from "../networks/bias.ts";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { activationOps } from "./activations.ts";
import { differentiable } from "./differentiable.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";

/** Returns the activation of x · kernel + bias: [rows, in] · [in, out] + [out]. The bias may be missing. */
export function linear(tf: TensorFlow, ops: RawOps, activation: Activation): (...inputs: Tensor[]) => Tensor {
  const { forward, keeps, gradient } = activationOps(tf, ops, activation);
  return differentiable(tf, ([x, kernel, ...biases], save) => {
    const sum = biases.reduce((product, bias) => ops.biasAdd(product, bias), ops.matMul(x, kernel));
    const y = forward(sum);
    save([x, kernel, keeps === "input" ? sum : y]);
    return {
      value: y,
      gradFunc: (dy, [x, kernel, kept]) => {
        const d = gradient(dy, kept);
        const ofBias = biases.map(() => ops.biasAddGrad(d));
        return [ops.matMul(d, kernel, false, true), ops.matMul(x, d, true, false), ...ofBias];
      },
    };
  });
}

export type DenseSpec = Pick<Extract<LayerSpec, { kind: "dense" }>, "units" | "activation" | "useBias">;

export function denseLayer(tf: TensorFlow, ops: RawOps) {
  return class Dense extends tf.layers.Layer {
    static readonly className = "Dense";
    readonly #units: number;
    readonly #useBias: boolean;
    readonly #compute: (...inputs: Tensor[]) => Tensor;
    #kernel!: ReturnType<layers.Layer["addWeight"]>;
    #bias: ReturnType<layers.Layer["addWeight"]> | null = null;

    constructor(config: LayerConfig, spec: DenseSpec) {
      super(config);
      this.#units = spec.units;
      this.#useBias = hasBias(spec);
      this.#compute = linear(tf, ops, spec.activation);
    }

    override build(shape: number[]): void {
      const zeros = tf.initializers.zeros();
      this.#kernel = this.addWeight("kernel", [shape.at(-1)!, this.#units], "float32", zeros);
      if (this.#useBias) this.#bias = this.addWeight("bias", [this.#units], "float32", zeros);
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return [...shape.slice(0, -1), this.#units];
    }

    /** Applies to each sample of a sequence. */
    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = onlyInput(inputs);
      const weights = [this.#kernel.read(), ...(this.#bias === null ? [] : [this.#bias.read()])];
      if (x.rank === 2) return this.#compute(x, ...weights);
      const width = x.shape.at(-1)!;
      const y = this.#compute(tf.reshape(x, [x.size / width, width]), ...weights);
      return tf.reshape(y, this.computeOutputShape(x.shape));
    }
  };
}
