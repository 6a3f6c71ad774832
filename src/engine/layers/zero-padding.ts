/** Zeros before and after a sequence: Keras' ZeroPadding1D, which TF.js lacks. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { onlyInput } from "./only-input.ts";

export interface ZeroPaddingConfig {
  name?: string;
  /** Zeros before and after the sequence. */
  padding: [number, number];
}

export type ZeroPaddingClass = ReturnType<typeof makeZeroPadding>;

const known = new WeakMap<TensorFlow, ZeroPaddingClass>();

/** Returns the class and registers it, so that TF.js loads models which have it. */
export function zeroPaddingLayer(tf: TensorFlow): ZeroPaddingClass {
  const ZeroPadding = known.get(tf) ?? makeZeroPadding(tf);
  known.set(tf, ZeroPadding);
  tf.serialization.registerClass(ZeroPadding);
  return ZeroPadding;
}

function makeZeroPadding(tf: TensorFlow) {
  return class ZeroPadding1D extends tf.layers.Layer {
    static readonly className = "ZeroPadding1D";
    readonly padding: [number, number];

    constructor(config: ZeroPaddingConfig) {
      super(config);
      this.padding = config.padding;
    }

    override computeOutputShape([batch, time, channels]: number[]): number[] {
      const [before, after] = this.padding;
      return [batch, before + time + after, channels];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.pad(onlyInput(inputs), [[0, 0], this.padding, [0, 0]]);
    }

    override getConfig() {
      return { ...super.getConfig(), padding: this.padding };
    }
  };
}
