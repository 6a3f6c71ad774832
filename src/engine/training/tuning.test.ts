import { describe, expect, it } from "vitest";
import { networkSchema } from "../../contract/domain/networks.ts";
import { networkNames } from "../../contract/domain/training.ts";
import { candidates, candidatesFor } from "./tuning.ts";

const tensorflow = "tensorflow" as const;

describe("candidates", () => {
  it("are a single one on one core without kernels", () => {
    for (const network of networkNames) {
      expect(candidates(network, 1, "none")).toEqual([{ threads: 1, microBatches: 1, convolutions: tensorflow }]);
    }
  });

  it("divide the batch of a recurrence alone, into eight micro-batches at most", () => {
    expect(candidates("lstm", 2, "none")[0]).toEqual({ threads: 1, microBatches: 2, convolutions: tensorflow });
    expect(candidates("lstm", 64, "none")[0]).toMatchObject({ threads: 1, microBatches: 8 });
    for (const network of ["ann", "cnn"] as const) {
      expect(candidates(network, 64, "none").map(({ microBatches }) => microBatches)).toEqual([1, 1]);
    }
  });

  it("do not divide the batch where cuDNN computes the recurrence", () => {
    expect(candidates("lstm", 4, "cudnn")).toEqual([{ threads: 4, microBatches: 1, convolutions: tensorflow }]);
  });

  it("leave nothing to measure where a plan shares each call among all threads", () => {
    for (const network of networkNames) {
      expect(candidates(network, 4, "ectopy")).toEqual([{ threads: 4, microBatches: 1, convolutions: "ectopy" }]);
    }
  });

  it("follow from the layers of a custom network", () => {
    const first = (...layers: object[]) => candidates(networkSchema.parse({ name: "mine", layers }), 4, "none")[0];
    const conv = { id: "conv", kind: "conv1d", filters: 4, kernelSize: 3, activation: "relu" };
    expect(first(conv, { id: "flat", kind: "flatten" })).toMatchObject({ threads: 4, microBatches: 1 });
    expect(first(conv, { id: "lstm", kind: "lstm", units: 4 })).toMatchObject({ threads: 1, microBatches: 4 });
    const dense = { id: "dense", kind: "dense", units: 4, activation: "relu" };
    expect(first(dense)).toMatchObject({ threads: 1, microBatches: 1 });
  });
});

describe("candidatesFor", () => {
  const open = { threads: 0, microBatches: 0, convolutions: "auto", precision: "float32" } as const;

  it("combines a given number of threads with the most promising candidate", () => {
    const lstm = { ...open, network: "lstm" as const, threads: 3 };
    expect(candidatesFor(lstm, 4, "none")).toEqual([{ threads: 3, microBatches: 4, convolutions: tensorflow }]);
    expect(candidatesFor({ ...lstm, microBatches: 1 }, 4, "none")).toEqual([
      { threads: 3, microBatches: 1, convolutions: tensorflow },
    ]);
  });

  it("keeps given micro-batches and convolutions: others give another training", () => {
    const lstm = { ...open, network: "lstm" as const };
    expect(candidatesFor({ ...lstm, microBatches: 1 }, 4, "none")).toEqual([
      { threads: 4, microBatches: 1, convolutions: tensorflow },
    ]);
    expect(candidatesFor({ ...lstm, microBatches: 5 }, 4, "none")).toMatchObject([{ threads: 1, microBatches: 5 }]);
    const cnn = { ...open, network: "cnn" as const, convolutions: tensorflow };
    expect(candidatesFor(cnn, 4, "ectopy")).toEqual([{ threads: 4, microBatches: 1, convolutions: tensorflow }]);
  });

  it("keeps complete settings unchanged", () => {
    const settled = { threads: 2, microBatches: 1, convolutions: "ectopy" } as const;
    expect(candidatesFor({ ...open, ...settled, network: "cnn" }, 8, "ectopy")).toEqual([settled]);
  });

  it("has no kernels for bfloat16", () => {
    const settings = { ...open, network: "cnn", precision: "bfloat16" } as const;
    expect(candidatesFor(settings, 4, "ectopy").every(({ convolutions }) => convolutions === tensorflow)).toBe(true);
  });
});
