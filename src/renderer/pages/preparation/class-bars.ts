/** Computes the bars of the class distribution: their lengths and scale. */
import {
  setNames,
  type ClassCounts,
  type SetName,
  type PreparationSummary,
} from "../../../contract/domain/preparation.ts";

/** The original beats, before the split, or the beats of a set. */
export type Column = "found" | SetName;
export const columns: readonly Column[] = ["found", ...setNames];

export interface Bar {
  beats: number;
  synthetic: number;
  /** Lengths relative to the longest bar, 0 to 1, of all beats and of the real beats. */
  length: number;
  realLength: number;
}

export interface BarRow {
  label: string;
  /** In the order of the columns. */
  bars: Bar[];
}

/** Above this ratio of class sizes, a linear bar of the smaller class would be invisible. */
const MAX_LINEAR_RATIO = 30;

export function isLogarithmic(summary: PreparationSummary): boolean {
  const counts = summary.counts.flatMap((each) => columns.map((column) => each[column])).filter((beats) => beats > 0);
  return Math.max(...counts) > MAX_LINEAR_RATIO * Math.min(...counts);
}

export function barRows(summary: PreparationSummary): BarRow[] {
  const most = Math.max(1, ...summary.counts.flatMap((each) => columns.map((column) => each[column])));
  // A single beat needs a visible bar, so that the scale starts below 1.
  const scale = isLogarithmic(summary)
    ? (beats: number): number => Math.log10(beats + 1) / Math.log10(most + 1)
    : (beats: number): number => beats / most;
  return summary.counts.map((counts) => ({
    label: counts.label,
    bars: columns.map((column) => {
      const beats = counts[column];
      const synthetic = syntheticOf(counts, column);
      return { beats, synthetic, length: scale(beats), realLength: scale(beats - synthetic) };
    }),
  }));
}

/** Returns sums over the classes, in the order of the columns. */
export function totals(rows: readonly BarRow[]): number[] {
  return columns.map((_, i) => rows.reduce((sum, { bars }) => sum + (bars[i]?.beats ?? 0), 0));
}

function syntheticOf(counts: ClassCounts, column: Column): number {
  switch (column) {
    case "found":
      return 0;
    case "train":
      return counts.syntheticTrain;
    case "validation":
      return counts.syntheticValidation;
    case "test":
      return counts.syntheticTest;
  }
}
