/**
 * Compares LSTM and GRU as loops in a graph and by Ectopy's kernels (native/recurrent.h) with the same layers op by op.
 */
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { nodeBackend } from "../../src/engine/tensorflow/binding.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { differencesFromEager, expectAsEager } from "../support/compare-with-eager.ts";
import { largestDifference } from "../support/floats.ts";
import { loweredKernels } from "../support/lowered-kernels.ts";
import { recurrentKinds, recurrentPlans, type RecurrentKind } from "../support/recurrent-training.ts";

const project = join(import.meta.dirname, "..", "..");

let loaded: LoadedTensorFlow;
beforeAll(async () => {
  loaded = await loadTensorFlow("test");
});

const skipReason = (mode: "loops" | "kernels"): string | undefined => {
  return mode === "kernels" && loaded.kernels === null ? `our kernels: ${loaded.kernelsMissing}` : undefined;
};

const modes = recurrentKinds.flatMap((kind) =>
  (["loops", "kernels"] as const).flatMap((mode) => recurrentPlans.map((shape) => ({ ...shape, kind, mode }))),
);

describe("a recurrent network", () => {
  it.for(modes)("equals the eager step: $kind, $mode, $name", ({ kind, mode, plan }, ctx) => {
    const missing = skipReason(mode);
    if (missing !== undefined) return ctx.skip(missing);
    expectAsEager(differencesFromEager(loaded, { ...plan, kind }, mode));
  });
});

interface Steps {
  kernels: { target: string; width: number; threads: number };
  losses: number[];
  weights: number[][];
}

/** Runs in a separate process, since the kernels read their settings once. */
async function stepsOf(kind: RecurrentKind, env: Record<string, string>): Promise<Steps> {
  const script = join(project, "tests", "support", "recurrent-steps.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, kind], {
    env: { ...process.env, ...env },
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as Steps;
}

describe("the recurrent kernels", { timeout: 180_000 }, () => {
  it.for(recurrentKinds)("give the same bits for any number of threads: %s", async (kind, ctx) => {
    const missing = skipReason("kernels");
    if (missing !== undefined) return ctx.skip(missing);
    const [one, ...others] = await Promise.all(
      ["1", "2", "3"].map((threads) => stepsOf(kind, { ECTOPY_KERNEL_THREADS: threads })),
    );
    expect(one.kernels.threads).toBe(1);
    expect(others.map(({ kernels }) => kernels.threads)).toEqual([2, 3]);
    for (const other of others) expect([other.losses, other.weights]).toEqual([one.losses, one.weights]);
  });

  it.for(recurrentKinds)("agree for all widths of vectors: %s", async (kind, ctx) => {
    const missing = skipReason("kernels");
    if (missing !== undefined) return ctx.skip(missing);
    if (process.arch !== "x64") return ctx.skip("this processor has a single width of vectors");
    if (spawnSync("c++", ["--version"]).status !== 0) return ctx.skip("a C++ compiler is missing");
    const { tensorflow: addon } = await loweredKernels();
    const wide = loaded.kernels!.width;
    if (wide < 8) return ctx.skip("this processor has no AVX2");
    const [chosen, narrow, widest] = await Promise.all([
      stepsOf(kind, {}),
      stepsOf(kind, { ECTOPY_KERNEL_WIDTH: "4" }),
      stepsOf(kind, { ECTOPY_KERNELS: addon, ECTOPY_KERNEL_WIDTH: "16" }),
    ]);
    expect([chosen, narrow, widest].map(({ kernels }) => kernels.width)).toEqual([wide, 4, 16]);
    for (const other of [narrow, widest]) {
      expect(largestDifference([chosen.losses], [other.losses])).toBeLessThan(1e-5);
      expect(largestDifference(chosen.weights, other.weights)).toBeLessThan(1e-4);
    }
  });

  it("refuse mismatching shapes, with a reason", (ctx) => {
    const missing = skipReason("kernels");
    if (missing !== undefined) return ctx.skip(missing);
    const { tf } = loaded;
    const backend = nodeBackend(tf);
    const flags = ["sequences", "keep"].map((name) => ({ name, type: backend.binding.TF_ATTR_BOOL, value: true }));
    const run = (x: number[], kernel: number[], recurrent: number[], bias: number[]): void =>
      tf.dispose(
        backend.executeMultipleOutputs(
          "EctopyLstm",
          flags,
          [x, kernel, recurrent, bias].map((shape) => tf.zeros(shape)),
          4,
        ),
      );
    run([3, 2, 1], [1, 8], [2, 8], [8]);
    expect(() => run([3, 2], [1, 8], [2, 8], [8])).toThrow(/x has the shape \[3, 2\], not \[any, any, any\]/);
    expect(() => run([3, 2, 1], [2, 8], [2, 8], [8])).toThrow(/kernel has the shape \[2, 8\], not \[1, 8\]/);
    expect(() => run([3, 2, 1], [1, 8], [2, 6], [8])).toThrow(/recurrent_kernel has the shape/);
    expect(() => run([3, 2, 1], [1, 8], [2, 8], [4])).toThrow(/bias has the shape/);
    expect(() => run([0, 2, 1], [1, 8], [2, 8], [8])).toThrow(/needs steps, rows and units/);
  });
});
