/**
 * The kernels of a plan: their codes and arguments. Every backend implements all of them (native/plan-kernels.h lists the
 * same codes). Arrays are row major float32; sequences are [batch, time, channels], those of a recurrence [time, batch,
 * channels].
 */

/** How a kernel uses a buffer. `?`: the buffer may be missing. */
export type Access = "read" | "write" | "update" | "read?" | "write?" | "update?";

interface KernelSpec {
  code: number;
  buffers: Readonly<Record<string, Access>>;
  integers: readonly string[];
  reals: readonly string[];
}

const kernel = <const Spec extends KernelSpec>(spec: Spec): Spec => spec;

const recurrentShape = ["time", "batch", "in", "units"] as const;
const convolutionShape = [
  "batch",
  "time",
  "in",
  "out",
  "taps",
  "stride",
  "before",
  "outTime",
  "relu",
  "dilation",
] as const;
const sequenceShape = ["batch", "time", "channels"] as const;
const poolingShape = [...sequenceShape, "pool", "stride", "before", "outTime"] as const;

const recurrent = {
  buffers: {
    x: "read",
    kernel: "read",
    recurrentKernel: "read",
    bias: "read",
    /** Hidden states, [time, batch, units]. */
    sequence: "write?",
    /** Last hidden state, [batch, units]. */
    last: "write",
    /** Kept for the gradient, in the backend's order: {@link gateFloats} and {@link cellFloats}. */
    gates: "write?",
    cells: "write?",
  },
  integers: recurrentShape,
  reals: [],
} as const;

const recurrentGradient = {
  buffers: {
    x: "read",
    kernel: "read",
    recurrentKernel: "read",
    sequence: "read",
    gates: "read",
    cells: "read?",
    /** Gradient by all hidden states, or by the last one. */
    dSequence: "read?",
    dLast: "read?",
    dx: "write?",
    dKernel: "write",
    dRecurrentKernel: "write",
    dBias: "write",
  },
  integers: recurrentShape,
  reals: [],
} as const;

export const kernels = {
  /** y = activation(x · kernel + bias); x [rows, in], kernel [in, out]. */
  dense: kernel({
    code: 1,
    buffers: { x: "read", kernel: "read", bias: "read?", y: "write" },
    integers: ["rows", "in", "out", "activation"],
    reals: [],
  }),
  /** dKernel = xᵀ · d, dBias = Σ d over the rows. */
  "dense-weight-gradient": kernel({
    code: 2,
    buffers: { x: "read", d: "read", dKernel: "write", dBias: "write?" },
    integers: ["rows", "in", "out"],
    reals: [],
  }),
  /** dx = d · kernelᵀ. */
  "dense-input-gradient": kernel({
    code: 3,
    buffers: { d: "read", kernel: "read", dx: "write" },
    integers: ["rows", "in", "out"],
    reals: [],
  }),
  /** y = activation(x); y may be x. */
  activation: kernel({
    code: 4,
    buffers: { x: "read", y: "write" },
    integers: ["count", "activation"],
    reals: [],
  }),
  /** d ← d · activation′. `kept`: the output where it suffices, else the input (plan-layers.ts). */
  "activation-gradient": kernel({
    code: 5,
    buffers: { kept: "read", d: "update" },
    integers: ["count", "activation"],
    reals: [],
  }),
  /** y = x · mask, scaled; masks of Philox by the step's seed and the number of the layer; y may be x. */
  dropout: kernel({
    code: 6,
    buffers: { numbers: "read", x: "read", y: "write", mask: "write?" },
    integers: ["count", "number"],
    reals: ["rate"],
  }),
  /** Batch normalization of rows in training, with its moving mean and variance. */
  "normalize-rows": kernel({
    code: 7,
    buffers: {
      x: "read",
      gamma: "read",
      beta: "read",
      y: "write",
      mean: "write",
      variance: "write",
      movingMean: "update",
      movingVariance: "update",
    },
    integers: ["rows", "channels"],
    reals: ["epsilon", "momentum"],
  }),
  "normalize-rows-gradient": kernel({
    code: 8,
    buffers: {
      dy: "read",
      x: "read",
      mean: "read",
      variance: "read",
      gamma: "read",
      dx: "write",
      dGamma: "write",
      dBeta: "write",
    },
    integers: ["rows", "channels"],
    reals: ["epsilon"],
  }),
  /** Mean and population variance over batch and time, and the moving ones. */
  moments: kernel({
    code: 9,
    buffers: { x: "read", mean: "write", variance: "write", movingMean: "update", movingVariance: "update" },
    integers: sequenceShape,
    reals: ["momentum"],
  }),
  /** Normalizes, and keeps the largest of every `pool` samples; the rest at the end is dropped. */
  normalize: kernel({
    code: 10,
    buffers: { x: "read", mean: "read", variance: "read", gamma: "read", beta: "read", y: "write" },
    integers: [...sequenceShape, "pool"],
    reals: ["epsilon"],
  }),
  /** Through mean and variance as well. */
  "normalize-gradient": kernel({
    code: 11,
    buffers: {
      dy: "read",
      x: "read",
      mean: "read",
      variance: "read",
      gamma: "read",
      beta: "read",
      dx: "write",
      dGamma: "write",
      dBeta: "write",
    },
    integers: [...sequenceShape, "pool"],
    reals: ["epsilon"],
  }),
  /** Normalizes, and averages over time: y [batch, channels]. `means`: of x over time. */
  "normalize-average": kernel({
    code: 12,
    buffers: { x: "read", mean: "read", variance: "read", gamma: "read", beta: "read", y: "write", means: "write" },
    integers: sequenceShape,
    reals: ["epsilon"],
  }),
  "normalize-average-gradient": kernel({
    code: 13,
    buffers: {
      dy: "read",
      x: "read",
      means: "read",
      mean: "read",
      variance: "read",
      gamma: "read",
      beta: "read",
      dx: "write",
      dGamma: "write",
      dBeta: "write",
    },
    integers: sequenceShape,
    reals: ["epsilon"],
  }),
  /** Strides or dilation are 1. */
  conv1d: kernel({
    code: 14,
    buffers: { x: "read", kernel: "read", bias: "read?", y: "write" },
    integers: convolutionShape,
    reals: [],
  }),
  "conv1d-gradient": kernel({
    code: 15,
    buffers: { dy: "read", x: "read", kernel: "read", y: "read", dx: "write?", dKernel: "write", dBias: "write?" },
    integers: convolutionShape,
    reals: [],
  }),
  /**
   * `before`: samples of the padding before the sequence. `chosen`: of each window the position of its largest sample, the
   * first of equal ones, as an int32; the padding has positions, too.
   */
  "max-pool": kernel({
    code: 16,
    buffers: { x: "read", y: "write", chosen: "write?" },
    integers: poolingShape,
    reals: [],
  }),
  "max-pool-gradient": kernel({
    code: 17,
    buffers: { dy: "read", chosen: "read", dx: "write" },
    integers: poolingShape,
    reals: [],
  }),
  /** y [batch, channels]: the mean over time. */
  "average-pool": kernel({ code: 18, buffers: { x: "read", y: "write" }, integers: sequenceShape, reals: [] }),
  "average-pool-gradient": kernel({
    code: 19,
    buffers: { dy: "read", dx: "write" },
    integers: sequenceShape,
    reals: [],
  }),
  lstm: kernel({ code: 20, ...recurrent }),
  "lstm-gradient": kernel({ code: 21, ...recurrentGradient }),
  gru: kernel({ code: 22, ...recurrent }),
  "gru-gradient": kernel({ code: 23, ...recurrentGradient }),
  /** [first, second, channels] → [second, first, channels]. */
  "swap-axes": kernel({
    code: 24,
    buffers: { x: "read", y: "write" },
    integers: ["first", "second", "channels"],
    reals: [],
  }),
  /** Reverses the middle axis of [outer, time, inner]. */
  reverse: kernel({ code: 25, buffers: { x: "read", y: "write" }, integers: ["outer", "time", "inner"], reals: [] }),
  /** Copies `count` columns of each row, from column `from` of x to column `to` of y. */
  "copy-columns": kernel({
    code: 26,
    buffers: { x: "read", y: "update" },
    integers: ["rows", "xColumns", "from", "yColumns", "to", "count"],
    reals: [],
  }),
  /** y = factor · (a + b); y may be a. */
  add: kernel({ code: 27, buffers: { a: "read", b: "read", y: "write" }, integers: ["count"], reals: ["factor"] }),
  /** y = factor · x; y may be x. */
  scale: kernel({ code: 28, buffers: { x: "read", y: "write" }, integers: ["count"], reals: ["factor"] }),
  /** y = a · b, element by element; y may be a. */
  multiply: kernel({ code: 29, buffers: { a: "read", b: "read", y: "write" }, integers: ["count"], reals: [] }),
  /**
   * Loss of logits [rows, classes], and its gradient: Σ t · (1 − p)^focus · −ln p over the classes, where t is 1 for the
   * true class, less `smoothing`, which all classes share, and p the softmax of the logits plus `adjustment` [classes].
   * `result`: Σ weight · loss, in nats, and the number of rows whose largest logit is that of the true class.
   */
  "cross-entropy": kernel({
    code: 30,
    buffers: {
      logits: "read",
      truth: "read",
      weights: "read",
      dLogits: "write",
      result: "write",
      adjustment: "read?",
    },
    integers: ["rows", "classes"],
    reals: ["smoothing", "focus"],
  }),
  softmax: kernel({ code: 31, buffers: { logits: "read", y: "write" }, integers: ["rows", "classes"], reals: [] }),
  /** Clips each value to ± the limit among `numbers`. */
  "clip-values": kernel({
    code: 32,
    buffers: { numbers: "read", gradients: "update" },
    integers: ["count"],
    reals: [],
  }),
  /** Scales gradients so that their norm is within the limit: that of each weight, or of all together (`together` 1). */
  "clip-norms": kernel({
    code: 33,
    buffers: { numbers: "read", gradients: "update", segments: "read" },
    integers: ["count", "together"],
    reals: [],
  }),
  adam: kernel({
    code: 34,
    buffers: { numbers: "read", gradients: "read", weights: "update", mean: "update", square: "update" },
    integers: ["count", "decays"],
    reals: ["beta1", "beta2", "epsilon"],
  }),
  sgd: kernel({
    code: 35,
    buffers: { numbers: "read", gradients: "read", weights: "update", velocity: "update?" },
    integers: ["count", "nesterov"],
    reals: ["momentum"],
  }),
  rmsprop: kernel({
    code: 36,
    buffers: { numbers: "read", gradients: "read", weights: "update", square: "update", change: "update" },
    integers: ["count"],
    reals: ["rho", "momentum", "epsilon"],
  }),
  /** y = x + deviation · normal numbers, drawn as the masks of `dropout`; y may be x. */
  "gaussian-noise": kernel({
    code: 37,
    buffers: { numbers: "read", x: "read", y: "write" },
    integers: ["count", "number"],
    reals: ["deviation"],
  }),
  /** Normalizes each row. `statistics`: mean and 1 / σ of each row. */
  "normalize-layer": kernel({
    code: 38,
    buffers: { x: "read", gamma: "read", beta: "read", y: "write", statistics: "write?" },
    integers: ["rows", "channels"],
    reals: ["epsilon"],
  }),
  "normalize-layer-gradient": kernel({
    code: 39,
    buffers: {
      dy: "read",
      x: "read",
      statistics: "read",
      gamma: "read",
      dx: "write?",
      dGamma: "write",
      dBeta: "write",
    },
    integers: ["rows", "channels"],
    reals: [],
  }),
  /** Means of windows; samples of the padding do not count. */
  "average-windows": kernel({ code: 40, buffers: { x: "read", y: "write" }, integers: poolingShape, reals: [] }),
  "average-windows-gradient": kernel({
    code: 41,
    buffers: { dy: "read", dx: "write" },
    integers: poolingShape,
    reals: [],
  }),
  "leaky-relu": kernel({ code: 42, buffers: { x: "read", y: "write" }, integers: ["count"], reals: ["slope"] }),
  /** `kept`: the output. */
  "leaky-relu-gradient": kernel({
    code: 43,
    buffers: { kept: "read", d: "update" },
    integers: ["count"],
    reals: ["slope"],
  }),
  /** Masks of dropout, as of `dropout`. */
  "dropout-mask": kernel({
    code: 44,
    buffers: { numbers: "read", mask: "write" },
    integers: ["count", "number"],
    reals: ["rate"],
  }),
  /** y = x · mask; mask [batch, channels]. */
  "multiply-channels": kernel({
    code: 45,
    buffers: { x: "read", mask: "read", y: "write" },
    integers: sequenceShape,
    reals: [],
  }),
  /** Rows of y: zeros, a row of x from column `to` on, zeros. */
  "pad-rows": kernel({
    code: 46,
    buffers: { x: "read", y: "write" },
    integers: ["rows", "xColumns", "yColumns", "to"],
    reals: [],
  }),
} as const;

export type Kernels = typeof kernels;
export type KernelName = keyof Kernels;

type Optional<Of> = { [Name in keyof Of]: Of[Name] extends `${string}?` ? Name : never }[keyof Of];
type Required<Of> = Exclude<keyof Of, Optional<Of>>;

/** Arguments of a call, by their names in {@link kernels}. */
export type KernelArguments<Name extends KernelName, Buffer> = {
  [Each in Required<Kernels[Name]["buffers"]>]: Buffer;
} & {
  [Each in Optional<Kernels[Name]["buffers"]>]: Buffer | null;
} & Record<Kernels[Name]["integers"][number] | Kernels[Name]["reals"][number], number>;
