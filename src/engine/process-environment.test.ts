import { afterEach, describe, expect, it, vi } from "vitest";
import { networkSchema } from "../contract/networks.ts";
import { trainingEnvironment } from "./process-environment.ts";

afterEach(() => vi.unstubAllEnvs());

describe("trainingEnvironment", () => {
  it("keeps each operation of the ANN on one thread", () => {
    expect(trainingEnvironment({ network: "ann", threads: 0 })).toMatchObject({ TF_NUM_INTRAOP_THREADS: "1" });
  });

  it("leaves the CNN's threads to TensorFlow", () => {
    expect(trainingEnvironment({ network: "cnn", threads: 0 })).not.toHaveProperty("TF_NUM_INTRAOP_THREADS");
  });

  it("decides for a network of one's own by its layers: convolutions are shared out, recurrences are not", () => {
    const environment = (...layers: object[]): Record<string, string> =>
      trainingEnvironment({ network: networkSchema.parse({ name: "mine", layers }), threads: 0 });
    const conv = { id: "conv", kind: "conv1d", filters: 4, kernelSize: 3, activation: "relu" };
    expect(environment(conv, { id: "flat", kind: "flatten" })).not.toHaveProperty("TF_NUM_INTRAOP_THREADS");
    const lstm = { id: "lstm", kind: "lstm", units: 4 };
    vi.stubEnv("ECTOPY_KERNELS", "none");
    expect(environment(conv, lstm)).toMatchObject({ TF_NUM_INTRAOP_THREADS: "1" });
    // Kernels of our own take the recurrence; any file will do for them here.
    vi.stubEnv("ECTOPY_KERNELS", import.meta.filename);
    expect(environment(conv, lstm)).not.toHaveProperty("TF_NUM_INTRAOP_THREADS");
  });

  it("takes the user's number over its own", () => {
    for (const network of ["ann", "cnn", "lstm"] as const) {
      const wanted = { TF_NUM_INTRAOP_THREADS: "3", ECTOPY_KERNEL_THREADS: "3" };
      expect(trainingEnvironment({ network, threads: 3 })).toMatchObject(wanted);
    }
  });
});
