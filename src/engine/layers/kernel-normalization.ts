/**
 * Batch normalization by the kernels (native/normalize.cpp) in a recorded graph, combined with the pooling after it.
 *
 * A pooling layer with a normalised input uses the input of the normalization, and computes both in one operation. The
 * normalised tensor is then computed only if another node needs it: TensorFlow executes only nodes that lead to a
 * result.
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Attribute, Output } from "../graph/graph-builder.ts";
import type { Recorder } from "../graph/recorder.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import { recordKernelOp } from "./kernel-ops.ts";

export interface Normalization {
  /** [batch, time, channels] */
  x: Tensor;
  /** [channels] */
  gamma: Tensor;
  beta: Tensor;
  epsilon: number;
  /**
   * Nodes of x, mean, population variance, gamma and beta: the tensors may be disposed before a later layer needs them.
   */
  inputs: readonly Output[];
}

/** Normalization of each normalised tensor. */
export type NormalizedTensors = WeakMap<Tensor, Normalization>;

/** Records mean and variance of each channel. */
export function recordMoments(recorder: Recorder, x: Tensor): [Tensor, Tensor] {
  const channels = x.shape.slice(-1);
  const [mean, variance] = recordKernelOp(recorder, "EctopyMoments", [recorder.outputOf(x)], {}, [channels, channels]);
  return [mean, variance];
}

/**
 * Records a normalization with max pooling. Its gradient includes mean and variance, as statistics of the batch.
 * @param pool time steps of a pooling window
 * @returns [batch, time / pool, channels]
 */
export function recordNormalize(tf: TensorFlow, recorder: Recorder, of: Normalization, pool: number): Tensor {
  const attributes: Record<string, Attribute> = { ...epsilonOf(of), pool: { kind: "int", value: pool } };
  const { inputs } = of;
  const compute = differentiable(tf, (tensors) => {
    const [batch, time, channels] = of.x.shape as [number, number, number];
    const shape = [batch, Math.floor(time / pool), channels];
    const [value] = recordKernelOp(recorder, "EctopyNormalize", inputs, attributes, [shape]);
    const gradient = (dy: Output): Tensor[] =>
      recordKernelOp(recorder, "EctopyNormalizeGrad", [dy, ...inputs], attributes, shapesOf(tensors));
    return { value, gradFunc: (dy) => gradient(recorder.outputOf(dy)) };
  });
  return compute(of.x, of.gamma, of.beta);
}

/** Records a normalization with average pooling over time. @returns [batch, channels] */
export function recordNormalizeAverage(tf: TensorFlow, recorder: Recorder, of: Normalization): Tensor {
  const attributes = epsilonOf(of);
  const [x, ...statistics] = of.inputs;
  const compute = differentiable(tf, (tensors) => {
    const [batch, , channels] = of.x.shape as [number, number, number];
    const shape = [batch, channels];
    const outputs = recordKernelOp(recorder, "EctopyNormalizeAverage", [x, ...statistics], attributes, [shape, shape]);
    const means = recorder.outputOf(outputs[1]);
    const gradient = (dy: Output): Tensor[] =>
      recordKernelOp(
        recorder,
        "EctopyNormalizeAverageGrad",
        [dy, x, means, ...statistics],
        attributes,
        shapesOf(tensors),
      );
    return { value: outputs[0], gradFunc: (dy) => gradient(recorder.outputOf(dy)) };
  });
  return compute(of.x, of.gamma, of.beta);
}

function shapesOf(tensors: readonly Tensor[]): number[][] {
  return tensors.map(({ shape }) => shape);
}

function epsilonOf({ epsilon }: Normalization): Record<string, Attribute> {
  return { epsilon: { kind: "float", value: epsilon } };
}
