/**
 * A convolution along time, computed as TensorFlow's two-dimensional convolution of one row. A dilated one is computed by
 * phases: every dilation-th sample is a separate sequence, because TensorFlow has no gradient of dilated convolutions on
 * the CPU.
 */
import type { layers, Tensor } from "@tensorflow/tfjs-node-gpu";
import { hasBias } from "../networks/bias.ts";
import { dilationOf, placeWindows, windowsOf, type ConvolutionLayer, type Windows } from "../networks/windows.ts";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { activationOps } from "./activations.ts";
import { differentiable } from "./differentiable.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";

export function conv1dLayer(tf: TensorFlow, ops: RawOps) {
  return class Conv1D extends tf.layers.Layer {
    static readonly className = "Conv1D";
    readonly #spec: ConvolutionLayer;
    readonly #windows: Windows;
    readonly #compute: (...inputs: Tensor[]) => Tensor;
    #kernel!: ReturnType<layers.Layer["addWeight"]>;
    #bias: ReturnType<layers.Layer["addWeight"]> | null = null;

    constructor(config: LayerConfig, spec: ConvolutionLayer) {
      super(config);
      this.#spec = spec;
      this.#windows = windowsOf(spec);
      const { forward, keeps, gradient } = activationOps(tf, ops, spec.activation);
      const { strides } = spec;
      // The zeros of phases are added before.
      const padding = spec.padding === "same" && dilationOf(spec) === 1 ? "SAME" : "VALID";
      // x [batch, 1, time, in], kernel [1, taps, in, out]
      this.#compute = differentiable(tf, ([x, kernel, ...biases], save) => {
        const product = ops.conv2d(x, kernel, padding, strides);
        const sum = biases.reduce((total, bias) => ops.biasAdd(total, bias), product);
        const y = forward(sum);
        save([x, kernel, keeps === "input" ? sum : y]);
        return {
          value: y,
          gradFunc: (dy, [x, kernel, kept]) => {
            const d = gradient(dy, kept);
            return [
              ops.conv2dInputGrad(x, kernel, d, padding, strides),
              ops.conv2dKernelGrad(x, kernel, d, padding, strides),
              ...biases.map(() => ops.biasAddGrad(d)),
            ];
          },
        };
      });
    }

    override build(shape: number[]): void {
      const { kernelSize, filters } = this.#spec;
      const zeros = tf.initializers.zeros();
      this.#kernel = this.addWeight("kernel", [kernelSize, shape.at(-1)!, filters], "float32", zeros);
      if (hasBias(this.#spec)) this.#bias = this.addWeight("bias", [filters], "float32", zeros);
      this.built = true;
    }

    override computeOutputShape([batch, time]: number[]): number[] {
      return [batch, placeWindows(time, this.#windows).count, this.#spec.filters];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = onlyInput(inputs);
      const dilation = dilationOf(this.#spec);
      if (dilation === 1) return this.#convolve(x);
      const [, time] = x.shape as [number, number];
      const { count, before } = placeWindows(time, this.#windows);
      const length = Math.ceil((count + this.#windows.size - 1) / dilation) * dilation;
      const phases = tf.spaceToBatchND(x, [dilation], [[before, length - before - time]]);
      const y = this.#convolve(phases);
      return tf.batchToSpaceND(y, [dilation], [[0, y.shape[1]! * dilation - count]]);
    }

    #convolve(x: Tensor): Tensor {
      const [batch, time, channels] = x.shape as [number, number, number];
      const { kernelSize, filters } = this.#spec;
      const y = this.#compute(
        tf.reshape(x, [batch, 1, time, channels]),
        tf.reshape(this.#kernel.read(), [1, kernelSize, channels, filters]),
        ...(this.#bias === null ? [] : [this.#bias.read()]),
      );
      return tf.reshape(y, [batch, y.shape[2]!, filters]);
    }
  };
}
