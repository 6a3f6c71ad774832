import { describe, expect, it } from "vitest";
import { networkNames, type BackendState, type NetworkName } from "../../../contract/domain/training.ts";
import type { ProcessStart, StartProcess } from "../../workers/processes/start-process.ts";
import { NO_GPU } from "./gpu.ts";
import { measureBackends, withSteps } from "./measure-backends.ts";

const backends: BackendState[] = [
  { name: "kernels", missing: "" },
  { name: "webassembly", missing: "" },
  { name: "webgpu", missing: "", gpus: ["A GPU (vulkan)"] },
  { name: "tensorflow", missing: "not installed" },
];
const step = (network: NetworkName, milliseconds: number | null) => ({ network, milliseconds, problem: "" });

describe("backends with measured steps", () => {
  const measured = {
    kernels: [step("ann", 1), step("cnn", 20)],
    webassembly: [step("ann", 3), step("cnn", 60)],
    webgpu: [step("ann", 2), step("cnn", 10)],
  };

  it("name the backend that trains each network by default: a GPU only where it is clearly faster", () => {
    const chosen = withSteps(backends, measured, NO_GPU).map(({ name, chosenFor }) => [name, chosenFor]);
    expect(Object.fromEntries(chosen)).toEqual({
      kernels: ["ann"],
      webassembly: [],
      webgpu: ["cnn"],
      tensorflow: undefined,
    });
  });

  it("name TensorFlow where it trains clearly faster on an NVIDIA GPU", () => {
    const gpu = { name: "RTX", memory: 8192, driver: "550", computeCapability: 8.6 };
    const tensorflow = [step("ann", 2), step("cnn", 4)];
    const chosen = withSteps(backends, { ...measured, tensorflow }, { gpu, reason: "", withoutCudnn: "" });
    expect(chosen.map(({ chosenFor }) => chosenFor)).toEqual([["ann"], [], [], ["cnn"]]);
  });

  it("prefer the kernels to WebAssembly, and are unchanged before a measurement", () => {
    expect(withSteps(backends, {}, NO_GPU)).toEqual(backends);
    const without = backends.map((state) => (state.name === "kernels" ? { ...state, missing: "not built" } : state));
    const { kernels, webassembly } = measured;
    expect(
      withSteps(without, { kernels, webassembly }, NO_GPU).find(({ name }) => name === "webassembly")!.chosenFor,
    ).toEqual(["ann", "cnn"]);
  });
});

describe("measuring backends", () => {
  const watch = { progress: () => {}, signal: new AbortController().signal };

  it("measures those that are there with each network, and keeps why a measurement failed", async () => {
    const asked: string[] = [];
    const startProcess = (({ args = [] }: ProcessStart, handlers) => {
      const job = JSON.parse(args.at(-1)!) as { backend: string; network: NetworkName };
      asked.push(`${job.backend} ${String(job.network)}`);
      const fails = job.backend === "webassembly" && job.network === "lstm";
      queueMicrotask(() => {
        if (!fails) handlers.onMessage({ backend: job.backend, milliseconds: 2, peakMemory: 1 });
        else handlers.onErrorOutput("Out of memory.\n");
        handlers.onEnd({ status: fails ? 1 : 0, signal: null });
      });
      return { send: () => {}, kill: () => {} };
    }) as StartProcess;
    const there = backends.filter(({ name }) => name !== "webgpu");
    const measured = await measureBackends({
      backends: there,
      networks: networkNames,
      device: NO_GPU,
      startProcess,
      ...watch,
    });
    expect(asked).toEqual(
      ["kernels", "webassembly"].flatMap((backend) => networkNames.map((network) => `${backend} ${network}`)),
    );
    expect(measured.kernels).toEqual(networkNames.map((network) => step(network, 2)));
    expect(measured.webassembly![2]).toMatchObject({ network: "lstm", milliseconds: null });
    expect(measured.webassembly![2].problem).toMatch(/Out of memory/);
    expect(measured.tensorflow).toBeUndefined();
  });
});
