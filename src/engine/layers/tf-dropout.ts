/** Dropout of values (Srivastava et al. 2014) or channels (Tompson et al. 2015), with masks from the step's seed. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { LayerSpec } from "../../contract/domain/networks.ts";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerContext } from "./layer-context.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";
import { seededLayer } from "./seeded-layer.ts";

export type DropoutLayer = Extract<LayerSpec, { kind: "dropout" | "spatial-dropout-1d" }>;

export function dropoutLayer(tf: TensorFlow, ops: RawOps) {
  return class Dropout extends seededLayer(tf) {
    static readonly className = "Dropout";
    readonly #rate: number;
    readonly #channels: boolean;

    constructor(config: LayerConfig, spec: DropoutLayer, context: LayerContext, number: number) {
      super(config, context, number);
      this.#rate = spec.rate;
      this.#channels = spec.kind === "spatial-dropout-1d";
    }

    /** Scales kept values by 1 / (1 − rate), so that predictions need no scaling. */
    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const x = onlyInput(inputs);
      if (options.training !== true || this.#rate === 0) return x;
      const shape = this.#channels ? [x.shape[0], 1, x.shape[2]!] : x.shape;
      const uniform = ops.statelessUniform(shape, this.seed());
      const kept = tf.cast(tf.greaterEqual(uniform, this.#rate), "float32");
      return tf.mul(x, tf.mul(kept, 1 / (1 - this.#rate)));
    }
  };
}
