/** Class counts as bars: how long each is, and on what scale. */
import {
  setNames,
  type ClassCounts,
  type SetName,
  type PreparationSummary,
} from "../../../contract/domain/preparation.ts";

/** Beats before the split, or of a part. */
export type Column = "found" | SetName;
export const columns: readonly Column[] = ["found", ...setNames];

export interface Bar {
  beats: number;
  synthetic: number;
  /** Of the longest bar, 0 to 1: all beats, and the real ones. */
  length: number;
  realLength: number;
}

export interface BarRow {
  label: string;
  /** In the columns' order. */
  bars: Bar[];
}

/** Where a class has this many times the beats of another, a linear bar of the smaller one could not be seen. */
const LINEAR_UP_TO = 30;

export function isLogarithmic(summary: PreparationSummary): boolean {
  const counts = summary.counts.flatMap((each) => columns.map((column) => each[column])).filter((beats) => beats > 0);
  return Math.max(...counts) > LINEAR_UP_TO * Math.min(...counts);
}

export function barRows(summary: PreparationSummary): BarRow[] {
  const most = Math.max(1, ...summary.counts.flatMap((each) => columns.map((column) => each[column])));
  // One beat must be seen as a bar, too: the scale begins below it.
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

/** Sums over the classes, in the columns' order. */
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
