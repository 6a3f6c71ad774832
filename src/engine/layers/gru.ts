/**
 * The GRU (Cho et al. 2014) in Keras' default variant, with the reset gate after the product (`reset_after`), which
 * TF.js lacks. It is saved under Keras' name and settings, and this class reads it.
 */
import type { layers, Tensor, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { onlyInput } from "./only-input.ts";

export interface GruConfig {
  name?: string;
  units: number;
  returnSequences?: boolean;
  /** Reads the sequence from its end; the output has the order of the steps, as in Keras. */
  goBackwards?: boolean;
}

export type GruClass = ReturnType<typeof makeGru>;

const known = new WeakMap<TensorFlow, GruClass>();

/** Returns the class and registers it as TF.js' GRU, for loading models and for bidirectional layers. */
export function gruLayer(tf: TensorFlow): GruClass {
  const Gru = known.get(tf) ?? makeGru(tf);
  known.set(tf, Gru);
  tf.serialization.registerClass(Gru);
  return Gru;
}

function makeGru(tf: TensorFlow) {
  return class GRU extends tf.layers.Layer {
    static readonly className = "GRU";
    readonly units: number;
    readonly returnSequences: boolean;
    readonly goBackwards: boolean;
    #kernel!: ReturnType<layers.Layer["addWeight"]>;
    #recurrentKernel!: ReturnType<layers.Layer["addWeight"]>;
    #bias!: ReturnType<layers.Layer["addWeight"]>;

    constructor(config: GruConfig) {
      super(config);
      this.units = config.units;
      this.returnSequences = config.returnSequences ?? false;
      this.goBackwards = config.goBackwards ?? false;
    }

    /** Gates in Keras' order: update, reset, state. */
    override build(shape: number[]): void {
      const zeros = tf.initializers.zeros();
      this.#kernel = this.addWeight("kernel", [shape.at(-1)!, 3 * this.units], "float32", zeros);
      this.#recurrentKernel = this.addWeight("recurrent_kernel", [this.units, 3 * this.units], "float32", zeros);
      // Bias of the input, and of the previous state.
      this.#bias = this.addWeight("bias", [2, 3 * this.units], "float32", zeros);
      this.built = true;
    }

    override computeOutputShape([batch, time]: number[]): number[] {
      return this.returnSequences ? [batch, time, this.units] : [batch, this.units];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.tidy(() => {
        const x = onlyInput(inputs);
        const [batch, time, channels] = x.shape as [number, number, number];
        const [ofInput, ofState] = tf.split(this.#bias.read(), 2).map((bias) => tf.reshape(bias, [3 * this.units]));
        const kernel = this.#recurrentKernel.read() as Tensor2D;
        const timeFirst = tf.reshape(tf.transpose(x, [1, 0, 2]), [time * batch, channels]);
        const product = tf.add(tf.matMul(timeFirst as Tensor2D, this.#kernel.read() as Tensor2D), ofInput);
        const rows = tf.split(product, time).map((row) => tf.reshape(row, [batch, 3 * this.units]));
        const all = gruSteps(tf, this.goBackwards ? rows.reverse() : rows, kernel, ofState);
        if (!this.returnSequences) return all.at(-1)!;
        return tf.transpose(tf.reshape(tf.concat(all), [time, batch, this.units]), [1, 0, 2]);
      });
    }

    override getConfig() {
      return {
        ...super.getConfig(),
        units: this.units,
        activation: "tanh",
        recurrentActivation: "sigmoid",
        useBias: true,
        resetAfter: true,
        returnSequences: this.returnSequences,
        goBackwards: this.goBackwards,
      };
    }
  };
}

/**
 * Computes all steps.
 * @param rows input · kernel + its bias at each step, [batch, 3·units]
 * @param kernel recurrent kernel, [units, 3·units]
 * @param ofState bias of the recurrent kernel's product, [3·units]
 * @returns hidden state after each step, [batch, units]
 */
export function gruSteps(tf: TensorFlow, rows: readonly Tensor[], kernel: Tensor2D, ofState: Tensor): Tensor[] {
  let hidden: Tensor = tf.zeros([rows[0].shape[0], kernel.shape[0]]);
  return rows.map((row) => {
    const [xUpdate, xReset, xState] = tf.split(row, 3, 1);
    const inner = tf.add(tf.matMul(hidden as Tensor2D, kernel), ofState);
    const [hUpdate, hReset, hState] = tf.split(inner, 3, 1);
    const update = tf.sigmoid(tf.add(xUpdate, hUpdate));
    const reset = tf.sigmoid(tf.add(xReset, hReset));
    const state = tf.tanh(tf.add(xState, tf.mul(reset, hState)));
    hidden = tf.add(tf.mul(update, hidden), tf.mul(tf.sub(1, update), state));
    return hidden;
  });
}
