/**
 * Compares Ectopy's operations (native/conv1d.cpp, native/normalize.cpp, native/dropout.cpp) with TensorFlow's, op by
 * op.
 */
import type { Tensor, Tensor3D } from "@tensorflow/tfjs-node-gpu";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createRawOps } from "../../src/engine/tensorflow/raw-ops.ts";
import { loadTensorFlow, type LoadedTensorFlow, type TensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { loweredKernels } from "../support/lowered-kernels.ts";
import {
  bool,
  convolutionCases,
  convolve,
  dropOut,
  float,
  int,
  normalizationCases,
  normalize,
  normals,
  runOp,
  type Values,
} from "../support/sequence-ops.ts";

let loaded: LoadedTensorFlow;
let tf: TensorFlow;
beforeAll(async () => {
  loaded = await loadTensorFlow("test");
  tf = loaded.tf;
});
beforeEach((ctx) => {
  if (loaded.kernels === null) ctx.skip(`our kernels: ${loaded.kernelsMissing ?? "no TensorFlow"}`);
});

const tensorOf = ({ values, shape }: Values): Tensor => tf.tensor(values, shape);

/** Returns the largest difference, relative to the largest number or to 1, whichever is larger. */
function difference(ours: Float32Array, theirs: ArrayLike<number>): number {
  expect(ours.length).toBe(theirs.length);
  let [largest, size] = [0, 1];
  ours.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value - theirs[i]));
    size = Math.max(size, Math.abs(theirs[i]));
  });
  return largest / size;
}

/** Returns the result of a function, and its gradients for the output gradient `dy`. */
function withGradients(f: (...inputs: Tensor[]) => Tensor, inputs: readonly Values[], dy: Values): Float32Array[] {
  return tf.tidy(() => {
    const given = inputs.map(tensorOf);
    const gradients = tf.grads(f)(given, tensorOf(dy));
    return [f(...given), ...gradients].map((tensor) => tensor.dataSync() as Float32Array);
  });
}

describe("Ectopy's dropout", () => {
  const sizes = [[1], [63], [4096], [65_537], [7, 3, 11], [128, 360, 64]];
  const seeds = [
    [0, 0],
    [42, 7],
    [-1, -2_147_483_648],
    [2_147_483_647, 2_147_483_647],
  ];
  it.each(sizes.flatMap((shape, i) => seeds.map((seed) => ({ shape, seed, rate: [0.1, 0.3, 0.5][i % 3] }))))(
    "has the masks of TensorFlow's random numbers: %o",
    ({ shape, seed, rate }) => {
      const y = dropOut(tf, shape, seed, rate);
      const expected = tf.tidy(() => {
        const uniform = createRawOps(tf).statelessUniform(shape, tf.tensor1d([seed[0], (seed[1] + 3) | 0], "int32"));
        const mask = tf.mul(tf.cast(tf.greaterEqual(uniform, rate), "float32"), 1 / (1 - rate));
        return tf.mul(tensorOf(normals("x", shape)), mask).dataSync() as Float32Array;
      });
      expect(y.length).toBe(expected.length);
      expect(Buffer.compare(Buffer.from(y.buffer), Buffer.from(expected.buffer))).toBe(0);
    },
  );

  it("refuses an invalid seed", () => {
    const given = [normals("x", [4]), normals("seed", [2])];
    expect(() =>
      runOp(tf, { op: "EctopyDropout", inputs: given, attributes: { rate: float(0.5), number: int(0) }, outputs: 1 }),
    ).toThrow();
  });
});

describe("Ectopy's convolution", () => {
  it.each(convolutionCases)("equals TensorFlow's: %o", (c) => {
    const { inputs, dy, results } = convolve(tf, c);
    const plain = (x: Tensor, kernel: Tensor, bias: Tensor): Tensor => {
      const padding = c.same ? "same" : "valid";
      const sum = tf.add(tf.conv1d(x as Tensor3D, kernel as Tensor3D, c.stride, padding), bias);
      return c.relu ? tf.relu(sum) : sum;
    };
    const expected = withGradients(plain, inputs, dy);
    // Measured: 1e-6 at most, by minimal filtering.
    results.forEach((result, i) => expect(difference(result, expected[i])).toBeLessThan(5e-6));
  });

  it("omits the gradient of its input on request, and still gives the others", () => {
    const c = convolutionCases[0];
    const { inputs, dy, results } = convolve(tf, c);
    const attributes = { stride: int(1), same: bool(true), relu: bool(true), input_gradient: bool(false) };
    const y = { shape: dy.shape, values: results[0] };
    const [dx, dKernel, dBias] = runOp(tf, {
      op: "EctopyConv1DGrad",
      inputs: [dy, inputs[0], inputs[1], y],
      attributes,
      outputs: 3,
    });
    expect(dx.length).toBe(0);
    expect([dKernel, dBias]).toEqual(results.slice(2));
  });

  it("propagates NaN and infinity, as in a diverging training", () => {
    const inputs = [normals("x", [1, 20, 16]), normals("kernel", [3, 16, 16]), normals("bias", [16])];
    inputs[2].values[5] = NaN;
    const [y] = runOp(tf, {
      op: "EctopyConv1D",
      inputs,
      attributes: { stride: int(1), same: bool(true), relu: bool(true) },
      outputs: 1,
    });
    expect([...y].filter(Number.isNaN).length).toBe(20);
  });

  it.each([
    { name: "a kernel for other channels", kernel: [3, 5, 4], bias: [4], stride: 1, message: /kernel has the shape/ },
    { name: "a bias for other channels", kernel: [3, 2, 4], bias: [3], stride: 1, message: /bias has the shape/ },
    { name: "a kernel longer than the time", kernel: [9, 2, 4], bias: [4], stride: 1, message: /at least one/ },
    { name: "no stride", kernel: [3, 2, 4], bias: [4], stride: 0, message: /stride is 1 or more/ },
  ])("refuses $name", ({ kernel, bias, stride, message }) => {
    const inputs = [normals("x", [2, 6, 2]), normals("kernel", kernel), normals("bias", bias)];
    const attributes = { stride: int(stride), same: bool(false), relu: bool(true) };
    expect(() => runOp(tf, { op: "EctopyConv1D", inputs, attributes, outputs: 1 })).toThrow(message);
  });
});

describe("Ectopy's normalization", () => {
  it.each(normalizationCases)("equals TensorFlow's, with the following pooling: %o", (c) => {
    const { x, gamma, beta, epsilon, dy, dAverage, moments, pooled, averaged } = normalize(tf, c);
    const statistics = tf.tidy(() => {
      const { mean, variance } = tf.moments(tensorOf(x), [0, 1]);
      return [mean, variance].map((tensor) => tensor.dataSync());
    });
    // Measured, here and below: 5e-7, and 2e-6 for one beat, whose gradients are sums that cancel to 0.
    moments.forEach((values, i) => expect(difference(values, statistics[i])).toBeLessThan(2e-6));
    const normalized = (x: Tensor, gamma: Tensor, beta: Tensor): Tensor => {
      const { mean, variance } = tf.moments(x, [0, 1]);
      return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon))), gamma), beta);
    };
    const largest = (...inputs: [Tensor, Tensor, Tensor]): Tensor =>
      tf.squeeze(tf.maxPool(tf.expandDims(normalized(...inputs), 1), [1, c.pool], [1, c.pool], "valid"), [1]);
    const mean = (...inputs: [Tensor, Tensor, Tensor]): Tensor => tf.mean(normalized(...inputs), 1);
    for (const [ours, plain, gradient] of [
      [pooled, largest, dy],
      [averaged, mean, dAverage],
    ] as const) {
      const expected = withGradients(plain, [x, gamma, beta], gradient);
      ours.forEach((values, i) => expect(difference(values, expected[i])).toBeLessThan(5e-6));
    }
  });

  it("gives the gradient to the first of equal maxima", () => {
    const x = { shape: [1, 4, 1], values: Float32Array.of(2, 2, 1, 2) };
    const channel = (value: number): Values => ({ shape: [1], values: Float32Array.of(value) });
    const dy = { shape: [1, 1, 1], values: Float32Array.of(1) };
    const attributes = { epsilon: { kind: "float", value: 0 }, pool: int(4) } as const;
    // Mean 0, variance 1, gamma 1, beta 0: the gradient through the statistics is −1/4 − x · 2/4.
    const inputs = [dy, x, channel(0), channel(1), channel(1), channel(0)];
    const [dx] = runOp(tf, { op: "EctopyNormalizeGrad", inputs, attributes, outputs: 1 });
    expect([...dx]).toEqual([-0.25, -1.25, -0.75, -1.25]);
  });

  it("refuses statistics for another number of channels", () => {
    const inputs = [[2, 6, 4], [4], [3], [4], [4]].map((shape, i) => normals(`input ${i}`, shape));
    const attributes = { epsilon: { kind: "float", value: 1e-3 }, pool: int(1) } as const;
    expect(() => runOp(tf, { op: "EctopyNormalize", inputs, attributes, outputs: 1 })).toThrow(
      /variance has the shape/,
    );
  });
});

const answer = z.object({
  target: z.string(),
  width: z.number(),
  threads: z.number(),
  digest: z.string(),
  values: z.array(z.number()),
});

function ask(environment: Record<string, string>): z.infer<typeof answer> {
  const script = join(import.meta.dirname, "..", "support", "sequence-ops-process.ts");
  const env = { ...process.env, ...environment };
  const { stdout, stderr } = spawnSync(process.execPath, [script], { env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (stdout === "") throw new Error(stderr);
  return answer.parse(JSON.parse(stdout));
}

describe("Ectopy's operations over sequences", () => {
  it("give the same bits for any number of threads", () => {
    const [one, two, five] = ["1", "2", "5"].map((threads) => ask({ ECTOPY_KERNEL_THREADS: threads }));
    expect([one.threads, two.threads, five.threads]).toEqual([1, 2, 5]);
    expect(two.digest).toBe(one.digest);
    expect(five.digest).toBe(one.digest);
  });

  it("agree for all widths of vectors", async (ctx) => {
    const usual = ask({});
    if (usual.target === "neon") return ctx.skip("this processor has a single width of vectors");
    const { tensorflow: addon } = await loweredKernels();
    for (const width of [4, 8, 16]) {
      const other = ask({ ECTOPY_KERNELS: addon, ECTOPY_KERNEL_WIDTH: String(width) });
      expect(other.width).toBe(width);
      const found = difference(Float32Array.from(other.values), usual.values);
      // Sums in another order. Measured: 7e-7 between 8 and 4.
      expect(found).toBeLessThan(2e-6);
    }
  });
});
