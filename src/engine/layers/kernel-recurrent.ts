/**
 * A recurrent layer by one kernel for the forward pass and one for the gradient (native/recurrent-ops.cpp), in a
 * recorded graph.
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Recorder } from "../graph/recorder.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import type { RecurrentCall } from "./recurrent-layer.ts";

export function recordRecurrentKernel(
  tf: TensorFlow,
  recorder: Recorder,
  op: "EctopyLstm" | "EctopyGru",
  { x, kernel, recurrentKernel, bias, sequences, training }: RecurrentCall,
): Tensor {
  const { graph } = recorder;
  const [time, batch] = x.shape;
  const units = recurrentKernel.shape[0];
  const bool = (value: boolean) => ({ kind: "bool", value }) as const;
  const compute = differentiable(tf, (weights) => {
    const inputs = weights.map((tensor) => recorder.outputOf(tensor));
    const forward = graph.add(op, inputs, { sequences: bool(sequences), keep: bool(training) });
    const value = sequences
      ? recorder.standIn([time, batch, units], forward)
      : recorder.standIn([batch, units], `${forward}:1`);
    return {
      value,
      gradFunc: (dy) => {
        const backward = graph.add(
          `${op}Grad`,
          [...inputs.slice(0, 3), forward, `${forward}:2`, `${forward}:3`, recorder.outputOf(dy)],
          { sequences: bool(sequences) },
        );
        return weights.map((tensor, i) => recorder.standIn(tensor.shape, i === 0 ? backward : `${backward}:${i}`));
      },
    };
  });
  return compute(x, kernel, recurrentKernel, bias);
}
