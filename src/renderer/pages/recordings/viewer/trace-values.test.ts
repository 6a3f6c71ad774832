import { describe, expect, it } from "vitest";
import type { Tile } from "./tile-store.ts";
import { rangesOf, valuesAt } from "./trace-values.ts";

const lead = (from: number, values: number[]) => ({
  from,
  step: 1,
  minima: Float32Array.from(values),
  maxima: Float32Array.from(values),
});
const tile: Tile = [lead(0, [0, 0.5, 1, -1]), lead(0, [2, Number.NaN, 3, 4])];

describe("values of the trace", () => {
  it("are those of the signal at a sample", () => {
    const get = ({ level, index }: { level: number; index: number }) => (level === 0 && index === 0 ? tile : undefined);
    expect(valuesAt(get, 1)).toEqual([0.5, Number.NaN]);
    expect(valuesAt(get, 8192)).toBeNull();
  });

  it("have a range in view, without missing samples", () => {
    expect(rangesOf([tile], 0, 3)).toEqual([
      { lowest: 0, highest: 1 },
      { lowest: 2, highest: 3 },
    ]);
    expect(rangesOf([tile], 1, 2)[1]).toBeNull();
  });
});
