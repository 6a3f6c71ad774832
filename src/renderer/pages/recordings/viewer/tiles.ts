/**
 * A record in tiles: at each level, its envelope in columns of so many samples, cut into tiles of so many columns. Level 0 is the
 * signal itself. Which tiles a view needs, and which are worth having ahead. Pure.
 */

/** Columns of level n cover 4ⁿ samples: what is fetched is never more than four times as fine as the screen. */
export const LEVEL_FACTOR = 4;
/** Columns of a tile: of level 0 at 360 Hz, 23 s, more than a screen at 25 mm/s. */
export const TILE_COLUMNS = 8192;

export interface TileName {
  level: number;
  /** From 0. */
  index: number;
}

/** Samples of one column. */
export function samplesPerColumn(level: number): number {
  return LEVEL_FACTOR ** level;
}

/** The coarsest level that is worth having: all of the record in one tile. */
export function topLevel(length: number): number {
  let level = 0;
  while (samplesPerColumn(level) * TILE_COLUMNS < length) level++;
  return level;
}

/**
 * The coarsest level that still has a column for each pixel.
 * @param samplesPerPixel of the screen's own pixels
 */
export function levelFor(samplesPerPixel: number, length: number): number {
  const level = Math.floor(Math.log(Math.max(samplesPerPixel, 1)) / Math.log(LEVEL_FACTOR) + 1e-9);
  return Math.min(level, topLevel(length));
}

/** Samples `from` to `to` − 1 of the record. */
export function tileRange({ level, index }: TileName, length: number): { from: number; to: number; columns: number } {
  const samples = samplesPerColumn(level) * TILE_COLUMNS;
  const from = Math.min(index * samples, length);
  const to = Math.min(from + samples, length);
  return { from, to, columns: Math.ceil((to - from) / samplesPerColumn(level)) };
}

/** Tiles that hold samples `from` to `to`, in order of time. */
export function tilesBetween(level: number, from: number, to: number, length: number): TileName[] {
  const samples = samplesPerColumn(level) * TILE_COLUMNS;
  const last = Math.floor((Math.min(to, length) - 1) / samples);
  const tiles: TileName[] = [];
  for (let index = Math.max(0, Math.floor(from / samples)); index <= last; index++) tiles.push({ level, index });
  return tiles;
}

/**
 * Tiles in the order in which they should be there: what is in view; what lies a screen's width to either side, the way it moves
 * first; then the next coarser and finer level, for zooming.
 * @param heading less than 0: moves to earlier
 */
export function wantedTiles(
  { from, to, level, heading }: { from: number; to: number; level: number; heading: number },
  length: number,
): TileName[] {
  const span = to - from;
  const later = tilesBetween(level, to, to + span, length);
  const earlier = tilesBetween(level, from - span, from, length).reverse();
  const wanted = [
    ...tilesBetween(level, from, to, length),
    ...(heading < 0 ? [...earlier, ...later] : [...later, ...earlier]),
    ...(level < topLevel(length) ? tilesBetween(level + 1, from, to, length) : []),
    ...(level > 0 ? tilesBetween(level - 1, from + span / 3, to - span / 3, length) : []),
  ];
  const seen = new Set<string>();
  return wanted.filter((tile) => {
    const key = tileKey(tile);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function tileKey({ level, index }: TileName): string {
  return `${level}/${index}`;
}
