/** Dropout (Srivastava et al. 2014) whose masks come from the step's seed. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { RawOps } from "../raw-ops.ts";
import type { TensorFlow } from "../tensorflow.ts";
import type { LayerContext } from "./layer-context.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";

export function dropoutLayer(tf: TensorFlow, ops: RawOps) {
  return class Dropout extends tf.layers.Layer {
    static readonly className = "Dropout";
    readonly #rate: number;
    readonly #context: LayerContext;
    readonly #number: number;

    /** @param number of the dropout layer in the network: each draws masks of its own */
    constructor(config: LayerConfig, rate: number, context: LayerContext, number: number) {
      super(config);
      this.#rate = rate;
      this.#context = context;
      this.#number = number;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    /** Kept values are scaled by 1 / (1 − rate), so that nothing need be scaled in prediction. */
    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const x = onlyInput(inputs);
      if (options.training !== true || this.#rate === 0) return x;
      const uniform = ops.statelessUniform(
        x.shape,
        tf.add(this.#context.maskSeed!, tf.tensor1d([0, this.#number], "int32")),
      );
      const kept = tf.cast(tf.greaterEqual(uniform, this.#rate), "float32");
      return tf.mul(x, tf.mul(kept, 1 / (1 - this.#rate)));
    }
  };
}
