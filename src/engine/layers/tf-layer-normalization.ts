/** Layer normalization (Ba et al. 2016) over the last axis, with a hand-written gradient. */
import type { layers, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";

export function layerNormalizationLayer(tf: TensorFlow) {
  return class LayerNormalization extends tf.layers.Layer {
    static readonly className = "LayerNormalization";
    readonly #compute: (...inputs: Tensor[]) => Tensor;
    #gamma!: ReturnType<layers.Layer["addWeight"]>;
    #beta!: ReturnType<layers.Layer["addWeight"]>;

    constructor(config: LayerConfig, epsilon: number) {
      super(config);
      const meanOf = (x: Tensor): Tensor => tf.mean(x, -1, true);
      // x [rows, channels], gamma and beta [channels]
      this.#compute = differentiable(tf, ([x, gamma, beta], save) => {
        const distance = tf.sub(x, meanOf(x));
        const inverse = tf.rsqrt(tf.add(meanOf(tf.square(distance)), epsilon));
        const normalized = tf.mul(distance, inverse);
        save([normalized, inverse, gamma]);
        return {
          value: tf.add(tf.mul(normalized, gamma), beta),
          gradFunc: (dy, [normalized, inverse, gamma]) => {
            const d = tf.mul(dy, gamma);
            const through = tf.sub(tf.sub(d, meanOf(d)), tf.mul(normalized, meanOf(tf.mul(d, normalized))));
            return [tf.mul(through, inverse), tf.sum(tf.mul(dy, normalized), 0), tf.sum(dy, 0)];
          },
        };
      });
    }

    override build(shape: number[]): void {
      const weight = (name: string) => this.addWeight(name, [shape.at(-1)!], "float32", tf.initializers.zeros());
      this.#gamma = weight("gamma");
      this.#beta = weight("beta");
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = onlyInput(inputs);
      const channels = x.shape.at(-1)!;
      const rows = tf.reshape(x, [x.size / channels, channels]);
      return tf.reshape(this.#compute(rows, this.#gamma.read(), this.#beta.read()), x.shape);
    }
  };
}
