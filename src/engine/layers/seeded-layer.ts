/** A layer that draws random numbers in training, from the step's seed, and keeps the shape of its input. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerContext } from "./layer-context.ts";
import type { LayerConfig } from "./layer-spec.ts";

export function seededLayer(tf: TensorFlow) {
  return class SeededLayer extends tf.layers.Layer {
    readonly #context: LayerContext;
    readonly #number: number;

    /** @param number number of the layer among those that draw: each draws different numbers */
    constructor(config: LayerConfig, context: LayerContext, number: number) {
      super(config);
      this.#context = context;
      this.#number = number;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    /** Returns the seed of the layer in this step: two int32. */
    seed(): Tensor {
      return tf.add(this.#context.maskSeed!, tf.tensor1d([0, this.#number], "int32"));
    }
  };
}
