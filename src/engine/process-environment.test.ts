import { describe, expect, it } from "vitest";
import { trainingEnvironment } from "./process-environment.ts";

describe("trainingEnvironment", () => {
  it("keeps each operation of the ANN on one thread", () => {
    expect(trainingEnvironment({ network: "ann", threads: 0 })).toMatchObject({ TF_NUM_INTRAOP_THREADS: "1" });
  });

  it("leaves the CNN's threads to TensorFlow", () => {
    expect(trainingEnvironment({ network: "cnn", threads: 0 })).not.toHaveProperty("TF_NUM_INTRAOP_THREADS");
  });

  it("takes the user's number over its own", () => {
    for (const network of ["ann", "cnn", "lstm"] as const) {
      expect(trainingEnvironment({ network, threads: 3 })).toMatchObject({ TF_NUM_INTRAOP_THREADS: "3" });
    }
  });
});
