/** Normal noise in training, from the step's seed. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerContext } from "./layer-context.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";

export function gaussianNoiseLayer(tf: TensorFlow, ops: RawOps) {
  return class GaussianNoise extends tf.layers.Layer {
    static readonly className = "GaussianNoise";
    readonly #deviation: number;
    readonly #context: LayerContext;
    readonly #number: number;

    /** @param number number of the layer among those that draw: each draws different numbers */
    constructor(config: LayerConfig, deviation: number, context: LayerContext, number: number) {
      super(config);
      this.#deviation = deviation;
      this.#context = context;
      this.#number = number;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const x = onlyInput(inputs);
      if (options.training !== true || this.#deviation === 0) return x;
      const seed = tf.add(this.#context.maskSeed!, tf.tensor1d([0, this.#number], "int32"));
      return tf.add(x, tf.mul(ops.statelessNormal(x.shape, seed), this.#deviation));
    }
  };
}
