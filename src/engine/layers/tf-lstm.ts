/**
 * LSTM. In a recorded graph it is cuDNN's operation on a GPU. Op by op, it is unrolled with TF.js' gradients: slow, and
 * the reference that other implementations are tested against.
 */
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerContext } from "./layer-context.ts";
import { recordCudnn } from "./cudnn-recurrent.ts";
import { recurrentLayer } from "./recurrent-layer.ts";

/** Product of the input with its kernel, plus bias: [rows, in] · [in, out] + [out]. */
type Linear = (x: Tensor, kernel: Tensor, bias: Tensor) => Tensor;

/** Returns the layer's class. The recurrence is in float32, whatever the precision of the input product. */
export function lstmLayer(tf: TensorFlow, context: LayerContext, linear: Linear) {
  function unrolled(product: Tensor, kernel: Tensor, sequences: boolean): Tensor {
    const [time, batch] = product.shape;
    const units = kernel.shape[0];
    let hidden: Tensor = tf.zeros([batch, units]);
    let state: Tensor = tf.zeros([batch, units]);
    // TF.js' gradient of unstack fails for a single row.
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

  return recurrentLayer(tf, {
    className: "LSTM",
    gates: 4,
    biasShape: (units) => [4 * units],
    compute(call) {
      if (context.recorder) return recordCudnn(tf, context.recorder, "lstm", call);
      const { x, kernel, recurrentKernel, bias, sequences } = call;
      const [time, batch, channels] = x.shape as [number, number, number];
      const rows = tf.reshape(x, [time * batch, channels]);
      const product = tf.reshape(linear(rows, kernel, bias), [time, batch, kernel.shape[1]!]);
      return unrolled(product, recurrentKernel, sequences);
    },
  });
}
