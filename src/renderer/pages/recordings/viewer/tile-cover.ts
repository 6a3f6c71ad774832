/** Selects what can be drawn of a range now: its loaded tiles, and parts of coarser tiles for missing ones. Pure. */
import type { Tile } from "./tile-store.ts";
import { samplesPerColumn, TILE_COLUMNS, tileRange, tilesBetween, topLevel, type TileName } from "./tiles.ts";

/** @returns tiles in order of time; ranges without any loaded tile are missing */
export function coverOf(
  get: (tile: TileName) => Tile | undefined,
  { level, from, to }: { level: number; from: number; to: number },
  length: number,
): Tile[] {
  return tilesBetween(level, from, to, length)
    .map((tile) => get(tile) ?? coarser(get, tile, length))
    .filter((tile) => tile !== undefined);
}

/** Returns the part of a coarser tile that covers this tile. */
function coarser(get: (tile: TileName) => Tile | undefined, tile: TileName, length: number): Tile | undefined {
  const { from, to } = tileRange(tile, length);
  for (let level = tile.level + 1; level <= topLevel(length); level++) {
    const index = Math.floor(from / (samplesPerColumn(level) * TILE_COLUMNS));
    const whole = get({ level, index });
    if (!whole) continue;
    return whole.map(({ from: start, step, minima, maxima }) => {
      const first = Math.floor((from - start) / step);
      const end = Math.ceil((to - start) / step);
      return {
        from: start + first * step,
        step,
        minima: minima.subarray(first, end),
        maxima: maxima.subarray(first, end),
      };
    });
  }
  return undefined;
}
