/** Sorting of runs by a column. */
import type { RunOverview } from "../../../contract/domain/runs.ts";
import { runColumns, type RunColumn } from "./columns.ts";

export interface RunSort {
  column: string;
  descending: boolean;
}

/**
 * Returns the runs in the order of a column. Runs without a value come last in both directions; among equal values, the
 * newer run comes first.
 * @param runs newest first
 */
export function sortRuns(
  runs: readonly RunOverview[],
  sort: RunSort | null,
  columns: readonly RunColumn[] = runColumns,
): readonly RunOverview[] {
  const column = columns.find(({ key }) => key === sort?.column);
  if (sort === null || column === undefined) return runs;
  const direction = sort.descending ? -1 : 1;
  return runs
    .map((run) => ({ run, value: keyOf(column.value(run)) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return direction * (a.value < b.value ? -1 : Number(a.value > b.value));
    })
    .map(({ run }) => run);
}

function keyOf(value: string | number | null): string | number | null {
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  return value === null || value === "" ? null : value.toLowerCase();
}
