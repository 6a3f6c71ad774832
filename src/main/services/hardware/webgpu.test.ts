import { describe, expect, it } from "vitest";
import { fastestOf } from "./webgpu.ts";

const adapter = (name: string) => ({
  api: "vulkan",
  name,
  vendor: "",
  architecture: "",
  description: "",
  software: false,
});
const trial = (name: string, stepMs: number | null, problem = "") => ({
  adapter: adapter(name),
  problem,
  stepMs,
  processorMs: stepMs === null ? null : 10,
});

describe("the GPU that trains a network", () => {
  it("is the fastest that beats the processor clearly", () => {
    expect(fastestOf([trial("one", 5), trial("other", 2)])).toBe("other");
    expect(fastestOf([trial("slow", 9.5), trial("slower", 30)])).toBeNull();
  });

  it("is none that failed its trial", () => {
    expect(fastestOf([trial("broken", null, "it trains otherwise than the processor")])).toBeNull();
    expect(fastestOf([])).toBeNull();
  });
});
