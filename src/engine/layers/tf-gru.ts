/**
 * GRU in Keras' variant (reset_after). In a recorded graph it is cuDNN's operation on a GPU. Op by op, it is unrolled
 * with TF.js' gradients: the reference that other implementations are tested against.
 */
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { gruSteps } from "./gru.ts";
import type { LayerContext } from "./layer-context.ts";
import { recordCudnn } from "./cudnn-recurrent.ts";
import { recurrentLayer } from "./recurrent-layer.ts";

/** Product of the input with its kernel, plus bias: [rows, in] · [in, out] + [out]. */
type Linear = (x: Tensor, kernel: Tensor, bias: Tensor) => Tensor;

/** Returns the layer's class. Its bias is [2, 3·units]: for the input product, and for the hidden state's product. */
export function gruLayer(tf: TensorFlow, context: LayerContext, linear: Linear) {
  function unrolled(product: Tensor, kernel: Tensor, bias: Tensor, sequences: boolean): Tensor {
    const [time, batch] = product.shape;
    const units = kernel.shape[0];
    // TF.js' gradient of unstack fails for a single row.
    const rows = time === 1 ? [tf.reshape(product, [batch, 3 * units])] : tf.unstack(product);
    const all = gruSteps(tf, rows, kernel as Tensor2D, bias);
    if (!sequences) return all.at(-1)!;
    return time === 1 ? tf.reshape(all[0], [1, batch, units]) : tf.stack(all);
  }

  return recurrentLayer(tf, {
    className: "GRU",
    gates: 3,
    biasShape: (units) => [2, 3 * units],
    compute(call) {
      if (context.recorder) return recordCudnn(tf, context.recorder, "gru", call);
      const { x, kernel, recurrentKernel, bias, sequences } = call;
      const [time, batch, channels] = x.shape as [number, number, number];
      const columns = kernel.shape[1]!;
      const biases = [0, 1].map((i) => tf.reshape(tf.slice(bias, [i, 0], [1, columns]), [columns]));
      const rows = tf.reshape(x, [time * batch, channels]);
      const product = tf.reshape(linear(rows, kernel, biases[0]), [time, batch, columns]);
      return unrolled(product, recurrentKernel, biases[1], sequences);
    },
  });
}
