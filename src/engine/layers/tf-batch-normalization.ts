/** Batch normalization (Ioffe & Szegedy 2015) over all axes but the last, by TensorFlow's fused operations. */
import type { layers, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import { NORMALIZATION_EPSILON, NORMALIZATION_MOMENTUM } from "../networks/normalization.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import { onlyInput } from "./only-input.ts";

export function batchNormalizationLayer(tf: TensorFlow, ops: RawOps) {
  return class BatchNormalization extends tf.layers.Layer {
    static readonly className = "BatchNormalization";
    #gamma!: ReturnType<layers.Layer["addWeight"]>;
    #beta!: ReturnType<layers.Layer["addWeight"]>;
    #mean!: ReturnType<layers.Layer["addWeight"]>;
    #variance!: ReturnType<layers.Layer["addWeight"]>;

    override build(shape: number[]): void {
      const weight = (name: string, trainable: boolean) =>
        this.addWeight(name, [shape.at(-1)!], "float32", tf.initializers.zeros(), undefined, trainable);
      this.#gamma = weight("gamma", true);
      this.#beta = weight("beta", true);
      this.#mean = weight("moving_mean", false);
      this.#variance = weight("moving_variance", false);
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const x = onlyInput(inputs);
      if (options.training !== true) {
        const scale = tf.div(this.#gamma.read(), tf.sqrt(tf.add(this.#variance.read(), NORMALIZATION_EPSILON)));
        return tf.add(tf.mul(x, scale), tf.sub(this.#beta.read(), tf.mul(this.#mean.read(), scale)));
      }
      const channels = x.shape.at(-1)!;
      const count = x.size / channels;
      let statistics: Tensor[] = [];
      const compute = differentiable(tf, ([x4, gamma, beta], save) => {
        const [y, mean, variance, ...reserved] = ops.batchNorm(x4, gamma, beta, NORMALIZATION_EPSILON);
        statistics = [tf.keep(mean), tf.keep(variance)];
        save([x4, gamma, ...reserved]);
        return {
          value: y,
          gradFunc: (dy, [x4, gamma, ...reserved]) => ops.batchNormGrad(dy, x4, gamma, reserved, NORMALIZATION_EPSILON),
        };
      });
      const y = compute(
        tf.reshape(x, [x.shape[0], 1, count / x.shape[0], channels]),
        this.#gamma.read(),
        this.#beta.read(),
      );
      const [mean, variance] = statistics;
      // Keras averages the population variance; the operation returns the unbiased one.
      this.#follow(this.#mean, mean, 1);
      this.#follow(this.#variance, variance, (count - 1) / count);
      tf.dispose(statistics);
      return tf.reshape(y, x.shape);
    }

    /** moving ← momentum · moving + (1 − momentum) · factor · batch */
    #follow(moving: ReturnType<layers.Layer["addWeight"]>, batch: Tensor, factor: number): void {
      moving.write(
        tf.add(tf.mul(moving.read(), NORMALIZATION_MOMENTUM), tf.mul(batch, (1 - NORMALIZATION_MOMENTUM) * factor)),
      );
    }
  };
}
