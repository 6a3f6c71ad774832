/** Resampling against SciPy's `resample_poly` with its default filter. */
import { describe, expect, it } from "vitest";
import { ratioOfRates, resample } from "../../src/pipeline/signal/resample.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { askPython, python } from "../support/python.ts";

const SCRIPT = `
import json, sys
from scipy.signal import resample_poly
print(json.dumps([resample_poly(c["signal"], c["up"], c["down"]).tolist() for c in json.load(sys.stdin)]))
`;

describe("resampling", () => {
  it("equals resample_poly to 1e-12", async (ctx) => {
    if (python === undefined) return ctx.skip("ECTOPY_PYTHON is not set.");
    const random = randomStream(1, "resample");
    const cases = [
      { from: 360, to: 128, length: 1000 },
      { from: 128, to: 360, length: 401 },
      { from: 250, to: 360, length: 777 },
      { from: 257, to: 360, length: 500 },
      { from: 500, to: 250, length: 640 },
      { from: 100, to: 360, length: 3 },
      { from: 1000, to: 360, length: 1 },
    ].map(({ from, to, length }) => ({
      ...ratioOfRates(from, to),
      signal: Array.from({ length }, () => random.normal()),
    }));
    const expected = await askPython<number[][]>(SCRIPT, cases);
    cases.forEach((each, i) => {
      const got = resample(each.signal, each);
      expect(got.length).toBe(expected[i].length);
      const largest = Math.max(...got.map((value, n) => Math.abs(value - expected[i][n])));
      expect(largest).toBeLessThan(1e-12);
    });
  });
});
