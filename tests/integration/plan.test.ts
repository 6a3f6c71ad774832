/**
 * Plans on the processor (native/), by the addon and by the WebAssembly module: compared with the step op by op, and the
 * same bits on any number of threads. tests/machines/webgpu-plan.test.ts has them on a GPU.
 */
import { execFile, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import { findWasmModule, loadWasmBackend } from "../../src/engine/backends/wasm.ts";
import { encodeProgram } from "../../src/engine/plan/encode-program.ts";
import { makePlan } from "../../src/engine/plan/make-plan.ts";
import { largestDifference } from "../support/floats.ts";
import { loweredKernels } from "../support/lowered-kernels.ts";
import { planCases, presetCases, testBackends } from "../support/plan-backends.ts";
import { PLAN_CLASSES, planTraining, randomBatch, settingsOf } from "../support/plan-steps.ts";
import { NO_KERNELS } from "../support/tiny-training.ts";

const addon = findCpuAddon();
const [ann] = presetCases;

testBackends([
  { name: "the addon", load: () => (addon === null ? null : loadCpuBackend(addon)), missing: NO_KERNELS },
  // Two threads also on a machine with one core.
  { name: "WebAssembly", load: () => loadWasmBackend(findWasmModule()!, 2), missing: NO_KERNELS },
]);

interface Trained<Output> {
  backend: string;
  trained: Output[];
}

describe("a process", { timeout: 180_000 }, () => {
  /** @param chosen `addon`, `webassembly` or the path of an addon @param output hashes or weights of trained networks */
  const run = async (chosen: string, output: "hashes" | "weights", environment: Record<string, string>) => {
    const script = join(import.meta.dirname, "../support/plan-steps-process.ts");
    const options = { env: { ...process.env, ...environment }, maxBuffer: 2 ** 28 };
    return (await promisify(execFile)(process.execPath, [script, chosen, output], options)).stdout;
  };
  const hashes = async (chosen: string, environment: Record<string, string>): Promise<string[]> =>
    (JSON.parse(await run(chosen, "hashes", environment)) as Trained<string>).trained;
  const weights = async (chosen: string, width: number): Promise<Trained<number[][]>> =>
    JSON.parse(await run(chosen, "weights", { ECTOPY_KERNEL_WIDTH: String(width) })) as Trained<number[][]>;

  it.for(["addon", "webassembly"] as const)(
    "gives the same bits on one, two and three threads: %s",
    async (backend, ctx) => {
      if (backend === "addon" && addon === null) ctx.skip(NO_KERNELS);
      const one = await hashes(backend, { ECTOPY_KERNEL_THREADS: "1" });
      expect(one.length).toBeGreaterThan(planCases.length);
      for (const threads of ["2", "3"]) {
        expect(await hashes(backend, { ECTOPY_KERNEL_THREADS: threads })).toEqual(one);
      }
    },
  );

  it.skipIf(process.arch !== "x64")(
    "gives the same bits by WebAssembly and by the addon's narrowest vectors",
    async (ctx) => {
      if (addon === null) ctx.skip(NO_KERNELS);
      expect(await hashes("webassembly", {})).toEqual(await hashes("addon", { ECTOPY_KERNEL_WIDTH: "4" }));
    },
  );

  it.skipIf(process.arch !== "x64")("agrees for all widths of vectors", async (ctx) => {
    if (addon === null) ctx.skip(NO_KERNELS);
    if (spawnSync("c++", ["--version"]).status !== 0) ctx.skip("a C++ compiler is missing");
    // The widest kernels by the vectors of AVX2, so that they run on a processor without AVX-512.
    const lowered = await loweredKernels();
    const [narrow, ...wider] = [await weights("addon", 4), await weights("addon", 8), await weights(lowered, 16)];
    expect([narrow, ...wider].map(({ backend }) => backend.split(",")[0])).toEqual(["baseline", "avx2", "avx512"]);
    for (const { trained } of wider) {
      narrow.trained.forEach((expected, i) => expect(largestDifference(trained[i], expected)).toBeLessThan(1e-4));
    }
  });
});

describe("the addon's kernels", () => {
  let backend: Backend;
  beforeAll(() => {
    if (addon !== null) backend = loadCpuBackend(addon);
  });
  beforeEach((ctx) => {
    if (addon === null) ctx.skip(NO_KERNELS);
  });

  it("allocate nothing after the first step", () => {
    const { allocatedBlocks } = createRequire(import.meta.url)(addon!) as { allocatedBlocks: () => number };
    const trainings = presetCases.map((given) => ({ given, ...planTraining(backend, given) }));
    const runAll = (): void => {
      for (const { given, step } of trainings) step.run(randomBatch(given, 7, 0), 1e-3);
    };
    runAll();
    const before = allocatedBlocks();
    for (let round = 0; round < 30; round++) runAll();
    expect(allocatedBlocks()).toBe(before);
  });

  it("refuse damaged programs and memory that is too small", () => {
    const engine = createRequire(import.meta.url)(addon!) as {
      openProgram: (words: Int32Array) => object;
      runProgram: (program: object, ...memory: unknown[]) => number;
    };
    const shape = { windowLength: ann.windowLength, classes: PLAN_CLASSES };
    const plan = makePlan({ network: ann.network, shape, batches: [7], predictedAtOnce: 8, ...settingsOf({}) });
    const words = encodeProgram(plan.training[0]);
    for (let length = 0; length < words.length; length++) {
      expect(() => engine.openProgram(words.slice(0, length))).toThrow(RangeError);
    }
    expect(() => engine.openProgram(Int32Array.of(...words, 0))).toThrow("Words follow the last call.");
    const program = engine.openProgram(words);
    const memory = new Float32Array(16);
    const run = (): number => engine.runProgram(program, memory, memory, memory, 1, new Int32Array(1));
    expect(run).toThrow("the memory is too small or not aligned");
  });
});
