/** Columns of the table of runs for the metrics of each class; the classes are those of the runs. */
import type { ClassMetricTable, RunOverview } from "../../../contract/domain/runs.ts";
import { formatMetric, NONE } from "../../base/format.ts";
import type { RunColumn } from "./columns.ts";

export const classMetrics = [
  { key: "sensitivity", title: "Sensitivity" },
  { key: "ppv", title: "PPV" },
  { key: "f1", title: "F1" },
] as const;
export type ClassMetric = (typeof classMetrics)[number]["key"];

/** `sensitivity/V`: the key of a column, in addresses, settings and the search. */
export function classKey(metric: ClassMetric, label: string): string {
  // Commas part the keys in an address, and spaces the terms of a search.
  return `${metric}/${label.replace(/[%,\s"]/g, encodeURIComponent)}`;
}

/** Returns whether a key is that of a class, which may be unknown. */
export function isClassKey(key: string): boolean {
  return /^(sensitivity|ppv|f1)\/./.test(key);
}

/** Returns whether a search names the metric of a class. */
export function searchesClasses(search: string): boolean {
  return /(^|\s)(sensitivity|ppv|f1)\//i.test(search);
}

/** Returns a column for each metric of each class. */
export function classColumns(table: ClassMetricTable): RunColumn[] {
  const rows = rowsOf(table);
  return table.labels.flatMap((label, number) =>
    classMetrics.map(({ key: metric, title }): RunColumn => {
      const value = ({ id }: RunOverview): number | null => {
        const row = rows.get(id)?.get(number);
        const share = row === undefined ? NaN : table[metric][row];
        return Number.isNaN(share) ? null : 100 * share;
      };
      return {
        key: classKey(metric, label),
        title: `${title} of ${label}`,
        width: 132,
        numeric: true,
        percent: true,
        unit: "%",
        best: "highest",
        byDefault: false,
        value,
        text: (run) => {
          const percent = value(run);
          return percent === null ? NONE : formatMetric(percent / 100);
        },
      };
    }),
  );
}

/** Returns the row of each class, by the run's number. */
function rowsOf({ run, label }: ClassMetricTable): Map<number, Map<number, number>> {
  const rows = new Map<number, Map<number, number>>();
  run.forEach((id, row) => {
    const ofRun = rows.get(id) ?? new Map<number, number>();
    ofRun.set(label[row], row);
    rows.set(id, ofRun);
  });
  return rows;
}
