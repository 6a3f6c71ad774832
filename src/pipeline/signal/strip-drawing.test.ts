import { describe, expect, it } from "vitest";
import { drawStrip, stripStart, type StripInput } from "./strip-drawing.ts";

/** Ten seconds at 100 Hz: 0 mV, with 1 mV from 2 s to 4 s. */
const values = Float32Array.from({ length: 1000 }, (_, i) => (i >= 200 && i < 400 ? 1 : 0));

function draw(options: Partial<StripInput> = {}) {
  return drawStrip({
    from: 5000,
    rate: 100,
    leads: [{ lead: "II", units: "mV", values }],
    beats: [],
    highlight: { from: 5200, to: 5400 },
    ...options,
  });
}

/** Absolute points of a path with relative steps. */
function pointsOf(path: string): [number, number][] {
  const points: [number, number][] = [];
  for (const [, command, x, y] of path.matchAll(/([Ml])(-?\d+) (-?\d+)/g)) {
    const [lastX, lastY] = command === "M" ? [0, 0] : points[points.length - 1];
    points.push([lastX + Number(x), lastY + Number(y)]);
  }
  return points;
}

describe("a strip", () => {
  it("has 25 mm for a second and 10 mm for a millivolt", () => {
    const { width, lanes, highlight } = draw();
    expect(width).toBe(25_000);
    const points = pointsOf(lanes[0].path);
    expect(points).toHaveLength(1000);
    expect(points[100][0]).toBe(2500);
    expect(points[100][1] - points[300][1]).toBe(1000);
    expect(highlight).toEqual({ from: 5000, to: 10_000 });
  });

  it("draws the same scale from the extremes of columns where there are many samples", () => {
    const many = Float32Array.from({ length: 20_000 }, (_, i) => (i >= 4000 && i < 8000 ? 1 : 0));
    const { lanes } = draw({ rate: 2000, leads: [{ lead: "II", units: "mV", values: many }] });
    const points = pointsOf(lanes[0].path);
    expect(points).toHaveLength(5000);
    expect(points[1400]).toEqual([7000, points[2][1] - 1000]);
  });

  it("has lanes of whole squares, a lead below the other", () => {
    const high = values.map((value) => 3 * value);
    const { lanes, top, height } = draw({
      leads: [
        { lead: "II", units: "mV", values },
        { lead: "V1", units: "mV", values: high },
      ],
    });
    expect(lanes.map((lane) => [lane.top, lane.bottom])).toEqual([
      [top, top + 1500],
      [top + 1500, top + 5000],
    ]);
    expect(height).toBe(top + 5000);
  });

  it("interrupts the trace at missing samples", () => {
    const gaps = values.map((value, i) => (i === 500 ? Number.NaN : value));
    const { lanes } = draw({ leads: [{ lead: "II", units: "mV", values: gaps }] });
    expect(lanes[0].path.match(/M/g)).toHaveLength(2);
  });

  it("marks the beats inside, and intervals that have room", () => {
    const beats = [4990, 5100, 5120, 5200, 6100].map((sample) => ({ sample, symbol: "N" }));
    const { beats: shown, intervals } = draw({ beats });
    expect(shown.map(({ x }) => x)).toEqual([2500, 3000, 5000]);
    expect(intervals).toEqual([{ x: 4000, ms: 800 }]);
  });
});

describe("the start of a strip", () => {
  it("puts a short place in the middle", () => expect(stripStart({ from: 5000, to: 5200 }, 100, 100_000)).toBe(4600));
  it("begins before a long place", () => expect(stripStart({ from: 5000, to: 9000 }, 100, 100_000)).toBe(4800));
  it("stays within the recording", () => {
    expect(stripStart({ from: 10, to: 20 }, 100, 100_000)).toBe(0);
    expect(stripStart({ from: 99_990, to: 99_995 }, 100, 100_000)).toBe(99_000);
    expect(stripStart({ from: 10, to: 20 }, 100, 500)).toBe(0);
  });
});
