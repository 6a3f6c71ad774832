/**
 * LSTM. In a recorded graph it is one kernel, cuDNN's operation on a GPU, or a loop where neither is available. Op by
 * op, it is unrolled with TF.js' gradients: slow, and the reference that the others are tested against.
 */
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import { addBackwardLoop, addForwardLoop } from "../graph/lstm-loops.ts";
import type { Recorder } from "../graph/recorder.ts";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import type { LayerContext } from "./layer-context.ts";
import { recordCudnn } from "./cudnn-recurrent.ts";
import { recordRecurrentKernel } from "./kernel-recurrent.ts";
import { recurrentKernelGradient, recurrentLayer, type RecurrentCall } from "./recurrent-layer.ts";

/** Product of the input with its kernel, plus bias: [rows, in] · [in, out] + [out]. */
type Linear = (x: Tensor, kernel: Tensor, bias: Tensor) => Tensor;

/** Returns the layer's class. The recurrence is in float32, whatever the precision of the input product. */
export function lstmLayer(tf: TensorFlow, ops: RawOps, context: LayerContext, linear: Linear) {
  let loops = 0;

  /**
   * @param product [time, batch, 4·units]
   * @returns hidden states [time, batch, units], or the last one [batch, units]
   */
  function recorded(
    recorder: Recorder,
    product: Tensor,
    kernel: Tensor,
    { sequences, training }: Pick<RecurrentCall, "sequences" | "training">,
  ): Tensor {
    const [time, batch] = product.shape as [number, number, number];
    const shape = { time, batch, units: kernel.shape[0] };
    const name = `lstm/${loops++}`;
    const compute = differentiable(tf, ([product, kernel]) => {
      const forward = addForwardLoop(recorder.graph, {
        name,
        shape,
        product: recorder.outputOf(product),
        kernel: recorder.outputOf(kernel),
        keep: training ? "all" : sequences ? "hidden" : "nothing",
      });
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
          return [dProduct, recurrentKernelGradient(tf, ops, hidden, dProduct)];
        },
      };
    });
    return compute(product, kernel);
  }

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
      const { recorder, kernels, cudnn } = context;
      if (recorder && kernels) return recordRecurrentKernel(tf, recorder, "EctopyLstm", call);
      if (recorder && cudnn) return recordCudnn(tf, recorder, "lstm", call);
      const { x, kernel, recurrentKernel, bias, sequences } = call;
      const [time, batch, channels] = x.shape as [number, number, number];
      const rows = tf.reshape(x, [time * batch, channels]);
      const product = tf.reshape(linear(rows, kernel, bias), [time, batch, kernel.shape[1]!]);
      return recorder
        ? recorded(recorder, product, recurrentKernel, call)
        : unrolled(product, recurrentKernel, sequences);
    },
  });
}
