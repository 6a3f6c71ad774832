/** A convolution along time by the kernels (native/conv1d.cpp), in a recorded graph. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Attribute } from "../graph/graph-builder.ts";
import type { Recorder } from "../graph/recorder.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import { recordKernelOp } from "./kernel-ops.ts";

export interface KernelConv1d {
  strides: number;
  padding: "same" | "valid";
  /** Whether a ReLU follows. */
  relu: boolean;
}

/**
 * Records a convolution with its gradient.
 * @param x [batch, time, in]
 * @param kernel [taps, in, out]
 * @param bias [out]
 * @param shape shape of the result, [batch, time, out]
 */
export function recordConv1d(
  tf: TensorFlow,
  recorder: Recorder,
  { strides, padding, relu }: KernelConv1d,
  [x, kernel, bias]: readonly [Tensor, Tensor, Tensor],
  shape: number[],
): Tensor {
  const attributes: Record<string, Attribute> = {
    stride: { kind: "int", value: strides },
    same: { kind: "bool", value: padding === "same" },
    relu: { kind: "bool", value: relu },
  };
  const compute = differentiable(tf, (tensors) => {
    // Nodes, because the tensors may be disposed before the gradient is recorded.
    const [x, kernel, bias] = tensors.map((tensor) => recorder.outputOf(tensor));
    const [y] = recordKernelOp(recorder, "EctopyConv1D", [x, kernel, bias], attributes, [shape]);
    const output = recorder.outputOf(y);
    // Fed tensors need no gradient.
    const inputGradient: Attribute = { kind: "bool", value: !recorder.isGiven(tensors[0]) };
    return {
      value: y,
      gradFunc: (dy) =>
        recordKernelOp(
          recorder,
          "EctopyConv1DGrad",
          [recorder.outputOf(dy), x, kernel, output],
          { ...attributes, input_gradient: inputGradient },
          tensors.map((tensor) => tensor.shape),
        ),
    };
  });
  return compute(x, kernel, bias);
}
