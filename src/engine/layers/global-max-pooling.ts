/**
 * The largest sample of each channel. Its gradient goes to the first of equal samples; TF.js's layer would give each of them
 * the whole gradient.
 */
import type { Rank, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { onlyInput } from "./only-input.ts";

export function globalMaxPoolingLayer(tf: TensorFlow) {
  return class GlobalMaxPooling1D extends tf.layers.Layer {
    static readonly className = "GlobalMaxPooling1D";

    override computeOutputShape([batch, , channels]: number[]): number[] {
      return [batch, channels];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = onlyInput(inputs);
      const [batch, time, channels] = x.shape as [number, number, number];
      const image = tf.reshape<Rank.R4>(x, [batch, 1, time, channels]);
      return tf.reshape(tf.maxPool(image, [1, time], [1, time], "valid"), [batch, channels]);
    }
  };
}
