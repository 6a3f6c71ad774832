/** Operations and memory traffic of a plan's calls, as a measure for their time: a kernel may save some of both. */
import { kernels, type KernelName } from "./kernels.ts";
import { accessesOf } from "./program-builder.ts";
import type { KernelCall, Program } from "./plan.ts";

export interface CallCost {
  /** Floating-point operations; a product with its sum counts as two. */
  flops: number;
  /** Bytes of the buffers that the call reads and writes. */
  bytes: number;
}

const BYTES_PER_FLOAT = 4;

/** Returns the costs of each call of a program. */
export function costsOf(program: Program): CallCost[] {
  return program.calls.map((call) => ({ flops: flopsOf(call, program), bytes: bytesOf(call, program) }));
}

function bytesOf(call: KernelCall, { buffers }: Program): number {
  const passes = accessesOf(call).map((access) => (access.startsWith("update") ? 2 : 1));
  return call.buffers.reduce(
    (sum, buffer, i) => sum + (buffer < 0 ? 0 : BYTES_PER_FLOAT * passes[i] * buffers[buffer].floats),
    0,
  );
}

/** Operations on each value of the largest buffer, where a kernel works value by value. */
const perValue: Partial<Record<KernelName, number>> = {
  activation: 10,
  "activation-gradient": 4,
  // Ten rounds of Philox for four numbers.
  dropout: 40,
  "gaussian-noise": 60,
  "normalize-rows": 8,
  "normalize-rows-gradient": 12,
  moments: 4,
  normalize: 2,
  "normalize-gradient": 12,
  "normalize-average": 1,
  "normalize-average-gradient": 8,
  "max-pool": 1,
  "max-pool-gradient": 1,
  "average-pool": 1,
  "average-pool-gradient": 1,
  "normalize-layer": 8,
  "normalize-layer-gradient": 14,
  "average-windows": 1,
  "average-windows-gradient": 1,
  "leaky-relu": 2,
  "leaky-relu-gradient": 2,
  "dropout-mask": 40,
  "multiply-channels": 1,
  add: 2,
  scale: 1,
  multiply: 1,
  "cross-entropy": 15,
  softmax: 15,
  "clip-values": 2,
  "clip-norms": 3,
  adam: 14,
  sgd: 6,
  rmsprop: 10,
};

function flopsOf(call: KernelCall, { buffers }: Program): number {
  const names: readonly string[] = kernels[call.kernel].integers;
  const number = (name: string): number => call.integers[names.indexOf(name)];
  const isMissing = (name: string): boolean =>
    call.buffers[Object.keys(kernels[call.kernel].buffers).indexOf(name)] < 0;
  switch (call.kernel) {
    case "dense":
    case "dense-weight-gradient":
    case "dense-input-gradient":
      return 2 * number("rows") * number("in") * number("out");
    case "conv1d":
      return convolution(number);
    case "conv1d-gradient":
      return convolution(number) * (isMissing("dx") ? 1 : 2);
    case "lstm":
    case "gru":
      return recurrence(number, call.kernel);
    case "lstm-gradient":
      return 2 * recurrence(number, "lstm");
    case "gru-gradient":
      return 2 * recurrence(number, "gru");
    default: {
      const largest = Math.max(...call.buffers.filter((buffer) => buffer >= 0).map((buffer) => buffers[buffer].floats));
      return largest * (perValue[call.kernel] ?? 0);
    }
  }
}

function convolution(number: (name: string) => number): number {
  return 2 * number("batch") * number("outTime") * number("taps") * number("in") * number("out");
}

function recurrence(number: (name: string) => number, cell: "lstm" | "gru"): number {
  const gates = cell === "lstm" ? 4 : 3;
  return 2 * number("time") * number("batch") * gates * number("units") * (number("in") + number("units"));
}
