/** Base of recurrent layers: their weights, and the order of a sequence's axes. */
import type { layers, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerConfig } from "./layer-spec.ts";
import type { SequenceLayout } from "../networks/sequence-layouts.ts";
import { onlyInput } from "./only-input.ts";

/** Arguments of one pass over a sequence, time first. */
export interface RecurrentCall {
  /** [time, batch, channels] */
  x: Tensor;
  kernel: Tensor;
  recurrentKernel: Tensor;
  bias: Tensor;
  /** Whether to return all hidden states instead of the last one. */
  sequences: boolean;
  training: boolean;
}

export interface RecurrentCell {
  className: string;
  /** Columns of the kernels for each unit. */
  gates: number;
  biasShape: (units: number) => number[];
  /** @returns hidden states [time, batch, units], or the last one [batch, units] */
  compute: (call: RecurrentCall) => Tensor;
}

/** Returns the layer class of a cell. */
export function recurrentLayer(tf: TensorFlow, cell: RecurrentCell) {
  return class Recurrent extends tf.layers.Layer {
    static readonly className = cell.className;
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
      const columns = cell.gates * this.#units;
      this.#kernel = this.addWeight("kernel", [shape.at(-1)!, columns], "float32", zeros);
      this.#recurrentKernel = this.addWeight("recurrent_kernel", [this.#units, columns], "float32", zeros);
      this.#bias = this.addWeight("bias", cell.biasShape(this.#units), "float32", zeros);
      this.built = true;
    }

    override computeOutputShape([batch, time]: number[]): number[] {
      return this.#sequences ? [batch, time, this.#units] : [batch, this.#units];
    }

    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const x = onlyInput(inputs);
      const y = cell.compute({
        // Time first, so that the rows of a time step are contiguous.
        x: this.#layout.input === "time-first" ? x : tf.transpose(x, [1, 0, 2]),
        kernel: this.#kernel.read(),
        recurrentKernel: this.#recurrentKernel.read(),
        bias: this.#bias.read(),
        sequences: this.#sequences,
        training: options.training === true,
      });
      return this.#sequences && this.#layout.output === "batch-first" ? tf.transpose(y, [1, 0, 2]) : y;
    }
  };
}

/**
 * Computes Σₜ hidden[t − 1]ᵀ · d[t] as one product over all time steps but the first.
 * @param hidden [time, batch, units]
 * @param d gradient with respect to the recurrent kernel's product, [time, batch, columns]
 */
export function recurrentKernelGradient(tf: TensorFlow, ops: RawOps, hidden: Tensor, d: Tensor): Tensor {
  const [time, batch, units] = hidden.shape as [number, number, number];
  const columns = d.shape.at(-1)!;
  const rows = (time - 1) * batch;
  if (rows === 0) return tf.zeros([units, columns]);
  const before = tf.reshape(tf.slice(hidden, [0, 0, 0], [time - 1, batch, units]), [rows, units]);
  const later = tf.reshape(tf.slice(d, [1, 0, 0], [time - 1, batch, columns]), [rows, columns]);
  return ops.matMul(before, later, true, false);
}
