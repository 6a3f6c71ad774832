/** Values of the trace from loaded tiles: at a sample, and the range in view. Pure. */
import type { Tile } from "./tile-store.ts";
import { TILE_COLUMNS, type TileName } from "./tiles.ts";

type GetTile = (tile: TileName) => Tile | undefined;

/**
 * Returns the value of each lead at a sample, from the signal itself.
 * @returns null where the sample is not loaded; NaN for a lead where it is missing
 */
export function valuesAt(get: GetTile, sample: number): number[] | null {
  const tile = get({ level: 0, index: Math.floor(sample / TILE_COLUMNS) });
  if (!tile) return null;
  return tile.map(({ from, minima }) => minima[sample - from] ?? Number.NaN);
}

/**
 * Returns the lowest and highest value of each lead in a range; null for a lead without values.
 * @param tiles that cover the range, as `coverOf` returns them @param from and to samples
 */
export function rangesOf(
  tiles: readonly Tile[],
  from: number,
  to: number,
): ({ lowest: number; highest: number } | null)[] {
  const leads = tiles[0]?.length ?? 0;
  return Array.from({ length: leads }, (_, lead) => {
    let [lowest, highest] = [Infinity, -Infinity];
    for (const tile of tiles) {
      const { from: start, step, minima, maxima } = tile[lead];
      const first = Math.max(0, Math.floor((from - start) / step));
      const end = Math.min(minima.length, Math.ceil((to - start) / step));
      for (let i = first; i < end; i++) {
        if (minima[i] < lowest) lowest = minima[i];
        if (maxima[i] > highest) highest = maxima[i];
      }
    }
    return lowest > highest ? null : { lowest, highest };
  });
}
