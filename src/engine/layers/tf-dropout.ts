/** Dropout (Srivastava et al. 2014) whose masks come from the step's seed. */
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

/** Values from which on a mask costs more to keep, and to multiply with, than to draw twice. */
const LARGE = 262_144;

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
      if (this.#context.recorder && this.#context.kernels) return this.#record(this.#context.recorder, x);
      const uniform = ops.statelessUniform(
        x.shape,
        tf.add(this.#context.maskSeed!, tf.tensor1d([0, this.#number], "int32")),
      );
      const kept = tf.cast(tf.greaterEqual(uniform, this.#rate), "float32");
      return tf.mul(x, tf.mul(kept, 1 / (1 - this.#rate)));
    }

    /**
     * By an operation of our own (native/dropout.cpp), which has the same masks. A small mask is drawn by itself, since it need not
     * wait for x; a large one together with the product, and once more for the gradient.
     */
    #record(recorder: Recorder, x: Tensor): Tensor {
      const attributes: Record<string, Attribute> = {
        rate: { kind: "float", value: this.#rate },
        number: { kind: "int", value: this.#number },
      };
      const seed = recorder.outputOf(this.#context.maskSeed!);
      const masked = (tensor: Tensor): Tensor =>
        recordKernelOp(recorder, "EctopyDropout", [recorder.outputOf(tensor), seed], attributes, [tensor.shape])[0];
      if (x.size < LARGE) return tf.mul(x, masked(tf.ones(x.shape)));
      return differentiable(tf, ([given]) => ({ value: masked(given), gradFunc: masked }))(x);
    }
  };
}
