import fc from "fast-check";
import { expect, it } from "vitest";
import { beatDensity } from "./density.ts";

const columnsOf = (samples: number[], symbols: string[]) => ({
  samples: Uint32Array.from(samples),
  symbols,
  beats: Uint8Array.from(symbols, (symbol) => (symbol === "+" ? 0 : 1)),
  texts: symbols.map(() => ""),
});

it("counts beats by type and bin", () => {
  const { counts, max, classes } = beatDensity(
    columnsOf([0, 10, 49, 50, 60, 99], ["N", "+", "V", "N", "N", "V"]),
    100,
    2,
    ["N", "V"],
  );
  expect(classes).toEqual(["N", "V"]);
  expect(counts.map((each) => [...each])).toEqual([
    [1, 2],
    [1, 1],
  ]);
  expect(max).toBe(3);
});

it("counts every beat, for any number of bins", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(999)), fc.integer({ min: 1, max: 50 }), (samples, bins) => {
      const density = beatDensity(
        columnsOf(
          samples,
          samples.map(() => "N"),
        ),
        1000,
        bins,
        ["N"],
      );
      expect(density.counts[0].reduce((a, b) => a + b, 0)).toBe(samples.length);
    }),
  );
});
