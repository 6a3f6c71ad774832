import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandPath, beatScale, crowdOpacity, edgesOf, spreadLabels, tracePath } from "./beat-geometry.ts";

const frame = { width: 500, height: 200, left: 40, right: 60, top: 10, bottom: 20 };

describe("beatScale", () => {
  it("places the R-peak at 0, and heavy lines every 0.2 s and 0.5 mV", () => {
    const trace = Float32Array.from({ length: 361 }, (_, i) => (i === 180 ? 1.2 : 0));
    const scale = beatScale([trace], 180, 360, frame);
    expect([scale.from, scale.to]).toEqual([-0.5, 0.5]);
    expect([scale.x(-0.5), scale.x(0), scale.x(0.5)]).toEqual([40, 240, 440]);
    const heavy = (list: { at: number; heavy: boolean }[]): number[] =>
      list.filter((line) => line.heavy).map(({ at }) => Number(at.toFixed(6)) + 0);
    expect(heavy(scale.times)).toEqual([-0.4, -0.2, 0, 0.2, 0.4]);
    expect(heavy(scale.values)).toEqual([-0.5, 0, 0.5, 1, 1.5]);
    expect(scale.values.filter((line) => !line.heavy)).toHaveLength(16);
  });

  it("keeps every sample of any beat inside the frame", () => {
    const sample = fc.float({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 2, maxLength: 50 }),
        fc.integer({ min: 1, max: 1000 }),
        (trace, rate) => {
          const scale = beatScale([trace], 1, rate, frame);
          trace.forEach((value, i) => {
            const [x, y] = [scale.x((i - 1) / rate), scale.y(value)];
            expect(x).toBeGreaterThanOrEqual(frame.left - 1e-6);
            expect(x).toBeLessThanOrEqual(frame.width - frame.right + 1e-6);
            expect(y).toBeGreaterThanOrEqual(frame.top);
            expect(y).toBeLessThanOrEqual(frame.height - frame.bottom);
          });
          expect(scale.times.length + scale.values.length).toBeLessThan(200);
        },
      ),
    );
  });

  it("leaves a gap where samples are missing", () => {
    const trace = [0, 0.1, Number.NaN, 0.3];
    const path = tracePath(trace, 1, 100, beatScale([trace], 1, 100, frame));
    expect(path.match(/[ML]/g)?.join("")).toBe("MLM");
  });
});

describe("bandPath", () => {
  it("goes along the lower edge and back along the upper one", () => {
    const edges = edgesOf(Float32Array.of(0, 1), Float32Array.of(0.5, 0.25));
    expect(edges.map((edge) => [...edge])).toEqual([
      [-0.5, 0.75],
      [0.5, 1.25],
    ]);
    const path = bandPath(edges, 0, 1, { ...beatScale(edges, 0, 1, frame), x: (time) => time, y: (value) => value });
    expect(path).toBe("M0.0 -0.5L1.0 0.8L1.0 1.3L0.0 0.5Z");
  });
});

describe("crowdOpacity", () => {
  it("falls with the number of lines, to a minimum of 0.1", () => {
    expect([1, 4, 64, 10_000].map(crowdOpacity)).toEqual([0.8, 0.8, 0.2, 0.1]);
  });
});

describe("spreadLabels", () => {
  it("keeps labels apart and inside the frame", () => {
    expect(spreadLabels([50, 100], 14, 10, 180)).toEqual([50, 100]);
    expect(spreadLabels([100, 98], 14, 10, 180)).toEqual([112, 98]);
    expect(spreadLabels([178, 179], 14, 10, 180)).toEqual([166, 180]);
  });
});
