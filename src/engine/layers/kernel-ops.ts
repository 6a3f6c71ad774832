/** Operations of the kernels (native/) in a recorded graph. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Attribute, Output } from "../graph/graph-builder.ts";
import type { Recorder } from "../graph/recorder.ts";

/** Records an operation. @param shapes shapes of its outputs @returns stand-ins for the outputs */
export function recordKernelOp(
  recorder: Recorder,
  op: string,
  inputs: readonly Output[],
  attributes: Readonly<Record<string, Attribute>>,
  shapes: readonly number[][],
): Tensor[] {
  const node = recorder.graph.add(op, inputs, attributes);
  return shapes.map((shape, i) => recorder.standIn(shape, i === 0 ? node : `${node}:${i}`));
}
