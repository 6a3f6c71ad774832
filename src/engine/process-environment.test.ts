import { describe, expect, it } from "vitest";
import { networkSchema } from "../contract/networks.ts";
import { trainingEnvironment } from "./process-environment.ts";

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
    expect(environment(conv, lstm)).toMatchObject({ TF_NUM_INTRAOP_THREADS: "1" });
  });

  it("takes the user's number over its own", () => {
    for (const network of ["ann", "cnn", "lstm"] as const) {
      expect(trainingEnvironment({ network, threads: 3 })).toMatchObject({ TF_NUM_INTRAOP_THREADS: "3" });
    }
  });
});
