/**
 * A dilated convolution as a sum over its taps: the reference for the other implementations. TF.js's layer has no gradient
 * of it.
 */
import type { layers, Rank, Tensor } from "@tensorflow/tfjs-node-gpu";
import { hasBias } from "../networks/bias.ts";
import { dilationOf, placeWindows, windowsOf, type ConvolutionLayer } from "../networks/windows.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";

export function dilatedConv1dLayer(tf: TensorFlow) {
  return class DilatedConv1D extends tf.layers.Layer {
    static readonly className = "DilatedConv1D";
    readonly #spec: ConvolutionLayer;
    readonly #activation: layers.Layer;
    #kernel!: ReturnType<layers.Layer["addWeight"]>;
    #bias: ReturnType<layers.Layer["addWeight"]> | null = null;

    constructor(config: LayerConfig, spec: ConvolutionLayer) {
      super(config);
      this.#spec = spec;
      this.#activation = tf.layers.activation({ activation: spec.activation });
    }

    override build(shape: number[]): void {
      const { kernelSize, filters } = this.#spec;
      const zeros = tf.initializers.zeros();
      this.#kernel = this.addWeight("kernel", [kernelSize, shape.at(-1)!, filters], "float32", zeros);
      if (hasBias(this.#spec)) this.#bias = this.addWeight("bias", [filters], "float32", zeros);
      this.built = true;
    }

    override computeOutputShape([batch, time]: number[]): number[] {
      return [batch, placeWindows(time, windowsOf(this.#spec)).count, this.#spec.filters];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.tidy(() => {
        const x = onlyInput(inputs);
        const { filters } = this.#spec;
        const dilation = dilationOf(this.#spec);
        const [batch, time, channels] = x.shape as [number, number, number];
        const windows = windowsOf(this.#spec);
        const { count, before } = placeWindows(time, windows);
        const after = count - 1 + windows.size - before - time;
        const padded = tf.pad(x, [
          [0, 0],
          [before, Math.max(0, after)],
          [0, 0],
        ]);
        const taps = tf.unstack(this.#kernel.read()).map((kernel, tap) => {
          const seen = tf.slice(padded, [0, tap * dilation, 0], [batch, count, channels]);
          return tf.matMul(tf.reshape<Rank.R2>(seen, [batch * count, channels]), kernel);
        });
        const sum = tf.reshape(tf.addN(taps), [batch, count, filters]);
        return this.#activation.apply(this.#bias === null ? sum : tf.add(sum, this.#bias.read())) as Tensor;
      });
    }
  };
}
