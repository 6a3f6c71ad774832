import { describe, expect, it } from "vitest";
import { networkSchema } from "../contract/networks.ts";
import { networkNames } from "../contract/training.ts";
import { candidates, candidatesFor, type Candidate } from "./tuning.ts";

const tensorflow = (threads: number, parts: number): Candidate => ({ threads, parts, kernels: "tensorflow" });
const own = (threads: number, parts = 1): Candidate => ({ threads, parts, kernels: "own" });

describe("candidates without operations of our own", () => {
  it("leave nothing to measure on one core", () => {
    for (const network of networkNames) expect(candidates(network, 1, false)).toEqual([tensorflow(1, 1)]);
  });

  it("cut the batch for a recurrence alone, into eight parts at most", () => {
    expect(candidates("lstm", 2, false)).toContainEqual(tensorflow(1, 2));
    expect(candidates("lstm", 64, false)).toContainEqual(tensorflow(1, 8));
    for (const network of ["ann", "cnn"] as const) {
      expect(candidates(network, 64, false).map(({ parts }) => parts)).toEqual([1, 1]);
    }
  });
});

describe("candidates with operations of our own", () => {
  it("need no parts for a recurrence, and measure whose convolutions are faster", () => {
    expect(candidates("lstm", 4, true)).toEqual([own(4)]);
    expect(candidates("cnn", 4, true)).toEqual([own(4), tensorflow(4, 1)]);
    expect(candidates("ann", 4, true)).toEqual([tensorflow(1, 1), tensorflow(4, 1)]);
  });
});

describe("candidates of a network of one's own", () => {
  it("follow from its layers: convolutions are shared out, recurrences cut into parts", () => {
    const likeliest = (...layers: object[]) => candidates(networkSchema.parse({ name: "mine", layers }), 4, false)[0];
    const conv = { id: "conv", kind: "conv1d", filters: 4, kernelSize: 3, activation: "relu" };
    expect(likeliest(conv, { id: "flat", kind: "flatten" })).toEqual(tensorflow(4, 1));
    expect(likeliest(conv, { id: "lstm", kind: "lstm", units: 4 })).toEqual(tensorflow(1, 4));
    expect(likeliest({ id: "dense", kind: "dense", units: 4, activation: "relu" })).toEqual(tensorflow(1, 1));
  });
});

describe("candidatesFor", () => {
  const open = { network: "lstm", threads: 0, parts: 0, kernels: "auto", precision: "float32" } as const;

  it("takes the user's threads as they are, and the likeliest parts with them", () => {
    expect(candidatesFor({ ...open, threads: 3 }, 4, false)).toEqual([tensorflow(3, 4)]);
    expect(candidatesFor({ ...open, threads: 3, parts: 1 }, 4, false)).toEqual([tensorflow(3, 1)]);
    expect(candidatesFor({ ...open, threads: 3 }, 4, true)).toEqual([own(3)]);
  });

  it("keeps to the parts that were chosen: other parts are another training", () => {
    expect(candidatesFor({ ...open, parts: 1 }, 4, false)).toEqual([tensorflow(4, 1)]);
    expect(candidatesFor({ ...open, parts: 5 }, 4, false)).toEqual([tensorflow(1, 5)]);
    expect(candidatesFor({ ...open, parts: 5 }, 4, true)).toEqual([own(4, 5)]);
  });

  it("keeps to whose operations were chosen, where they are there", () => {
    const cnn = { ...open, network: "cnn" } as const;
    expect(candidatesFor({ ...cnn, kernels: "own" }, 4, true)).toEqual([own(4)]);
    expect(candidatesFor({ ...cnn, kernels: "tensorflow" }, 4, true)).toEqual([tensorflow(4, 1), tensorflow(1, 1)]);
    expect(candidatesFor({ ...cnn, kernels: "own" }, 4, false)).toEqual([tensorflow(4, 1), tensorflow(1, 1)]);
  });

  it("leaves bfloat16 to TensorFlow: our own operations don't know it", () => {
    const wanted = candidatesFor({ ...open, precision: "bfloat16" }, 4, true);
    expect(wanted.map(({ kernels }) => kernels)).toEqual(["tensorflow", "tensorflow"]);
  });
});
