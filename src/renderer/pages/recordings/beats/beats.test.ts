import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Label } from "../../../../contract/domain/labels.ts";
import { classesOf, MAX_RR_S, mapPoints, poincarePoints, tachogramPoints, ticksOf } from "./beat-points.ts";
import { listFamilies, meanPaths, mergeOf } from "./families.ts";
import { boxOf, paintPoints, pixelOf, placePoints, pointsWithin } from "./point-cloud.ts";

const label = (sample: number, symbol: string): Label => {
  return { sample, symbol, subtype: 0, text: "", flags: 0, probability: null };
};
const beats = [label(100, "N"), label(200, "N"), label(250, "V"), label(400, "N"), label(900, "N")];
const beatSamples = Int32Array.from(beats, ({ sample }) => sample);
const rate = 100;
const intervals = { samples: Uint32Array.of(200, 250, 400, 900), seconds: Float32Array.of(1, 0.5, 1.5, 5) };

describe("points", () => {
  it("of the Poincaré plot are the intervals before and after a beat, long ones at the edge", () => {
    const points = poincarePoints(intervals, beatSamples, rate);
    const { samples, x, y, axes } = points;
    expect([...samples]).toEqual([200, 250, 400]);
    expect([...x].map((value, i) => [value, y[i]])).toEqual([
      [1, 0.5],
      [0.5, 1.5],
      [1.5, MAX_RR_S],
    ]);
    expect(classesOf(points, beats)).toEqual({ symbols: ["N", "V"], order: Uint32Array.of(0, 2, 1), ends: [2, 3] });
    expect(axes.x.to).toBe(axes.y.to);
  });

  it("of the Poincaré plot do not reach over a gap between two intervals", () => {
    const gap = { samples: Uint32Array.of(200, 400), seconds: Float32Array.of(1, 0.5) };
    expect(poincarePoints(gap, beatSamples, rate).samples).toHaveLength(0);
  });

  it("of the tachogram are at the time of the beat that ends the interval", () => {
    const { samples, x, y } = tachogramPoints(intervals, beatSamples, { rate, length: 6000 });
    expect([...samples]).toEqual([200, 250, 400, 900]);
    expect(x[3]).toBeCloseTo(0.15);
    expect(y[3]).toBe(MAX_RR_S);
  });

  it("have axes with round values", () => {
    expect(ticksOf({ from: 0, to: 2 })).toEqual({ at: [0, 0.5, 1, 1.5, 2], decimals: 1 });
    expect(ticksOf({ from: 0, to: 30 }).at).toEqual([0, 5, 10, 15, 20, 25, 30]);
    const map = ticksOf({ from: -5.3, to: 7.1 });
    expect([map.at[0], map.at.at(-1), map.decimals]).toEqual([-5, 5, 0]);
  });

  it("leave out beats that were deleted meanwhile", () => {
    const left = beatSamples.filter((sample) => sample !== 250);
    expect([...poincarePoints(intervals, left, rate).samples]).toEqual([200, 400]);
    const map = { x: Float32Array.of(1, 2), y: Float32Array.of(3, 4) };
    const shapes = { samples: Int32Array.of(250, 400), map, leads: [{ lead: "II", units: "mV" }] };
    expect([...mapPoints(shapes, left).samples]).toEqual([400]);
  });
});

describe("families", () => {
  const shapes = {
    samples: Int32Array.of(100, 200, 250, 400),
    families: Int32Array.of(100, 100, 250, 100),
    means: [{ family: 100, values: Float32Array.of(0, 1) }],
  };

  it("are listed by size, with their classes and those that reviewers gave", () => {
    // The beat at 900 was added: its shape is not known yet.
    expect(listFamilies(shapes, beats, new Map()).map(({ name, beats: own }) => [name, own])).toEqual([
      [100, [100, 200, 400]],
      [250, [250]],
    ]);
    const [first, second] = listFamilies(shapes, beats, new Map([[200, 250]]));
    expect([first, second].map(({ name, beats: own }) => [name, own])).toEqual([
      [100, [100, 400]],
      [250, [200, 250]],
    ]);
    expect(second.symbols).toEqual([
      { symbol: "N", beats: 1 },
      { symbol: "V", beats: 1 },
    ]);
    expect([first.mean, second.mean]).toEqual([shapes.means[0].values, null]);
  });

  it("are merged into the largest", () => {
    const families = listFamilies(shapes, beats, new Map());
    expect(mergeOf(families)).toEqual({ beats: [250], to: 100 });
    expect(mergeOf(families.slice(1))).toBeNull();
  });

  it("have a mean beat with a lane for each lead", () => {
    const paths = meanPaths(Float32Array.of(0, 1, 0, -1), 2, { width: 10, height: 20, range: 1 });
    expect(paths).toEqual(["M0.0 5.5L10.0 0.5", "M0.0 15.5L10.0 20.5"]);
  });
});

describe("plots", () => {
  const points = poincarePoints(intervals, beatSamples, rate);
  const area = { width: 100, height: 100 };

  it("select the points within a box or a lasso, as a search over all points does", () => {
    const placed = placePoints(points, area);
    expect(pointsWithin(placed, boxOf({ x: 0, y: 0 }, { x: 100, y: 100 }))).toEqual([0, 1, 2]);
    expect(pointsWithin(placed, boxOf({ x: 100, y: 100 }, { x: 0, y: 0 }))).toEqual([0, 1, 2]);
    expect(pointsWithin(placed, [{ x: 0, y: 0 }])).toEqual([]);
    const coordinate = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(coordinate, coordinate)),
        fc.tuple(coordinate, coordinate, coordinate, coordinate),
        (all, [left, top, right, bottom]) => {
          const cloud = { x: Float32Array.from(all, ([x]) => x + 0.5), y: Float32Array.from(all, ([, y]) => y + 0.5) };
          const found = pointsWithin(cloud, boxOf({ x: left, y: top }, { x: right, y: bottom }));
          const between = (value: number, a: number, b: number) => value > Math.min(a, b) && value < Math.max(a, b);
          expect(found).toEqual(
            all.flatMap(([x, y], i) => (between(x + 0.5, left, right) && between(y + 0.5, top, bottom) ? [i] : [])),
          );
        },
      ),
    );
  });

  it("select by a lasso that is no box", () => {
    const cloud = { x: Float32Array.of(10, 90, 50), y: Float32Array.of(10, 10, 60) };
    const triangle = [
      { x: 0, y: 100 },
      { x: 50, y: 0 },
      { x: 100, y: 100 },
    ];
    expect(pointsWithin(cloud, triangle)).toEqual([2]);
  });

  it("paint each point in its colour, within the area", () => {
    const pixels = new Uint32Array(area.width * area.height);
    const colour = pixelOf("#ff8001");
    expect(colour).toBe(0xff0180ff);
    const placed = { x: Float32Array.of(-5, 50), y: Float32Array.of(120, 50) };
    paintPoints(pixels, area, { points: placed, of: Uint32Array.of(0, 1), colour, size: 2 });
    expect(pixels.filter((pixel) => pixel === colour)).toHaveLength(8);
    expect(pixels[50 * area.width + 50]).toBe(colour);
    expect(pixels[99 * area.width]).toBe(colour);
  });
});
