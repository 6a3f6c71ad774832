/** No GPU is needed: programs that stand in for the driver and for the trial say what those would say. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startNodeProcess } from "../../workers/processes/node-process.ts";
import { presets } from "../../../contract/settings/network-presets.ts";
import { canTrain, environmentWith, listGpus, NO_GPU, parseGpus, tryGpu } from "./gpu.ts";

const LINE = "NVIDIA GeForce RTX 3060, 12288, 535.183.01, 8.6";
const gpu = { name: "NVIDIA GeForce RTX 3060", memory: 12288, driver: "535.183.01", computeCapability: 8.6 };
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "ectopy-gpu-"))));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("parseGpus", () => {
  it("reads a line for each, and passes over what is none", () => {
    expect(parseGpus(`${LINE}\n${LINE}\n`)).toEqual([gpu, gpu]);
    expect(parseGpus("No devices were found\n")).toEqual([]);
    expect(parseGpus("Some GPU, [N/A], 1.2, 8.6\n")).toEqual([]);
    expect(parseGpus("Some GPU, Infinity, 1.2, 8.6\nSome GPU, 12288, 1.2, 1e999\n")).toEqual([]);
    expect(parseGpus("")).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("listGpus", () => {
  const standIn = (script: string): void => {
    const path = join(folder, "nvidia-smi");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"]}`);
  };

  it("asks the driver", async () => {
    standIn(`echo "${LINE}"`);
    expect(await listGpus()).toEqual([gpu]);
  });

  it("finds none where the driver fails, or there is none", async () => {
    standIn(`echo "${LINE}"; exit 9`);
    expect(await listGpus()).toEqual([]);
    vi.stubEnv("PATH", join(folder, "nothing here"));
    expect(await listGpus()).toEqual([]);
  });
});

describe("tryGpu", () => {
  const trial = (script: string, timeout?: number) => {
    const path = join(folder, "trial.mjs");
    writeFileSync(path, script);
    return tryGpu(gpu, startNodeProcess, path, timeout);
  };
  const answer = (value: unknown): string => `process.send(${JSON.stringify(value)});`;
  const works = answer({ backend: "tensorflow", usesGpu: true, loss: 0.7 });
  /** The GPU works; what its recurrent layers do. */
  const cudnn = (script: string): string => `if (process.argv[2] === "gpu") { ${works} } else { ${script} }`;

  it("takes the GPU where a step on it gave a loss, and cuDNN where it computes what it should", async () => {
    const choice = await trial(cudnn(answer({ withoutCudnn: "" })));
    expect(choice).toEqual({ gpu, reason: "", withoutCudnn: "" });
    expect([presets.cnn, presets.lstm].map((network) => canTrain(choice, network))).toEqual([true, true]);
    expect(environmentWith(choice, 2)).not.toHaveProperty("ECTOPY_CUDNN");
    expect(environmentWith(choice, 2)).not.toHaveProperty("CUDA_VISIBLE_DEVICES");
  });

  it.for<[string, string, RegExp]>([
    ["computes something else", answer({ withoutCudnn: "its GRU is another" }), /^its GRU is another$/],
    ["fails", 'console.error("libcudnn.so: not found"); process.exit(3);', /ended with status 3: libcudnn.so/],
    ["says nothing", "", /gave no answer/],
  ])("takes the GPU without cuDNN where that %s", async ([, script, why]) => {
    const choice = await trial(cudnn(script));
    expect(choice.gpu).toEqual(gpu);
    expect(choice.withoutCudnn).toMatch(why);
    expect([presets.cnn, presets.lstm].map((network) => canTrain(choice, network))).toEqual([true, false]);
    expect(environmentWith(choice, 2)).toMatchObject({ ECTOPY_CUDNN: "none" });
  });

  it("leaves a training without a GPU to the processor", () => {
    expect(canTrain(NO_GPU, presets.cnn)).toBe(false);
    expect(environmentWith(NO_GPU, 2)).toMatchObject({ CUDA_VISIBLE_DEVICES: "-1", TF_NUM_INTRAOP_THREADS: "2" });
  });

  it.for<[string, string, RegExp]>([
    [
      "the build is for processors",
      answer({ backend: "tensorflow", usesGpu: false, loss: null }),
      /build for processors/,
    ],
    [
      "the native library is missing",
      answer({ backend: "cpu", usesGpu: false, loss: null }),
      /native library is missing: `ectopy device --install cuda`/,
    ],
    ["the loss is NaN", answer({ backend: "tensorflow", usesGpu: true, loss: null }), /is NaN/],
    ["it says nothing", "", /gave no answer/],
    [
      "it fails",
      'console.error("libcudart.so: not found"); process.exit(3);',
      /ended with status 3: libcudart.so: not found/,
    ],
  ])("says why not where %s", async ([, script, why]) => {
    const choice = await trial(script);
    expect(choice.gpu).toBeNull();
    expect(choice.reason).toMatch(why);
    expect(choice.reason).toContain("NVIDIA GeForce RTX 3060");
  });

  it.skipIf(process.platform === "win32")("survives a crash, and a trial that hangs", async () => {
    expect((await trial('process.kill(process.pid, "SIGSEGV"); setTimeout(() => {}, 60_000);')).reason).toMatch(
      /SIGSEGV/,
    );
    expect((await trial("setTimeout(() => {}, 60_000);", 500)).reason).toMatch(/longer than 0.5 s/);
  });
});
