/**
 * The backend on GPUs, on SwiftShader: kernels at the borders of their tiles, parts and pieces, compared with the
 * processor; masks bit for bit; the same bits twice; which GPUs are refused; a lost device, too little memory, and trials.
 */
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { presets } from "../../src/contract/settings/network-presets.ts";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { findWasmModule, loadWasmBackend } from "../../src/engine/backends/wasm.ts";
import { withFallback } from "../../src/engine/backends/webgpu/fallback.ts";
import {
  GpuError,
  listAdapters,
  loadWebgpuBackend,
  type WebgpuBackend,
} from "../../src/engine/backends/webgpu/webgpu.ts";
import { loadTestGpu, NO_GPU, softwareGpuEnvironment } from "../support/software-gpu.ts";
import { webgpuTestSchema } from "../../src/engine/processes/device-messages.ts";
import { tryWebgpu } from "../../src/engine/training/webgpu-trial.ts";
import { entryPoint } from "../../src/main/entry-points.ts";
import { askProcess } from "../../src/main/workers/processes/ask-process.ts";
import { startNodeProcess } from "../../src/main/workers/processes/node-process.ts";
import { runKernels, type KernelCase } from "../support/kernel-cases.ts";
import { compareSteps, planTraining, randomBatch } from "../support/plan-steps.ts";
import { largestDifference } from "../support/floats.ts";

let gpu: WebgpuBackend;
let processor: Backend;
beforeAll(() => {
  const found = loadTestGpu();
  if (found !== null) gpu = found;
  processor = loadWasmBackend(findWasmModule()!, 1);
});
beforeEach((ctx) => {
  if (gpu === undefined) ctx.skip(NO_GPU);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const convolution = { batch: 3, time: 50, in: 3, out: 5, taps: 5, relu: 1 };
const recurrence = { time: 12, batch: 5, in: 3, units: 4 };

describe("kernels", () => {
  it.each<KernelCase>([
    { name: "tiles of 64 × 64", calls: [["dense", { rows: 515, in: 19, out: 70, activation: 1 }]] },
    { name: "a sum of several parts", calls: [["dense-weight-gradient", { rows: 300, in: 5, out: 7 }]] },
    { name: "more terms than a tile has", calls: [["dense-input-gradient", { rows: 33, in: 35, out: 37 }]] },
    {
      name: "a convolution with strides",
      calls: [
        ["conv1d", { ...convolution, stride: 3, before: 1, outTime: 16, dilation: 1 }],
        ["conv1d-gradient", { ...convolution, stride: 3, before: 1, outTime: 16, dilation: 1 }],
      ],
    },
    {
      name: "a dilated convolution",
      calls: [
        ["conv1d", { ...convolution, stride: 1, before: 6, outTime: 50, dilation: 3 }],
        ["conv1d-gradient", { ...convolution, stride: 1, before: 6, outTime: 50, dilation: 3 }],
      ],
    },
    {
      name: "a normalization of more rows than a part has",
      calls: [
        ["normalize-layer", { rows: 300, channels: 19, epsilon: 1e-3 }],
        ["normalize-layer-gradient", { rows: 300, channels: 19 }],
      ],
    },
    {
      name: "means of windows that overlap and reach beyond the sequence",
      calls: [
        ["average-windows", { batch: 2, time: 20, channels: 3, pool: 5, stride: 2, before: 1, outTime: 10 }],
        ["average-windows-gradient", { batch: 2, time: 20, channels: 3, pool: 5, stride: 2, before: 1, outTime: 10 }],
      ],
    },
    { name: "moments in parts", calls: [["moments", { batch: 3, time: 100, channels: 19, momentum: 0.9 }]] },
    {
      name: "a normalization with pooling, whose last window is incomplete",
      calls: [["normalize-gradient", { batch: 4, time: 70, channels: 17, pool: 3, epsilon: 1e-3 }]],
    },
    {
      name: "rows of many channels",
      calls: [["normalize-rows", { rows: 40, channels: 33, epsilon: 1e-3, momentum: 0.9 }]],
    },
    {
      name: "an LSTM in pieces",
      calls: [
        ["lstm", recurrence],
        ["lstm-gradient", recurrence],
      ],
    },
    {
      name: "a GRU in pieces",
      calls: [
        ["gru", recurrence],
        ["gru-gradient", recurrence],
      ],
    },
    {
      name: "an LSTM of more units than a workgroup has threads",
      calls: [
        ["lstm", { time: 3, batch: 2, in: 2, units: 270 }],
        ["lstm-gradient", { time: 3, batch: 2, in: 2, units: 270 }],
      ],
    },
    { name: "a GRU of many inputs", calls: [["gru", { time: 2, batch: 2, in: 300, units: 3 }]] },
    {
      name: "overlapping windows",
      calls: [["max-pool", { batch: 2, time: 20, channels: 3, pool: 4, stride: 3, before: 1, outTime: 7 }]],
    },
    { name: "normal noise", calls: [["gaussian-noise", { count: 1001, number: 2, deviation: 0.4 }]] },
    { name: "more values than a grid has threads at once", calls: [["scale", { count: 1_200_000, factor: 3 }]] },
  ])("give the processor's results: $name", (given) => {
    const [ours, theirs] = [gpu, processor].map((backend) => runKernels(backend, given));
    expect(ours.map(({ name }) => name)).toEqual(theirs.map(({ name }) => name));
    ours.forEach(({ values, name }, i) => {
      const scale = theirs[i].values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      expect(largestDifference([values], [theirs[i].values]) / scale, name).toBeLessThan(1e-5);
    });
  });

  it.each([
    { labelSmoothing: 0.1, focus: 2, adjustment: null },
    { labelSmoothing: 0, focus: 0, adjustment: Float32Array.of(-1, -2, 0, -0.5, -3) },
  ])("have the processor's losses: %j", (loss) => {
    const given = { network: presets.ann, windowLength: 24, loss };
    const { losses, weights } = compareSteps(given, planTraining(gpu, given), planTraining(processor, given));
    expect(losses).toBeLessThan(1e-5);
    expect(weights).toBeLessThan(1e-4);
  });

  it.each([0, 3])("draw the processor's masks, bit for bit: layer %i", (number) => {
    const given: KernelCase = { name: "dropout", calls: [["dropout", { count: 1001, number, rate: 0.3 }]] };
    expect(runKernels(gpu, given)).toEqual(runKernels(processor, given));
  });
});

it("gives the same bits twice", () => {
  const given = { network: presets.cnn, windowLength: 24 };
  const weights = [0, 1].map(() => {
    const { network, step } = planTraining(gpu, given, [20]);
    step.run(randomBatch(given, 20, 0), 1e-3);
    return network.weights();
  });
  expect(weights[0]).toEqual(weights[1]);
});

describe("a GPU", () => {
  it("is listed with its name, its driver's interface, and whether it is software", () => {
    const [adapter] = listAdapters();
    expect(adapter).toMatchObject({ api: "vulkan", software: true });
    expect(adapter.name).toMatch(/SwiftShader/);
    expect(gpu.description).toBe(`${adapter.name} (vulkan)`);
  });

  it("is refused where the processor does its work", () => {
    vi.stubEnv("ECTOPY_ALLOW_SOFTWARE_GPU", "");
    expect(() => loadWebgpuBackend(listAdapters()[0])).toThrow(/is software/);
  });

  it("is refused where it is missing", () => {
    expect(() => loadWebgpuBackend({ ...listAdapters()[0], name: "unplugged" })).toThrow(
      new GpuError("failed", "The GPU “unplugged” was not found."),
    );
  });

  it("says that it was lost, when it trains next and after that", () => {
    const lost = loadWebgpuBackend(listAdapters()[0]);
    const { step, network } = planTraining(lost, { network: presets.ann, windowLength: 24 });
    step.run(randomBatch({ network: presets.ann, windowLength: 24 }, 7, 0), 1e-3);
    lost.close();
    for (let i = 0; i < 2; i++) {
      expect(() => step.run(randomBatch({ network: presets.ann, windowLength: 24 }, 7, 1), 1e-3)).toThrow(
        expect.objectContaining({ failure: "lost" }),
      );
    }
    expect(() => network.weights()).toThrow(GpuError);
    network.dispose();
    // Other devices work on.
    planTraining(gpu, { network: presets.ann, windowLength: 24 }).step.run(
      randomBatch({ network: presets.ann, windowLength: 24 }, 7, 1),
      1e-3,
    );
  });

  it("may fail, and the processor continues", () => {
    const lost = loadWebgpuBackend(listAdapters()[0]);
    const reasons: string[] = [];
    const onFallback = ({ failure }: GpuError): void => void reasons.push(failure);
    const backend = withFallback(lost, { load: () => processor, onFallback });
    const [ours, theirs] = [backend, processor].map((each) => {
      const { step, network } = planTraining(each, { network: presets.ann, windowLength: 24 });
      step.run(randomBatch({ network: presets.ann, windowLength: 24 }, 7, 0), 1e-3);
      if (each === backend) lost.close();
      step.run(randomBatch({ network: presets.ann, windowLength: 24 }, 7, 1), 1e-3);
      return network.weights();
    });
    expect(reasons).toEqual(["lost"]);
    expect(largestDifference(ours, theirs)).toBeLessThan(1e-4);
  });

  it("says that a plan does not fit, and works on", () => {
    const large: KernelCase = { name: "", calls: [["scale", { count: 1, factor: 1 }]] };
    expect(() => runKernels(gpu, large, { scratchFloats: 2 ** 36 })).toThrow(
      expect.objectContaining({ failure: "out-of-memory" }),
    );
    expect(runKernels(gpu, large)).toHaveLength(1);
  });
});

describe("a trial", () => {
  const settings = { network: presets.ann, shape: { windowLength: 12, classes: 3 }, batch: 8 };

  it("accepts a GPU that trains as the processor does, and measures its step", () => {
    expect(tryWebgpu(listAdapters()[0], processor, settings)).toMatchObject({
      adapter: { api: "vulkan" },
      problem: "",
      stepMs: expect.any(Number) as number,
    });
  });

  it("refuses a GPU that trains otherwise", () => {
    const other: Backend = {
      ...processor,
      load(plan, steps) {
        const loaded = processor.load(plan, steps);
        // One weight is off after each step.
        return {
          ...loaded,
          run(program, count) {
            const completed = loaded.run(program, count);
            loaded.memory.state[0] += 0.1;
            return completed;
          },
        };
      },
    };
    const { problem, stepMs } = tryWebgpu(listAdapters()[0], other, settings);
    expect(problem).toMatch(/^it trains otherwise than the processor \(difference \d+\.\d %\)$/);
    expect(stepMs).toBeNull();
  });

  it("tries every GPU in a separate process", async () => {
    const program = fileURLToPath(entryPoint("device-process"));
    const args = ["webgpu", JSON.stringify(settings)];
    const request = { program, args, environment: softwareGpuEnvironment() };
    const { answer, failure } = await askProcess(startNodeProcess, request, { timeout: 120_000 });
    expect(failure).toBe("");
    expect(webgpuTestSchema.parse(answer).trials).toMatchObject([{ adapter: { software: true }, problem: "" }]);
  });
});
