/** What can be drawn of a stretch now: its tiles, and where one is still to come, what a coarser one knows of it. Pure. */
import type { Tile } from "./tile-store.ts";
import { samplesPerColumn, TILE_COLUMNS, tileRange, tilesBetween, topLevel, type TileName } from "./tiles.ts";

/** @returns in order of time; nothing where nothing is known */
export function coverOf(
  get: (tile: TileName) => Tile | undefined,
  { level, from, to }: { level: number; from: number; to: number },
  length: number,
): Tile[] {
  return tilesBetween(level, from, to, length)
    .map((tile) => get(tile) ?? coarser(get, tile, length))
    .filter((tile) => tile !== undefined);
}

/** The part of a coarser tile that lies where this one will. */
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
