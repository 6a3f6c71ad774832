import { beforeEach, describe, expect, it, vi } from "vitest";
import { chooseBackend, listBackends, type BackendSettings } from "./choose-backend.ts";

const there = { kernels: true, webassembly: true, webgpu: true, tensorflow: true };
const isThere = (name: keyof typeof there): boolean => there[name];
const choose = (settings: BackendSettings): string => chooseBackend(settings, isThere);

const settings: BackendSettings = { backend: "auto", precision: "float32", convolutions: "auto", microBatches: 0 };

beforeEach(() => {
  Object.assign(there, { kernels: true, webassembly: true, webgpu: true, tensorflow: true });
  vi.unstubAllEnvs();
});

describe("the backend of a training", () => {
  it("is the kernels, or WebAssembly where they are missing", () => {
    expect(choose(settings)).toBe("kernels");
    there.kernels = false;
    expect(choose(settings)).toBe("webassembly");
  });

  it.each(["kernels", "webassembly", "webgpu", "tensorflow"] as const)("is the requested one: %s", (backend) => {
    expect(choose({ ...settings, backend })).toBe(backend);
    there[backend] = false;
    expect(() => choose({ ...settings, backend })).toThrow(
      expect.objectContaining({
        code: "engine-unavailable",
        fix: expect.stringMatching(/setup|Install|driver/) as string,
      }),
    );
  });

  it.each<[string, Partial<BackendSettings>]>([
    ["bfloat16", { precision: "bfloat16" }],
    ["TensorFlow's implementation of convolutions", { convolutions: "tensorflow" }],
    ["A batch in micro-batches", { microBatches: 2 }],
  ])("is TensorFlow for %s, and nothing else", (name, only) => {
    expect(choose({ ...settings, ...only })).toBe("tensorflow");
    expect(() => choose({ ...settings, ...only, backend: "kernels" })).toThrow(
      `${name} needs TensorFlow, but the backend is kernels.`,
    );
    there.tensorflow = false;
    expect(() => choose({ ...settings, ...only })).toThrow(
      `${name} needs TensorFlow. The backend TensorFlow is not available: not installed.`,
    );
  });

  it("is TensorFlow where the kernels are turned off, as beside a GPU, unless another one is requested", () => {
    vi.stubEnv("ECTOPY_KERNELS", "none");
    expect(choose(settings)).toBe("tensorflow");
    expect(choose({ ...settings, backend: "kernels" })).toBe("kernels");
  });
});

describe("the backends of a machine", () => {
  it("are listed with why one is missing", () => {
    there.tensorflow = false;
    expect(listBackends([], isThere)).toEqual([
      { name: "kernels", missing: "" },
      { name: "webassembly", missing: "" },
      { name: "webgpu", missing: "no GPU was found" },
      { name: "tensorflow", missing: "not installed" },
    ]);
  });
});
