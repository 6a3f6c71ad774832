import { describe, expect, it } from "vitest";
import { resumedOn, type DeviceInfo } from "./training.ts";

const versions = { ectopy: "1", node: "24", tfjs: "", tensorflow: "" };
const device = (backend: string, kernels: string): DeviceInfo => ({
  backend,
  kernels,
  description: "Processor",
  cores: 2,
  versions,
});
const avx512 = device("kernels", "avx512, 2 threads");
const wasm = device("webassembly", "SIMD128, 2 threads");

describe("the device of a resumed run", () => {
  it("says that the backend changed, and what follows", () => {
    expect(resumedOn(wasm, avx512).resumedElsewhere).toBe(
      "Resumed on WebAssembly (SIMD128), after steps on Ectopy's kernels (avx512): results differ in the last digits from an uninterrupted run.",
    );
  });

  it("is unchanged on the same backend, with any number of threads", () => {
    const fewer = device("kernels", "avx512, 1 thread");
    expect(resumedOn(fewer, avx512)).toBe(fewer);
    expect(resumedOn(avx512, null)).toBe(avx512);
  });

  it("still says it after a further interruption", () => {
    const once = resumedOn(wasm, avx512);
    expect(resumedOn(wasm, once)).toEqual(once);
    expect(resumedOn(avx512, once).resumedElsewhere).toMatch(/^Resumed on Ectopy's kernels/);
  });
});
