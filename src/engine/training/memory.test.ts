import { describe, expect, it } from "vitest";
import { availableMemory, fittingBatch, outOfMemory, peakMemory, refuseTooLarge, withMemoryErrors } from "./memory.ts";

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("fittingBatch", () => {
  it("returns the largest power of two that leaves a fifth of the memory", () => {
    expect(fittingBatch(1e6, 1e9)).toBe(512);
    expect(fittingBatch(1e6, 1.29e6)).toBe(1);
    expect(fittingBatch(1e6, 1e6)).toBe(0);
  });
});

describe("refuseTooLarge", () => {
  it("names the needed memory, the available memory and the batch size that fits", () => {
    expect(() => refuseTooLarge(1000, 1e6, 1e9)).not.toThrow();
    const refused = { code: "out-of-memory", fix: expect.stringContaining("--batch 512") as string };
    expect(thrownBy(() => refuseTooLarge(100_000, 1e6, 1e9))).toMatchObject({
      ...refused,
      message: "A batch of 100,000 beats needs about 100 GB of memory; 1.0 GB are available.",
    });
  });
});

describe("withMemoryErrors", () => {
  it.for([
    "OOM when allocating tensor with shape[4096,360,64] and type float on /device:CPU:0",
    "RESOURCE_EXHAUSTED: Out of memory",
    "std::bad_alloc",
    "spawn ENOMEM",
  ])("turns %j into an error with a batch size that fits", async (message) => {
    const failed = withMemoryErrors(4096, 1024, () => Promise.reject(new Error(message)));
    await expect(failed).rejects.toMatchObject({
      code: "out-of-memory",
      fix: expect.stringContaining("--batch 1024") as string,
    });
  });

  it("passes on other errors and results", async () => {
    await expect(withMemoryErrors(4, 2, () => Promise.reject(new Error("A fault")))).rejects.toThrow("A fault");
    expect(await withMemoryErrors(4, 2, () => Promise.resolve(7))).toBe(7);
  });
});

describe("outOfMemory", () => {
  const fix = (batch: number, fitting: number): string => outOfMemory("", batch, fitting).fix;
  it("advises less than the failed batch, whatever the estimate", () => {
    expect(fix(4096, 8192)).toContain("--batch 2048");
    expect(fix(1000, 1024)).toContain("--batch 256");
    expect(fix(64, 0)).toContain("not even");
  });
});

describe("memory of this process", () => {
  it("peaks above an allocated array, and has memory left", () => {
    const array = new Uint8Array(50e6).fill(1);
    expect(peakMemory()).toBeGreaterThan(array.length);
    expect(peakMemory()).toBeLessThan(10e9);
    expect(availableMemory()).toBeGreaterThan(1e6);
  });
});
