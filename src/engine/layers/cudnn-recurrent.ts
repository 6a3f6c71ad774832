/** A recurrent layer as cuDNN's operations for forward pass and gradient, in a recorded graph (graph/cudnn-ops.ts). */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { addCudnnBackward, addCudnnForward, type CudnnCell } from "../graph/cudnn-ops.ts";
import type { Recorder } from "../graph/recorder.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import type { RecurrentCall } from "./recurrent-layer.ts";

/** Records the layer. Its input product is in float32, whatever the precision of other products. */
export function recordCudnn(
  tf: TensorFlow,
  recorder: Recorder,
  cell: CudnnCell,
  { x, kernel, recurrentKernel, bias, sequences, training }: RecurrentCall,
): Tensor {
  const { graph } = recorder;
  const [time, batch, channels] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0];
  const shape = { time, batch, channels, units };
  const compute = differentiable(tf, (given) => {
    const [input, ...weights] = given.map((tensor) => recorder.outputOf(tensor)) as [string, string, string, string];
    const forward = addCudnnForward(graph, cell, shape, { x: input, weights, training });
    return {
      value: sequences
        ? recorder.standIn([time, batch, units], forward.sequence)
        : recorder.standIn([batch, units], forward.last),
      gradFunc: (dy) => {
        const gradient = recorder.outputOf(dy);
        const ofStates = sequences ? { ofAll: gradient } : { ofLast: gradient };
        const backward = addCudnnBackward(graph, cell, shape, forward, ofStates);
        return given.map((tensor, i) => recorder.standIn(tensor.shape, backward[i]));
      },
    };
  });
  return compute(x, kernel, recurrentKernel, bias);
}
