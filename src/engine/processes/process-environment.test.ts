import { describe, expect, it } from "vitest";
import { trainingEnvironment } from "./process-environment.ts";

describe("trainingEnvironment", () => {
  it("sets the intra-op threads of TensorFlow and of the kernels, and sets none for 0", () => {
    const threads = { TF_NUM_INTRAOP_THREADS: "3", ECTOPY_KERNEL_THREADS: "3" };
    expect(trainingEnvironment({ threads: 3, gpu: false })).toMatchObject(threads);
    for (const name of Object.keys(threads)) {
      expect(trainingEnvironment({ threads: 0, gpu: false })).not.toHaveProperty(name);
    }
  });

  it("hides GPUs unless a GPU trains", () => {
    expect(trainingEnvironment({ threads: 1, gpu: false })).toMatchObject({ CUDA_VISIBLE_DEVICES: "-1" });
    expect(trainingEnvironment({ threads: 1, gpu: true })).not.toHaveProperty("CUDA_VISIBLE_DEVICES");
  });

  it("turns cuDNN off on a GPU unless it has passed its test", () => {
    expect(trainingEnvironment({ threads: 1, gpu: true })).toMatchObject({ ECTOPY_CUDNN: "none" });
    expect(trainingEnvironment({ threads: 1, gpu: true, cudnn: true })).not.toHaveProperty("ECTOPY_CUDNN");
    expect(trainingEnvironment({ threads: 1, gpu: false })).not.toHaveProperty("ECTOPY_CUDNN");
  });
});
