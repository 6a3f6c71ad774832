/** What charts of RR intervals show: histogram, Poincaré plot and tachogram, each of a size that a page can draw. Pure. */
import type { PoincareCells, RrHistogram, Tachogram } from "../../../contract/domain/recording-report.ts";
import type { BeatTrain } from "./beat-train.ts";

const HISTOGRAM_BIN_MS = 25;
/** The last bin of the histogram begins here. */
const HISTOGRAM_END_MS = 2500;
const CELL_MS = 20;
/** Cells along one side of the Poincaré plot: 2.5 s. */
const CELLS = 125;
/** Shortest column of the tachogram in s, and largest number of columns. */
const MIN_COLUMN_S = 1;
const MAX_COLUMNS = 1440;

export function rrHistogram({ intervals }: Pick<BeatTrain, "intervals">): RrHistogram {
  const counts = new Uint32Array(HISTOGRAM_END_MS / HISTOGRAM_BIN_MS + 1);
  for (const interval of intervals) {
    if (Number.isNaN(interval)) continue;
    counts[Math.min(counts.length - 1, Math.floor((1000 * interval) / HISTOGRAM_BIN_MS))]++;
  }
  return { binMs: HISTOGRAM_BIN_MS, counts };
}

/** Returns the pairs of successive intervals that share a beat, counted in cells. */
export function poincareCells({ intervals }: Pick<BeatTrain, "intervals">): PoincareCells {
  const grid = new Uint32Array(CELLS * CELLS);
  for (let i = 1; i < intervals.length; i++) {
    const column = Math.floor((1000 * intervals[i - 1]) / CELL_MS);
    const row = Math.floor((1000 * intervals[i]) / CELL_MS);
    if (column < CELLS && row < CELLS) grid[row * CELLS + column]++;
  }
  const occupied = [...grid.keys()].filter((cell) => grid[cell] > 0);
  return {
    cellMs: CELL_MS,
    columns: Uint16Array.from(occupied, (cell) => cell % CELLS),
    rows: Uint16Array.from(occupied, (cell) => Math.floor(cell / CELLS)),
    counts: Uint32Array.from(occupied, (cell) => grid[cell]),
  };
}

/** @param seconds duration of the recording */
export function tachogram({ intervals, samples, rate }: BeatTrain, seconds: number): Tachogram {
  const columnSeconds = Math.max(MIN_COLUMN_S, Math.ceil(seconds / MAX_COLUMNS));
  const columns = Math.max(1, Math.ceil(seconds / columnSeconds));
  const shortest = new Float32Array(columns).fill(Number.NaN);
  const longest = new Float32Array(columns).fill(Number.NaN);
  intervals.forEach((interval, i) => {
    if (Number.isNaN(interval)) return;
    const column = Math.min(columns - 1, Math.floor(samples[i] / rate / columnSeconds));
    if (!(shortest[column] <= interval)) shortest[column] = interval;
    if (!(longest[column] >= interval)) longest[column] = interval;
  });
  return { columnSeconds, shortest, longest };
}
