/**
 * Divides a recording into tiles: at each level, its envelope in columns, grouped into tiles. Level 0 is the signal
 * itself. Selects the tiles that a view needs, and the tiles to prefetch. Pure.
 */

/** A column of level n covers 4ⁿ samples, so that tiles have at most four times the resolution of the screen. */
export const LEVEL_FACTOR = 4;
/** Columns of a tile: at level 0 and 360 Hz 23 s, more than a screen at 25 mm/s. */
export const TILE_COLUMNS = 8192;

export interface TileName {
  level: number;
  /** Index from 0. */
  index: number;
}

/** Returns the number of samples of a column. */
export function samplesPerColumn(level: number): number {
  return LEVEL_FACTOR ** level;
}

/** Returns the coarsest useful level, at which one tile covers the whole recording. */
export function topLevel(length: number): number {
  let level = 0;
  while (samplesPerColumn(level) * TILE_COLUMNS < length) level++;
  return level;
}

/**
 * Returns the coarsest level with at least one column per pixel.
 * @param samplesPerPixel samples per device pixel
 */
export function levelFor(samplesPerPixel: number, length: number): number {
  const level = Math.floor(Math.log(Math.max(samplesPerPixel, 1)) / Math.log(LEVEL_FACTOR) + 1e-9);
  return Math.min(level, topLevel(length));
}

/** Returns the range of a tile: samples `from` to `to` − 1. */
export function tileRange({ level, index }: TileName, length: number): { from: number; to: number; columns: number } {
  const samples = samplesPerColumn(level) * TILE_COLUMNS;
  const from = Math.min(index * samples, length);
  const to = Math.min(from + samples, length);
  return { from, to, columns: Math.ceil((to - from) / samplesPerColumn(level)) };
}

/** Returns the tiles with the samples `from` to `to`, in order of time. */
export function tilesBetween(level: number, from: number, to: number, length: number): TileName[] {
  const samples = samplesPerColumn(level) * TILE_COLUMNS;
  const last = Math.floor((Math.min(to, length) - 1) / samples);
  const tiles: TileName[] = [];
  for (let index = Math.max(0, Math.floor(from / samples)); index <= last; index++) tiles.push({ level, index });
  return tiles;
}

/**
 * Returns tiles in the order in which to load them: the view; one screen width on both sides, in the direction of
 * movement first; then the next coarser and finer level, for zooming.
 * @param heading negative: moves towards earlier times
 */
export function tilesToLoad(
  { from, to, level, heading }: { from: number; to: number; level: number; heading: number },
  length: number,
): TileName[] {
  const span = to - from;
  const later = tilesBetween(level, to, to + span, length);
  const earlier = tilesBetween(level, from - span, from, length).reverse();
  const tiles = [
    ...tilesBetween(level, from, to, length),
    ...(heading < 0 ? [...earlier, ...later] : [...later, ...earlier]),
    ...(level < topLevel(length) ? tilesBetween(level + 1, from, to, length) : []),
    ...(level > 0 ? tilesBetween(level - 1, from + span / 3, to - span / 3, length) : []),
  ];
  const seen = new Set<string>();
  return tiles.filter((tile) => {
    const key = tileKey(tile);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function tileKey({ level, index }: TileName): string {
  return `${level}/${index}`;
}
