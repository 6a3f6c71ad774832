/** Base of recurrent layers: their weights, and the order of a sequence's axes. */
import type { layers, Tensor } from "@tensorflow/tfjs-node-gpu";
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
