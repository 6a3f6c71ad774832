import { describe, expect, it } from "vitest";
import { coverOf } from "./tile-cover.ts";
import type { Tile } from "./tile-store.ts";
import { tileKey, tileRange, type TileName } from "./tiles.ts";

const LENGTH = 100_000;
/** Each column contains the number of its first sample. */
function tile(name: TileName): Tile {
  const { from, to, columns } = tileRange(name, LENGTH);
  const step = (to - from) / columns;
  const values = Float32Array.from({ length: columns }, (_, i) => from + i * step);
  return [{ from, step, minima: values, maxima: values }];
}
const loaded = (...names: TileName[]) => {
  const tiles = new Map(names.map((name) => [tileKey(name), tile(name)]));
  return (name: TileName) => tiles.get(tileKey(name));
};

describe("coverOf", () => {
  const view = { level: 0, from: 8000, to: 20_000 };

  it("returns the tiles of the view", () => {
    const get = loaded({ level: 0, index: 0 }, { level: 0, index: 1 }, { level: 0, index: 2 });
    expect(coverOf(get, view, LENGTH).map(([{ from }]) => from)).toEqual([0, 8192, 16_384]);
  });

  it("returns a part of a coarser tile for a missing tile", () => {
    const get = loaded({ level: 0, index: 0 }, { level: 2, index: 0 });
    const cover = coverOf(get, view, LENGTH);
    expect(cover.map(([{ from, step, minima }]) => [from, step, minima.length])).toEqual([
      [0, 1, 8192],
      [8192, 16, 512],
      [16_384, 16, 512],
    ]);
    expect(cover[1][0].minima[0]).toBe(8192);
  });

  it("returns nothing where no tile is loaded", () => expect(coverOf(loaded(), view, LENGTH)).toEqual([]));
});
