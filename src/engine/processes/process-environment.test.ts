import { describe, expect, it } from "vitest";
import { trainingEnvironment } from "./process-environment.ts";

describe("trainingEnvironment", () => {
  it("sets the threads inside an operation, TensorFlow's and our own, and leaves them to each for 0", () => {
    const threads = { TF_NUM_INTRAOP_THREADS: "3", ECTOPY_KERNEL_THREADS: "3" };
    expect(trainingEnvironment({ threads: 3, gpu: false })).toMatchObject(threads);
    for (const name of Object.keys(threads)) {
      expect(trainingEnvironment({ threads: 0, gpu: false })).not.toHaveProperty(name);
    }
  });

  it("shows a GPU only where it is to train, and no operations of our own there", () => {
    expect(trainingEnvironment({ threads: 1, gpu: false })).toMatchObject({ CUDA_VISIBLE_DEVICES: "-1" });
    expect(trainingEnvironment({ threads: 1, gpu: false })).not.toHaveProperty("ECTOPY_KERNELS");
    expect(trainingEnvironment({ threads: 1, gpu: true })).toMatchObject({ ECTOPY_KERNELS: "none" });
    expect(trainingEnvironment({ threads: 1, gpu: true })).not.toHaveProperty("CUDA_VISIBLE_DEVICES");
  });

  it("keeps recurrent layers from cuDNN on a GPU where they have not been proven", () => {
    expect(trainingEnvironment({ threads: 1, gpu: true })).toMatchObject({ ECTOPY_CUDNN: "none" });
    expect(trainingEnvironment({ threads: 1, gpu: true, cudnn: true })).not.toHaveProperty("ECTOPY_CUDNN");
    expect(trainingEnvironment({ threads: 1, gpu: false })).not.toHaveProperty("ECTOPY_CUDNN");
  });
});
