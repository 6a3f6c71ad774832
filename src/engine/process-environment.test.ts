import { describe, expect, it } from "vitest";
import { trainingEnvironment } from "./process-environment.ts";

describe("trainingEnvironment", () => {
  it("sets the threads inside an operation, and leaves them to TensorFlow for 0", () => {
    expect(trainingEnvironment({ threads: 3 })).toMatchObject({
      TF_NUM_INTRAOP_THREADS: "3",
      ECTOPY_KERNEL_THREADS: "3",
    });
    expect(trainingEnvironment({ threads: 0 })).not.toHaveProperty("TF_NUM_INTRAOP_THREADS");
  });

  it("hides GPUs only where it is told to", () => {
    expect(trainingEnvironment({ threads: 1, gpu: false })).toMatchObject({ CUDA_VISIBLE_DEVICES: "-1" });
    expect(trainingEnvironment({ threads: 1 })).not.toHaveProperty("CUDA_VISIBLE_DEVICES");
  });
});
