/**
 * The graph for cuDNN on a GPU, run without one: tests/native/cudnn-stand-in.cpp computes its operations from NVIDIA's
 * equations. Whether cuDNN itself computes the same is tested on each user's machine before it is used.
 */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { networkSchema } from "../../src/contract/domain/networks.ts";
import { createTraining } from "../../src/engine/training/create-training.ts";
import { CUDNN_TOLERANCE, cudnnDifference, tryCudnn } from "../../src/engine/training/cudnn-trial.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { largestDifference } from "../support/floats.ts";
import { compareSteps, tensorFlowTraining } from "../support/plan-steps.ts";
import { recurrentCases, recurrentKinds } from "../support/recurrent-networks.ts";
import { batchOf, disposeTraining } from "../support/tiny-training.ts";

const project = join(import.meta.dirname, "..", "..");
const require = createRequire(import.meta.url);

let loaded: LoadedTensorFlow;
let folder: string;
let missing: string | undefined;

async function buildStandIn(): Promise<string> {
  const addon = join(folder, "cudnn-stand-in.node");
  const tensorflow = dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  const sources = ["cudnn-stand-in.cpp", "op.cpp"].map((file) => join(project, "tests", "native", file));
  const libraries = [`-L${realpathSync(join(tensorflow, "deps", "lib"))}`, "-ltensorflow", "-ltensorflow_framework"];
  const flags = [
    "-std=c++17",
    "-O2",
    "-fPIC",
    "-Wall",
    "-Wno-psabi",
    `-I${join(project, "native")}`,
    "-shared",
    "-o",
    addon,
  ];
  const { stderr } = await promisify(execFile)("g++", [...flags, ...sources, ...libraries]);
  expect(stderr).toBe("");
  return addon;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-cudnn-"));
  loaded = await loadTensorFlow("test");
  if (process.platform !== "linux" || spawnSync("g++", ["--version"]).status !== 0) {
    missing = "the stand-in needs Linux and a C++ compiler";
  } else {
    // Without the stand-in, nothing computes the operations.
    expect(() => tryCudnn(loaded)).toThrow(/No OpKernel was registered to support Op 'CudnnRNNV3'/);
    require(await buildStandIn());
  }
});
beforeEach((ctx) => {
  if (missing !== undefined) ctx.skip(missing);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a recurrent network by cuDNN's operations", () => {
  it.each(recurrentCases)("equals the eager step: $network.name", ({ batches, ...given }) => {
    const [graph, eager] = (["graph", "eager"] as const).map((mode) =>
      tensorFlowTraining({ ...loaded, cudnn: true }, given, mode, batches),
    );
    const differences = compareSteps(given, graph, eager, [...batches, ...batches]);
    expect(differences.correct).toBe(0);
    expect(differences.losses).toBeLessThan(1e-5);
    // Adam divides by √v: where a gradient is near 0, a rounding of it moves a weight by a fraction of the rate.
    expect(differences.weights).toBeLessThan(1e-4);
    expect(differences.probabilities).toBeLessThan(1e-4);
  });

  it.for(recurrentKinds)("processes a sequence in both directions: %s", (kind) => {
    const network = networkSchema.parse({
      name: kind,
      layers: [
        { id: "both", kind: "bidirectional", layer: { kind, units: 6, returnSequences: true } },
        { id: "last", kind: "bidirectional", layer: { kind, units: 5 }, merge: "sum" },
      ],
    });
    const plan = {
      network,
      shape: { windowLength: 9, classes: 3 },
      batches: [7],
      optimizer: { kind: "sgd", momentum: 0, nesterov: false },
      clipping: { kind: "none" },
      seed: 3,
    } as const;
    const [ours, eager] = (["graph", "eager"] as const).map((engine) =>
      createTraining({ ...loaded, cudnn: true }, plan, engine),
    );
    const random = randomStream(4, kind);
    const values = Float32Array.from({ length: 7 * 9 }, () => random.normal());
    const batch = batchOf(values, [0, 1, 2, 0, 1, 2, 0]);
    for (let step = 0; step < 3; step++) {
      const [a, b] = [ours, eager].map(({ step }) => step.run(batch, 0.3));
      expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-5);
    }
    expect(largestDifference(ours.network.weights(), eager.network.weights())).toBeLessThan(1e-5);
    [ours, eager].forEach(disposeTraining);
  });
});

describe("a recurrent network without cuDNN", () => {
  it("is refused as a graph, with what to do", () => {
    const [given] = recurrentCases;
    expect(() => tensorFlowTraining({ ...loaded, cudnn: false }, given, "graph")).toThrow(
      expect.objectContaining({ code: "engine-unavailable", fix: expect.stringContaining("--backend auto") as string }),
    );
  });
});

describe("the cuDNN trial", () => {
  it("accepts a library with correct results", () => {
    expect(tryCudnn(loaded)).toBe("");
    for (const kind of recurrentKinds) expect(cudnnDifference(loaded, kind)).toBeLessThan(1e-4);
  });

  it("refuses a library with other gates, with a reason", () => {
    vi.stubEnv("CUDNN_STAND_IN", "exchanged");
    for (const kind of recurrentKinds) expect(cudnnDifference(loaded, kind)).toBeGreaterThan(5 * CUDNN_TOLERANCE);
    expect(tryCudnn(loaded)).toMatch(/^its LSTM gives other weight changes than .* \(difference \d+\.\d %\)$/);
  });
});
