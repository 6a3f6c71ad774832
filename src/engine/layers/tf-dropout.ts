/** Dropout (Srivastava et al. 2014) with masks from the step's seed. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Attribute } from "../graph/graph-builder.ts";
import type { Recorder } from "../graph/recorder.ts";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import type { LayerContext } from "./layer-context.ts";
import type { LayerConfig } from "./layer-spec.ts";
import { onlyInput } from "./only-input.ts";
import { recordKernelOp } from "./kernel-ops.ts";

/** Number of values from which drawing a mask twice is cheaper than keeping it and multiplying by it. */
const LARGE_MASK_VALUES = 262_144;

export function dropoutLayer(tf: TensorFlow, ops: RawOps) {
  return class Dropout extends tf.layers.Layer {
    static readonly className = "Dropout";
    readonly #rate: number;
    readonly #context: LayerContext;
    readonly #number: number;

    /** @param number number of the dropout layer in the network: each layer draws different masks */
    constructor(config: LayerConfig, rate: number, context: LayerContext, number: number) {
      super(config);
      this.#rate = rate;
      this.#context = context;
      this.#number = number;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    /** Scales kept values by 1 / (1 − rate), so that predictions need no scaling. */
    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const x = onlyInput(inputs);
      if (options.training !== true || this.#rate === 0) return x;
      if (this.#context.recorder && this.#context.kernels) return this.#record(this.#context.recorder, x);
      const uniform = ops.statelessUniform(
        x.shape,
        tf.add(this.#context.maskSeed!, tf.tensor1d([0, this.#number], "int32")),
      );
      const kept = tf.cast(tf.greaterEqual(uniform, this.#rate), "float32");
      return tf.mul(x, tf.mul(kept, 1 / (1 - this.#rate)));
    }

    /**
     * Records the kernel (native/dropout.cpp), which draws the same masks. A small mask is drawn separately, because it
     * need not wait for x. A large one is drawn with the product, and again for the gradient.
     */
    #record(recorder: Recorder, x: Tensor): Tensor {
      const attributes: Record<string, Attribute> = {
        rate: { kind: "float", value: this.#rate },
        number: { kind: "int", value: this.#number },
      };
      const seed = recorder.outputOf(this.#context.maskSeed!);
      const masked = (tensor: Tensor): Tensor =>
        recordKernelOp(recorder, "EctopyDropout", [recorder.outputOf(tensor), seed], attributes, [tensor.shape])[0];
      if (x.size < LARGE_MASK_VALUES) return tf.mul(x, masked(tf.ones(x.shape)));
      return differentiable(tf, ([given]) => ({ value: masked(given), gradFunc: masked }))(x);
    }
  };
}
