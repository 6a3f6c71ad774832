/**
 * TF.js layers with dropout masks from a seeded stream. TF.js' dropout repeats one mask in every step with a seed, and
 * is not reproducible without one.
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { randomStream } from "../../pipeline/random.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerContext } from "./layer-context.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { libraryLayers, type LayerMaker } from "./library-layers.ts";

/**
 * Returns the maker of TF.js layers, except for dropout.
 * @param context has the number of the step: masks are drawn from it and the seed
 */
export function seededLibraryLayers(tf: TensorFlow, seed: number, context: Pick<LayerContext, "step">): LayerMaker {
  const library = libraryLayers(tf);
  let dropouts = 0;
  class SeededDropout extends tf.layers.Layer {
    static readonly className = "SeededDropout";
    readonly #rate: number;
    readonly #number = dropouts++;

    constructor(config: LayerConfig, rate: number) {
      super(config);
      this.#rate = rate;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    /** Scales kept values by 1 / (1 − rate), so that predictions need no scaling. */
    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const input = Array.isArray(inputs) ? inputs[0] : inputs;
      if (options.training !== true) return input;
      const random = randomStream(seed, "dropout", context.step, this.#number);
      const kept = new Float32Array(input.size);
      const threshold = this.#rate * 4294967296;
      const scale = 1 / (1 - this.#rate);
      for (let i = 0; i < kept.length; i++) kept[i] = random.uint32() >= threshold ? scale : 0;
      return tf.tidy(() => tf.mul(input, tf.tensor(kept, input.shape)));
    }
  }
  return (spec) => (spec.kind === "dropout" ? new SeededDropout({ name: spec.id }, spec.rate) : library(spec));
}
