/** Normal noise in training, from the step's seed. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerContext } from "./layer-context.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";
import { seededLayer } from "./seeded-layer.ts";

export function gaussianNoiseLayer(tf: TensorFlow, ops: RawOps) {
  return class GaussianNoise extends seededLayer(tf) {
    static readonly className = "GaussianNoise";
    readonly #deviation: number;

    constructor(config: LayerConfig, deviation: number, context: LayerContext, number: number) {
      super(config, context, number);
      this.#deviation = deviation;
    }

    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const x = onlyInput(inputs);
      if (options.training !== true || this.#deviation === 0) return x;
      return tf.add(x, tf.mul(ops.statelessNormal(x.shape, this.seed()), this.#deviation));
    }
  };
}
