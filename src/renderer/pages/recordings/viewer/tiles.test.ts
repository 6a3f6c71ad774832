import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  levelFor,
  samplesPerColumn,
  TILE_COLUMNS,
  tileKey,
  tileRange,
  tilesBetween,
  topLevel,
  tilesToLoad,
} from "./tiles.ts";

const HALF_HOUR = 650_000;

describe("tiles of a recording", () => {
  it("cover half an hour with one tile at the coarsest level", () => {
    expect(topLevel(HALF_HOUR)).toBe(4);
    expect(tilesBetween(4, 0, HALF_HOUR, HALF_HOUR)).toEqual([{ level: 4, index: 0 }]);
    expect(tileRange({ level: 4, index: 0 }, HALF_HOUR)).toEqual({ from: 0, to: HALF_HOUR, columns: 2540 });
    expect(topLevel(100)).toBe(0);
  });

  it.each([
    [0.2, 0],
    [3.81, 0],
    [4, 1],
    [15.9, 1],
    [650, 4],
    [1e6, 4],
  ])("at %d samples per pixel are of level %d", (samplesPerPixel, level) =>
    expect(levelFor(samplesPerPixel, HALF_HOUR)).toBe(level),
  );

  it("of one level cover the recording without gaps and overlaps", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000_000 }), fc.integer({ min: 0, max: 5 }), (length, level) => {
        let next = 0;
        for (const tile of tilesBetween(level, 0, length, length)) {
          const { from, to, columns } = tileRange(tile, length);
          expect(from).toBe(next);
          expect(to).toBeGreaterThan(from);
          expect(columns).toBeLessThanOrEqual(TILE_COLUMNS);
          expect(columns * samplesPerColumn(level)).toBeGreaterThanOrEqual(to - from);
          next = to;
        }
        expect(next).toBe(length);
      }),
    );
  });

  it("of the view contain each of its samples, and come first", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: HALF_HOUR - 10 }),
        fc.integer({ min: 5, max: 40_000 }),
        fc.constantFrom(-1, 0, 1),
        (from, span, heading) => {
          const view = { from, to: Math.min(from + span, HALF_HOUR), level: 1, heading };
          const ordered = tilesToLoad(view, HALF_HOUR);
          const needed = tilesBetween(1, view.from, view.to, HALF_HOUR);
          expect(ordered.slice(0, needed.length)).toEqual(needed);
          expect(tileRange(needed[0], HALF_HOUR).from).toBeLessThanOrEqual(view.from);
          expect(tileRange(needed.at(-1)!, HALF_HOUR).to).toBeGreaterThanOrEqual(view.to);
          expect(new Set(ordered.map(tileKey)).size).toBe(ordered.length);
        },
      ),
    );
  });

  it("to prefetch start in the direction of movement", () => {
    const view = { from: 100_000, to: 108_000, level: 0 };
    const keys = (heading: number): string[] => tilesToLoad({ ...view, heading }, HALF_HOUR).map(tileKey);
    expect(keys(1).slice(0, 4)).toEqual(["0/12", "0/13", "0/14", "0/11"]);
    expect(keys(-1).slice(0, 4)).toEqual(["0/12", "0/13", "0/11", "0/14"]);
  });
});
