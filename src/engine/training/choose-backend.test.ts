import { beforeEach, describe, expect, it, vi } from "vitest";
import { chooseBackend, listBackends, type BackendSettings } from "./choose-backend.ts";

const there = vi.hoisted(() => ({ kernels: true, webassembly: true, tensorflow: true }));
vi.mock(import("../backends/cpu.ts"), async (original) => ({
  ...(await original()),
  findCpuAddon: () => (there.kernels ? "engine.node" : null),
}));
vi.mock(import("../backends/wasm.ts"), async (original) => ({
  ...(await original()),
  findWasmModule: () => (there.webassembly ? "engine.wasm" : null),
}));
vi.mock(import("../tensorflow/find-tensorflow.ts"), () => ({ isTensorFlowInstalled: () => there.tensorflow }));

const settings: BackendSettings = { backend: "auto", precision: "float32", convolutions: "auto", microBatches: 0 };

beforeEach(() => {
  Object.assign(there, { kernels: true, webassembly: true, tensorflow: true });
  vi.unstubAllEnvs();
});

describe("the backend of a training", () => {
  it("is the kernels, or WebAssembly where they are missing", () => {
    expect(chooseBackend(settings)).toBe("kernels");
    there.kernels = false;
    expect(chooseBackend(settings)).toBe("webassembly");
  });

  it.each(["kernels", "webassembly", "tensorflow"] as const)("is the requested one: %s", (backend) => {
    expect(chooseBackend({ ...settings, backend })).toBe(backend);
    there[backend] = false;
    expect(() => chooseBackend({ ...settings, backend })).toThrow(
      expect.objectContaining({ code: "engine-unavailable", fix: expect.stringMatching(/setup|Install/) as string }),
    );
  });

  it.each<[string, Partial<BackendSettings>]>([
    ["bfloat16", { precision: "bfloat16" }],
    ["TensorFlow's implementation of convolutions", { convolutions: "tensorflow" }],
    ["A batch in micro-batches", { microBatches: 2 }],
  ])("is TensorFlow for %s, and nothing else", (name, only) => {
    expect(chooseBackend({ ...settings, ...only })).toBe("tensorflow");
    expect(() => chooseBackend({ ...settings, ...only, backend: "kernels" })).toThrow(
      `${name} needs TensorFlow, but the backend is kernels.`,
    );
    there.tensorflow = false;
    expect(() => chooseBackend({ ...settings, ...only })).toThrow(
      `${name} needs TensorFlow. The backend TensorFlow is not available: not installed.`,
    );
  });

  it("is TensorFlow where the kernels are turned off, as beside a GPU, unless another one is requested", () => {
    vi.stubEnv("ECTOPY_KERNELS", "none");
    expect(chooseBackend(settings)).toBe("tensorflow");
    expect(chooseBackend({ ...settings, backend: "kernels" })).toBe("kernels");
  });
});

describe("the backends of a machine", () => {
  it("are listed with why one is missing", () => {
    there.tensorflow = false;
    expect(listBackends([])).toEqual([
      { name: "kernels", missing: "" },
      { name: "webassembly", missing: "" },
      { name: "webgpu", missing: "no GPU was found" },
      { name: "tensorflow", missing: "not installed" },
    ]);
  });
});
