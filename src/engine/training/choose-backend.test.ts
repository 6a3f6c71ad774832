import { beforeEach, describe, expect, it } from "vitest";
import { chooseBackend, listBackends, type BackendSettings } from "./choose-backend.ts";

const there = { kernels: true, webassembly: true, webgpu: true, tensorflow: true };
const isThere = (name: keyof typeof there): boolean => there[name];
const choose = (settings: BackendSettings): string => chooseBackend(settings, isThere);

const settings: BackendSettings = { backend: "auto", precision: "float32" };

beforeEach(() => {
  Object.assign(there, { kernels: true, webassembly: true, webgpu: true, tensorflow: true });
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

  it("is TensorFlow for bfloat16, and nothing else", () => {
    const half = { ...settings, precision: "bfloat16" } as const;
    expect(choose(half)).toBe("tensorflow");
    expect(() => choose({ ...half, backend: "kernels" })).toThrow(
      "bfloat16 needs TensorFlow, but the backend is kernels.",
    );
    there.tensorflow = false;
    expect(() => choose(half)).toThrow(
      "bfloat16 needs TensorFlow. The backend TensorFlow is not available: not installed.",
    );
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
