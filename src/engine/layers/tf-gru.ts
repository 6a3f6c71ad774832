/**
 * GRU in Keras' variant (reset_after). In a recorded graph it is one kernel, cuDNN's operation on a GPU, or a loop
 * where neither is available. Op by op, it is unrolled with TF.js' gradients: the reference that the others are tested
 * against.
 */
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import { addGruBackwardLoop, addGruForwardLoop } from "../graph/gru-loops.ts";
import type { Recorder } from "../graph/recorder.ts";
import type { RawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import { gruSteps } from "./gru.ts";
import type { LayerContext } from "./layer-context.ts";
import { recordCudnn } from "./cudnn-recurrent.ts";
import { recordRecurrentKernel } from "./kernel-recurrent.ts";
import { recurrentKernelGradient, recurrentLayer, type RecurrentCall } from "./recurrent-layer.ts";

/** Product of the input with its kernel, plus bias: [rows, in] · [in, out] + [out]. */
type Linear = (x: Tensor, kernel: Tensor, bias: Tensor) => Tensor;

/** Returns the layer's class. Its bias is [2, 3·units]: for the input product, and for the hidden state's product. */
export function gruLayer(tf: TensorFlow, ops: RawOps, context: LayerContext, linear: Linear) {
  let loops = 0;

  /**
   * @param product [time, batch, 3·units]
   * @returns hidden states [time, batch, units], or the last one [batch, units]
   */
  function recorded(
    recorder: Recorder,
    product: Tensor,
    kernel: Tensor,
    bias: Tensor,
    { sequences, training }: Pick<RecurrentCall, "sequences" | "training">,
  ): Tensor {
    const [time, batch] = product.shape as [number, number, number];
    const shape = { time, batch, units: kernel.shape[0] };
    const name = `gru/${loops++}`;
    const compute = differentiable(tf, (inputs) => {
      const [ofProduct, ofKernel, ofBias] = inputs.map((tensor) => recorder.outputOf(tensor));
      const keep = training ? "all" : sequences ? "hidden" : "nothing";
      const forward = addGruForwardLoop(recorder.graph, {
        name,
        shape,
        product: ofProduct,
        kernel: ofKernel,
        bias: ofBias,
        keep,
      });
      const hiddenShape = [time, batch, shape.units];
      return {
        value: sequences
          ? recorder.standIn(hiddenShape, forward.hidden!)
          : recorder.standIn([batch, shape.units], forward.last),
        gradFunc: (dy) => {
          const gradient = recorder.outputOf(dy);
          const ofStates = sequences ? { ofAll: gradient } : { ofLast: gradient };
          const backward = addGruBackwardLoop(recorder.graph, shape, forward, ofKernel, ofStates);
          const dRecurrent = recorder.standIn(product.shape, backward.recurrent);
          const hidden = recorder.standIn(hiddenShape, forward.hidden!);
          return [
            recorder.standIn(product.shape, backward.product),
            recurrentKernelGradient(tf, ops, hidden, dRecurrent),
            ops.biasAddGrad(dRecurrent),
          ];
        },
      };
    });
    return compute(product, kernel, bias);
  }

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
      const { recorder, kernels, cudnn } = context;
      if (recorder && kernels) return recordRecurrentKernel(tf, recorder, "EctopyGru", call);
      if (recorder && cudnn) return recordCudnn(tf, recorder, "gru", call);
      const { x, kernel, recurrentKernel, bias, sequences } = call;
      const [time, batch, channels] = x.shape as [number, number, number];
      const columns = kernel.shape[1]!;
      const biases = [0, 1].map((i) => tf.reshape(tf.slice(bias, [i, 0], [1, columns]), [columns]));
      const rows = tf.reshape(x, [time * batch, channels]);
      const product = tf.reshape(linear(rows, kernel, biases[0]), [time, batch, columns]);
      return recorder
        ? recorded(recorder, product, recurrentKernel, biases[1], call)
        : unrolled(product, recurrentKernel, biases[1], sequences);
    },
  });
}
