/** Runs Ectopy's operations over sequences (native/) one at a time, each as a graph. */
import { createHash } from "node:crypto";
import { dtypes, GraphBuilder, type Attribute } from "../../src/engine/graph/graph-builder.ts";
import { openGraph } from "../../src/engine/graph/graph-session.ts";
import type { TensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { randomStream } from "../../src/pipeline/random.ts";

export interface Values {
  shape: number[];
  values: Float32Array;
}

interface Seed {
  shape: [2];
  values: Int32Array;
}

export const int = (value: number): Attribute => ({ kind: "int", value });
export const bool = (value: boolean): Attribute => ({ kind: "bool", value });
export const float = (value: number): Attribute => ({ kind: "float", value });

/** Returns normally distributed numbers, the same for the same name and shape. */
export function normals(name: string, shape: number[]): Values {
  const random = randomStream(11, name);
  return { shape, values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()) };
}

export interface OperationCall {
  op: string;
  inputs: readonly (Values | Seed)[];
  attributes: Readonly<Record<string, Attribute>>;
  /** Number of outputs. */
  outputs: number;
}

/** @returns the first `outputs` outputs */
export function runOp(tf: TensorFlow, { op, inputs, attributes, outputs }: OperationCall): Float32Array[] {
  const graph = new GraphBuilder();
  const fed = inputs.map(({ shape, values }, i) =>
    graph.placeholder(`input/${i}`, values instanceof Float32Array ? dtypes.float32 : dtypes.int32, shape),
  );
  const node = graph.add(op, fed, attributes);
  const names = Array.from({ length: outputs }, (_, i) => `output/${i}`);
  names.forEach((name, i) => graph.resultAfter(name, i === 0 ? node : `${node}:${i}`, dtypes.float32, []));
  const session = openGraph(tf, graph);
  try {
    const feeds = inputs.map(({ shape, values }, i) => ({ name: `input/${i}`, shape, values }));
    return session.run(feeds, names) as Float32Array[];
  } finally {
    session.dispose();
  }
}

/** Runs dropout number 3 of a network on the normals of `x`. @param seed two numbers of 32 bits */
export function dropOut(tf: TensorFlow, shape: number[], seed: readonly number[], rate: number): Float32Array {
  const inputs = [normals("x", shape), { shape: [2], values: Int32Array.from(seed) } satisfies Seed];
  return runOp(tf, { op: "EctopyDropout", inputs, attributes: { rate: float(rate), number: int(3) }, outputs: 1 })[0];
}

export interface ConvolutionCase {
  batch: number;
  time: number;
  in: number;
  out: number;
  taps: number;
  stride: number;
  same: boolean;
  relu: boolean;
}

/** Returns the output of a convolution, and the gradients of x, kernel and bias for the output gradient `dy`. */
export function convolve(
  tf: TensorFlow,
  c: ConvolutionCase,
): { inputs: Values[]; dy: Values; results: Float32Array[] } {
  const outTime = Math.ceil((c.same ? c.time : c.time - c.taps + 1) / c.stride);
  const inputs = [
    normals("x", [c.batch, c.time, c.in]),
    normals("kernel", [c.taps, c.in, c.out]),
    normals("bias", [c.out]),
  ];
  const dy = normals("dy", [c.batch, outTime, c.out]);
  const attributes = { stride: int(c.stride), same: bool(c.same), relu: bool(c.relu) };
  const [y] = runOp(tf, { op: "EctopyConv1D", inputs, attributes, outputs: 1 });
  const gradientInputs = [dy, inputs[0], inputs[1], { shape: dy.shape, values: y }];
  const gradients = runOp(tf, {
    op: "EctopyConv1DGrad",
    inputs: gradientInputs,
    attributes: { ...attributes, input_gradient: bool(true) },
    outputs: 3,
  });
  return { inputs, dy, results: [y, ...gradients] };
}

export interface NormalizationCase {
  batch: number;
  time: number;
  channels: number;
  pool: number;
}

const EPSILON = 1e-3;

/**
 * Returns mean, variance, the pooled output and the gradients of x, gamma and beta; the same for the mean over time.
 */
export function normalize(tf: TensorFlow, c: NormalizationCase) {
  const x = normals("x", [c.batch, c.time, c.channels]);
  // Not around 0, like the output of a ReLU.
  x.values.forEach((value, i) => (x.values[i] = value + 3));
  const [gamma, beta] = [normals("gamma", [c.channels]), normals("beta", [c.channels])];
  const [mean, variance] = runOp(tf, { op: "EctopyMoments", inputs: [x], attributes: {}, outputs: 2 }).map(
    (values) => ({ shape: [c.channels], values }),
  );
  const inputs = [x, mean, variance, gamma, beta];
  const attributes = { epsilon: float(EPSILON), pool: int(c.pool) };
  const dy = normals("dy", [c.batch, Math.floor(c.time / c.pool), c.channels]);
  const [y] = runOp(tf, { op: "EctopyNormalize", inputs, attributes, outputs: 1 });
  const gradients = runOp(tf, { op: "EctopyNormalizeGrad", inputs: [dy, ...inputs], attributes, outputs: 3 });
  const of = { epsilon: float(EPSILON) };
  const dAverage = normals("dAverage", [c.batch, c.channels]);
  const [average, means] = runOp(tf, { op: "EctopyNormalizeAverage", inputs, attributes: of, outputs: 2 });
  const averageInputs = [dAverage, x, { shape: dAverage.shape, values: means }, ...inputs.slice(1)];
  const averageGradients = runOp(tf, {
    op: "EctopyNormalizeAverageGrad",
    inputs: averageInputs,
    attributes: of,
    outputs: 3,
  });
  return {
    x,
    gamma,
    beta,
    epsilon: EPSILON,
    dy,
    dAverage,
    moments: [mean.values, variance.values],
    pooled: [y, ...gradients],
    averaged: [average, ...averageGradients],
  };
}

/**
 * Shapes like those of the reference network, and shapes with remainders of vectors, panels, tiles and micro-batches.
 */
export const convolutionCases: ConvolutionCase[] = [
  { batch: 5, time: 36, in: 1, out: 64, taps: 5, stride: 1, same: true, relu: true },
  { batch: 5, time: 18, in: 64, out: 128, taps: 5, stride: 1, same: true, relu: true },
  { batch: 67, time: 9, in: 32, out: 48, taps: 3, stride: 1, same: true, relu: true },
  { batch: 2, time: 230, in: 17, out: 33, taps: 3, stride: 1, same: false, relu: false },
  { batch: 1, time: 2, in: 16, out: 16, taps: 7, stride: 1, same: true, relu: true },
  { batch: 3, time: 31, in: 19, out: 70, taps: 2, stride: 1, same: false, relu: true },
  { batch: 3, time: 30, in: 20, out: 16, taps: 4, stride: 1, same: true, relu: false },
  { batch: 3, time: 29, in: 16, out: 21, taps: 6, stride: 1, same: false, relu: true },
  { batch: 2, time: 28, in: 18, out: 23, taps: 7, stride: 1, same: true, relu: true },
  { batch: 40, time: 25, in: 3, out: 5, taps: 9, stride: 3, same: true, relu: true },
  { batch: 2, time: 100, in: 24, out: 40, taps: 11, stride: 2, same: false, relu: true },
  { batch: 2, time: 7, in: 2, out: 1, taps: 1, stride: 5, same: true, relu: false },
  { batch: 1, time: 1, in: 1, out: 1, taps: 3, stride: 2, same: true, relu: true },
];

export const normalizationCases: NormalizationCase[] = [
  { batch: 4, time: 37, channels: 64, pool: 2 },
  { batch: 3, time: 9, channels: 19, pool: 1 },
  { batch: 2, time: 11, channels: 5, pool: 3 },
  { batch: 1, time: 4, channels: 33, pool: 4 },
];

/** Returns every bit of every result, as one line. */
export function digest(tf: TensorFlow): string {
  const hash = createHash("sha256");
  const add = (results: readonly Float32Array[]): void => {
    for (const values of results) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  };
  for (const c of convolutionCases) add(convolve(tf, c).results);
  for (const c of normalizationCases) {
    const { moments, pooled, averaged } = normalize(tf, c);
    add([...moments, ...pooled, ...averaged]);
  }
  add([dropOut(tf, [200_001], [42, 7], 0.3)]);
  return hash.digest("hex");
}
