import { describe, expect, it } from "vitest";
import { networkSchema } from "../contract/networks.ts";
import { networkNames } from "../contract/training.ts";
import { candidates, candidatesFor } from "./tuning.ts";

describe("candidates", () => {
  it("leaves nothing to measure on one core", () => {
    for (const network of networkNames) expect(candidates(network, 1)).toEqual([{ threads: 1, parts: 1 }]);
  });

  it("cuts the batch for a recurrence alone, into eight parts at most", () => {
    expect(candidates("lstm", 2)).toContainEqual({ threads: 1, parts: 2 });
    expect(candidates("lstm", 64)).toContainEqual({ threads: 1, parts: 8 });
    for (const network of ["ann", "cnn"] as const) {
      expect(candidates(network, 64).map(({ parts }) => parts)).toEqual([1, 1]);
    }
  });
});

describe("candidates of a network of one's own", () => {
  it("follow from its layers: convolutions are shared out, recurrences cut into parts", () => {
    const likeliest = (...layers: object[]) => candidates(networkSchema.parse({ name: "mine", layers }), 4)[0];
    const conv = { id: "conv", kind: "conv1d", filters: 4, kernelSize: 3, activation: "relu" };
    expect(likeliest(conv, { id: "flat", kind: "flatten" })).toEqual({ threads: 4, parts: 1 });
    expect(likeliest(conv, { id: "lstm", kind: "lstm", units: 4 })).toEqual({ threads: 1, parts: 4 });
    expect(likeliest({ id: "dense", kind: "dense", units: 4, activation: "relu" })).toEqual({ threads: 1, parts: 1 });
  });
});

describe("candidatesFor", () => {
  it("takes the user's threads as they are, and the likeliest parts with them", () => {
    expect(candidatesFor({ network: "lstm", threads: 3, parts: 0 }, 4)).toEqual([{ threads: 3, parts: 4 }]);
    expect(candidatesFor({ network: "lstm", threads: 3, parts: 1 }, 4)).toEqual([{ threads: 3, parts: 1 }]);
  });

  it("keeps to the parts that were chosen: other parts are another training", () => {
    expect(candidatesFor({ network: "lstm", threads: 0, parts: 1 }, 4)).toEqual([{ threads: 4, parts: 1 }]);
    expect(candidatesFor({ network: "lstm", threads: 0, parts: 5 }, 4)).toEqual([{ threads: 1, parts: 5 }]);
  });
});
