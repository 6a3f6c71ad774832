/** A convolution along time, computed as TensorFlow's two-dimensional convolution of one row. */
import type { layers, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { LayerSpec } from "../../contract/domain/networks.ts";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { activationOps } from "./activations.ts";
import { differentiable } from "./differentiable.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";

export type Conv1dSpec = Omit<Extract<LayerSpec, { kind: "conv1d" }>, "id" | "kind" | "inputs">;

export function conv1dLayer(tf: TensorFlow, ops: RawOps) {
  return class Conv1D extends tf.layers.Layer {
    static readonly className = "Conv1D";
    readonly #spec: Conv1dSpec;
    readonly #compute: (...inputs: Tensor[]) => Tensor;
    #kernel!: ReturnType<layers.Layer["addWeight"]>;
    #bias!: ReturnType<layers.Layer["addWeight"]>;

    constructor(config: LayerConfig, spec: Conv1dSpec) {
      super(config);
      this.#spec = spec;
      const { forward, keeps, gradient } = activationOps(tf, ops, spec.activation);
      const { strides } = spec;
      const padding = spec.padding === "same" ? "SAME" : "VALID";
      // x [batch, 1, time, in], kernel [1, taps, in, out]
      this.#compute = differentiable(tf, ([x, kernel, bias], save) => {
        const sum = ops.biasAdd(ops.conv2d(x, kernel, padding, strides), bias);
        const y = forward(sum);
        save([x, kernel, keeps === "input" ? sum : y]);
        return {
          value: y,
          gradFunc: (dy, [x, kernel, kept]) => {
            const d = gradient(dy, kept);
            return [
              ops.conv2dInputGrad(x, kernel, d, padding, strides),
              ops.conv2dKernelGrad(x, kernel, d, padding, strides),
              ops.biasAddGrad(d),
            ];
          },
        };
      });
    }

    override build(shape: number[]): void {
      const { kernelSize, filters } = this.#spec;
      const zeros = tf.initializers.zeros();
      this.#kernel = this.addWeight("kernel", [kernelSize, shape.at(-1)!, filters], "float32", zeros);
      this.#bias = this.addWeight("bias", [filters], "float32", zeros);
      this.built = true;
    }

    override computeOutputShape([batch, time]: number[]): number[] {
      const { kernelSize, filters, strides, padding } = this.#spec;
      const places = padding === "same" ? time : time - kernelSize + 1;
      return [batch, Math.ceil(places / strides), filters];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = onlyInput(inputs);
      const [batch, time, channels] = x.shape as [number, number, number];
      const { kernelSize, filters } = this.#spec;
      const y = this.#compute(
        tf.reshape(x, [batch, 1, time, channels]),
        tf.reshape(this.#kernel.read(), [1, kernelSize, channels, filters]),
        this.#bias.read(),
      );
      return tf.reshape(y, this.computeOutputShape(x.shape));
    }
  };
}
