/**
 * LSTM whose recurrence is a loop in a recorded graph. Op by op, it is unrolled and left to the library's own gradients: slow,
 * and the yardstick that the loop's gradient by hand is held against.
 */
import type { layers, Tensor, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import { addBackwardLoop, addForwardLoop } from "../graph/lstm-loops.ts";
import type { Recorder } from "../graph/recorder.ts";
import type { RawOps } from "../raw-ops.ts";
import type { TensorFlow } from "../tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import type { LayerContext } from "./layer-context.ts";
import type { LayerConfig, SequenceLayout } from "./layer-spec.ts";

/** Product of the input with its kernel, plus bias: [rows, in] · [in, out] + [out]. */
type Linear = (x: Tensor, kernel: Tensor, bias: Tensor) => Tensor;

/** The recurrence itself is in float32, whatever the precision of the input's product. */
export function lstmLayer(tf: TensorFlow, ops: RawOps, context: LayerContext, linear: Linear) {
  let loops = 0;

  /** @param product [time, batch, 4·units] @returns hidden states [time, batch, units], or the last [batch, units] */
  function recurrence(product: Tensor, kernel: Tensor, sequences: boolean, training: boolean): Tensor {
    return context.recorder
      ? recorded(context.recorder, product, kernel, sequences, training)
      : unrolled(product, kernel, sequences);
  }

  function recorded(
    recorder: Recorder,
    product: Tensor,
    kernel: Tensor,
    sequences: boolean,
    training: boolean,
  ): Tensor {
    const [time, batch] = product.shape as [number, number, number];
    const shape = { time, batch, units: kernel.shape[0] };
    const name = `lstm/${loops++}`;
    const compute = differentiable(tf, ([product, kernel]) => {
      const forward = addForwardLoop(
        recorder.graph,
        name,
        shape,
        recorder.outputOf(product),
        recorder.outputOf(kernel),
        training ? "all" : sequences ? "hidden" : "nothing",
      );
      const hiddenShape = [time, batch, shape.units];
      const value = sequences
        ? recorder.standIn(hiddenShape, forward.hidden!)
        : recorder.standIn([batch, shape.units], forward.last);
      return {
        value,
        gradFunc: (dy) => {
          const gradient = recorder.outputOf(dy);
          const dProduct = recorder.standIn(
            product.shape,
            addBackwardLoop(
              recorder.graph,
              shape,
              forward,
              recorder.outputOf(kernel),
              sequences ? { ofAll: gradient } : { ofLast: gradient },
            ),
          );
          const hidden = recorder.standIn(hiddenShape, forward.hidden!);
          return [dProduct, kernelGradient(hidden, dProduct, shape)];
        },
      };
    });
    return compute(product, kernel);
  }

  /** Σₜ hidden[t − 1]ᵀ · dProduct[t]: one product over all times, the first having nothing before it. */
  function kernelGradient(
    hidden: Tensor,
    dProduct: Tensor,
    { time, batch, units }: { time: number; batch: number; units: number },
  ): Tensor {
    const rows = (time - 1) * batch;
    if (rows === 0) return tf.zeros([units, 4 * units]);
    const before = tf.reshape(tf.slice(hidden, [0, 0, 0], [time - 1, batch, units]), [rows, units]);
    const later = tf.reshape(tf.slice(dProduct, [1, 0, 0], [time - 1, batch, 4 * units]), [rows, 4 * units]);
    return ops.matMul(before, later, true, false);
  }

  function unrolled(product: Tensor, kernel: Tensor, sequences: boolean): Tensor {
    const [time, batch] = product.shape;
    const units = kernel.shape[0];
    let hidden: Tensor = tf.zeros([batch, units]);
    let state: Tensor = tf.zeros([batch, units]);
    // The library's gradient of unstack fails for a single row.
    const rows = time === 1 ? [tf.reshape(product, [batch, 4 * units])] : tf.unstack(product);
    const all = rows.map((row) => {
      const gates = tf.add(row, tf.matMul(hidden as Tensor2D, kernel as Tensor2D));
      const [input, forget, cell, output] = tf.split(gates, 4, 1);
      state = tf.add(tf.mul(tf.sigmoid(forget), state), tf.mul(tf.sigmoid(input), tf.tanh(cell)));
      hidden = tf.mul(tf.sigmoid(output), tf.tanh(state));
      return hidden;
    });
    if (!sequences) return hidden;
    return time === 1 ? tf.reshape(hidden, [1, batch, units]) : tf.stack(all);
  }

  return class LSTM extends tf.layers.Layer {
    static readonly className = "LSTM";
    readonly #units: number;
    readonly #sequences: boolean;
    readonly #layout: SequenceLayout;
    #kernel!: ReturnType<layers.Layer["addWeight"]>;
    #recurrentKernel!: ReturnType<layers.Layer["addWeight"]>;
    #bias!: ReturnType<layers.Layer["addWeight"]>;

    constructor(config: LayerConfig, units: number, returnSequences: boolean, layout: SequenceLayout) {
      super(config);
      this.#units = units;
      this.#sequences = returnSequences;
      this.#layout = layout;
    }

    override build(shape: number[]): void {
      const zeros = tf.initializers.zeros();
      this.#kernel = this.addWeight("kernel", [shape.at(-1)!, 4 * this.#units], "float32", zeros);
      this.#recurrentKernel = this.addWeight("recurrent_kernel", [this.#units, 4 * this.#units], "float32", zeros);
      this.#bias = this.addWeight("bias", [4 * this.#units], "float32", zeros);
      this.built = true;
    }

    override computeOutputShape([batch, time]: number[]): number[] {
      return this.#sequences ? [batch, time, this.#units] : [batch, this.#units];
    }

    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      // Time first: a step's rows then lie side by side.
      const timeFirst = this.#layout.input === "time-first" ? x : tf.transpose(x, [1, 0, 2]);
      const [time, batch, channels] = timeFirst.shape as [number, number, number];
      const rows = tf.reshape(timeFirst, [time * batch, channels]);
      const product = tf.reshape(linear(rows, this.#kernel.read(), this.#bias.read()), [time, batch, 4 * this.#units]);
      const y = recurrence(product, this.#recurrentKernel.read(), this.#sequences, options.training === true);
      return this.#sequences && this.#layout.output === "batch-first" ? tf.transpose(y, [1, 0, 2]) : y;
    }
  };
}
