/**
 * Plans on the processor (native/), by the addon and by the WebAssembly module, and on a GPU: every layer, optimizer and
 * clipping, compared with the step op by op; the same bits on any number of threads, in blocks and after a restored state.
 */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { optimizerSchema, type ClippingSettings } from "../../src/contract/domain/optimization.ts";
import { presets } from "../../src/contract/settings/network-presets.ts";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import { findWasmModule, loadWasmBackend } from "../../src/engine/backends/wasm.ts";
import { encodeProgram } from "../../src/engine/plan/encode-program.ts";
import { makePlan } from "../../src/engine/plan/make-plan.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { customNetworks } from "../support/custom-networks.ts";
import {
  compareSteps,
  eagerTraining,
  PLAN_CLASSES,
  planTraining,
  randomBatch,
  settingsOf,
  type PlanCase,
} from "../support/plan-steps.ts";
import { loadTestGpu, NO_GPU } from "../support/software-gpu.ts";
import { NO_KERNELS } from "../support/tiny-training.ts";

const addon = findCpuAddon();
const backends: readonly { name: string; load: () => Backend | null; missing?: string }[] = [
  { name: "the addon", load: () => (addon === null ? null : loadCpuBackend(addon)) },
  // Two threads also on a machine with one core.
  { name: "WebAssembly", load: () => loadWasmBackend(findWasmModule()!, 2) },
  { name: "WebGPU", load: loadTestGpu, missing: NO_GPU },
];
let loaded: LoadedTensorFlow;
beforeAll(async () => {
  loaded = await loadTensorFlow("test");
});

const presetCases = Object.values(presets).map((network): PlanCase => ({ network, windowLength: 24 }));
const cases: readonly PlanCase[] = [...customNetworks, ...presetCases];
const [ann] = presetCases;

function expectEager(backend: Backend, given: PlanCase): void {
  const differences = compareSteps(given, planTraining(backend, given), eagerTraining(loaded, given));
  expect(differences.correct).toBe(0);
  expect(differences.losses).toBeLessThan(1e-4);
  // Adam and RMSprop divide by √v: where a gradient is near 0, its rounding moves a weight by a part of the rate.
  expect(differences.weights).toBeLessThan(1e-4);
  expect(differences.probabilities).toBeLessThan(1e-5);
}

describe.each(backends)("$name", ({ load, missing = NO_KERNELS }) => {
  let backend: Backend;
  beforeAll(() => {
    const found = load();
    if (found !== null) backend = found;
  });
  beforeEach((ctx) => {
    if (backend === undefined) ctx.skip(missing);
  });

  describe("runs a plan that", () => {
    it.each(cases)("trains and predicts like the step op by op: $network.name", (given) => expectEager(backend, given));

    it.each(
      (
        [
          { kind: "adamw", weightDecay: 0.1 },
          { kind: "sgd" },
          { kind: "sgd", momentum: 0.9 },
          { kind: "sgd", momentum: 0.9, nesterov: true },
          { kind: "rmsprop" },
          { kind: "rmsprop", rho: 0.95, momentum: 0.5 },
        ] as const
      ).map((settings) => optimizerSchema.parse(settings)),
    )("has the optimizer's update: %j", (optimizer) => expectEager(backend, { ...ann, optimizer }));

    it.each([
      { kind: "value", limit: 0.01 },
      { kind: "norm", limit: 0.05 },
      { kind: "global-norm", limit: 0.1 },
    ] satisfies ClippingSettings[])("clips gradients: $kind", (clipping) => {
      const optimizer = optimizerSchema.parse({ kind: "sgd" });
      expectEager(backend, { ...ann, optimizer, clipping });
      const free = planTraining(backend, { ...ann, optimizer });
      const clipped = planTraining(backend, { ...ann, optimizer, clipping });
      const steps = [free, clipped].map(({ network, step }) => {
        step.run(randomBatch(ann.windowLength, 7, 0), 1);
        return network.weights();
      });
      expect(steps[0]).not.toEqual(steps[1]);
    });
  });

  describe("runs a block of steps that", () => {
    it.each(presetCases)("has the bits of the same steps one by one: $network.name", (given) => {
      const single = planTraining(backend, given);
      const block = planTraining(backend, given);
      const batches = [0, 1, 2].map((number) => randomBatch(given.windowLength, 7, number));
      const rates = [1e-2, 5e-3, 1e-3];
      const expected = batches.map((batch, i) => single.step.run(batch, rates[i]));
      batches.forEach((batch, i) => {
        const { values, classes, weights } = block.blocks.batch(i, 7);
        values.set(batch.values);
        classes.set(batch.classes);
        weights.set(batch.weights);
      });
      expect(block.blocks.run(7, rates)).toEqual(expected);
      expect(block.network.weights()).toEqual(single.network.weights());
      expect(block.step.state()).toEqual(single.step.state());
    });

    it("continues a restored state with the same bits", () => {
      const [a, b] = [planTraining(backend, ann), planTraining(backend, ann)];
      const run = ({ step }: typeof a, number: number): number =>
        step.run(randomBatch(ann.windowLength, 7, number), 1e-2).loss;
      run(a, 0);
      b.network.setWeights(a.network.weights());
      b.step.restore(structuredClone(a.step.state()));
      expect(run(b, 1)).toBe(run(a, 1));
      expect(b.network.weights()).toEqual(a.network.weights());
    });

    it("refuses a batch size that the plan does not have, and too many beats of a prediction", () => {
      const { step, network } = planTraining(backend, ann);
      expect(() => step.run(randomBatch(ann.windowLength, 5, 0), 1e-3)).toThrow("no step of 5 beats");
      const beats = network.predictedAtOnce + 1;
      expect(() => network.probabilities(new Float32Array(beats * ann.windowLength))).toThrow(`it got ${beats}`);
    });
  });
});

describe("a process", () => {
  /** Hashes of trained networks. */
  const hashes = (backend: "addon" | "webassembly", environment: Record<string, string>): string => {
    const script = join(import.meta.dirname, "../support/plan-steps-process.ts");
    const env = { ...process.env, ...environment };
    return execFileSync(process.execPath, [script, backend], { env, encoding: "utf8" });
  };

  it.for(["addon", "webassembly"] as const)("gives the same bits on one, two and three threads: %s", (backend, ctx) => {
    if (backend === "addon" && addon === null) ctx.skip(NO_KERNELS);
    const [one, ...others] = ["1", "2", "3"].map((threads) => hashes(backend, { ECTOPY_KERNEL_THREADS: threads }));
    expect(one).toMatch(/^([0-9a-f]{64}\n)+$/);
    for (const other of others) expect(other).toBe(one);
  });

  it.skipIf(process.arch !== "x64")(
    "gives the same bits by WebAssembly and by the addon's narrowest vectors",
    (ctx) => {
      if (addon === null) ctx.skip(NO_KERNELS);
      expect(hashes("webassembly", {})).toBe(hashes("addon", { ECTOPY_KERNEL_WIDTH: "4" }));
    },
  );
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
      for (const { given, step } of trainings) step.run(randomBatch(given.windowLength, 7, 0), 1e-3);
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
