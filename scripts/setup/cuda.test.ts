import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { cuda, cudaOffer } from "./cuda.mjs";

const folder = mkdtempSync(join(tmpdir(), "ectopy-cuda-step-"));
const project = join(folder, "project");
const bin = join(folder, "bin");
beforeAll(() => {
  mkdirSync(bin);
  vi.stubEnv("ECTOPY_CACHE", join(folder, "cache"));
  vi.stubEnv("ECTOPY_TENSORFLOW", "");
  vi.stubEnv("PATH", bin);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it.skipIf(process.platform !== "linux" || process.arch !== "x64")(
  "offers TensorFlow for an NVIDIA GPU, and does nothing by itself",
  () => {
    expect(cudaOffer(project)).toBe("");
    const driver = join(bin, "nvidia-smi");
    writeFileSync(driver, "#!/bin/sh\n");
    chmodSync(driver, 0o755);
    expect(cudaOffer(project)).toContain("device --install cuda");
    expect(cuda.ready(project)).toEqual({});

    // Once the libraries are in the cache, the clone is linked to them.
    mkdirSync(join(folder, "cache/cuda/2.21.0-linux-x64"), { recursive: true });
    expect(cudaOffer(project)).toBe("");
    expect(cuda.ready(project)).toBeUndefined();
  },
);
