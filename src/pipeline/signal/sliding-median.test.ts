import { expect, it } from "vitest";
import { randomStream } from "../random.ts";
import { slidingMedian } from "./sliding-median.ts";

it("gives the median of each window, with repeated values and windows cut at both ends", () => {
  const random = randomStream(1, "sliding-median");
  const values = Float64Array.from({ length: 60 }, () => random.below(9));
  const first = Int32Array.from(values, (_, i) => Math.max(0, i - 6));
  const last = Int32Array.from(values, (_, i) => Math.min(59, i + 5));
  const out = new Float64Array(60);
  slidingMedian({ values }, { first, last }, out);
  out.forEach((median, i) => {
    const sorted = values.slice(first[i], last[i] + 1).sort();
    const middle = sorted.length >> 1;
    expect(median).toBe(sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  });
});
