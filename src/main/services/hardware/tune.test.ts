import { describe, expect, it } from "vitest";
import type { Candidate } from "../../../engine/tuning.ts";
import { fastest, type Measured } from "./tune.ts";

const way = (threads: number): Candidate => ({ threads, parts: 1, kernels: "own" });
const ways = (...milliseconds: (number | null)[]): Measured[] =>
  milliseconds.map((time, i) => ({ ...way(i + 1), milliseconds: time }));

describe("fastest", () => {
  it("takes the one that is clearly faster, else the likeliest, which comes first", () => {
    expect(fastest(ways(10, 8))).toEqual(way(2));
    expect(fastest(ways(10, 9.5))).toEqual(way(1));
    expect(fastest(ways(10, 8, 7))).toEqual(way(3));
  });

  it("leaves out what could not be measured", () => {
    expect(fastest(ways(null, 50))).toEqual(way(2));
    expect(fastest(ways(null, null))).toBeUndefined();
  });
});
