/** The table of runs in the address: search, order, columns and the scatter plot, which a reload and the back button keep. */
import type { LocationQuery } from "vue-router";
import type { Settings } from "../../../contract/settings/app-settings.ts";
import { isClassKey } from "./class-columns.ts";
import { runColumns } from "./columns.ts";

/** Keys of the columns that a scatter plot shows. */
export interface PlottedColumns {
  x: string;
  y: string;
}

export interface RunsView extends Partial<Settings["runsTable"]> {
  search: string;
  /** Absent: no plot. */
  plot?: PlottedColumns | undefined;
}

/**
 * Reads `?q=cnn&sort=-macrof1&columns=run,name&plot=rate,macrof1`; a missing or unknown order or column is left to the
 * settings. Columns of classes are known once the classes of the runs are loaded.
 */
export function viewOfAddress({ q, sort, columns, plot }: LocationQuery): RunsView {
  const known = (key: string): boolean => isClassKey(key) || runColumns.some((column) => column.key === key);
  const keys = typeof columns === "string" ? columns.split(",").filter(known) : [];
  const [, minus, column] = typeof sort === "string" ? (/^(-?)(.+)$/.exec(sort) ?? []) : [];
  const [x, y, ...others] = typeof plot === "string" ? plot.split(",") : [];
  const isPlotted = others.length === 0 && x !== undefined && y !== undefined && known(x) && known(y);
  return {
    search: typeof q === "string" ? q : "",
    ...(isPlotted ? { plot: { x, y } } : {}),
    ...(keys.length > 0 ? { columns: keys } : {}),
    ...(column !== undefined && known(column) ? { sort: { column, descending: minus === "-" } } : {}),
  };
}

/** Returns the query of a view. */
export function addressOfView({ search, sort, columns = [], plot }: RunsView): Record<string, string> {
  return {
    ...(search === "" ? {} : { q: search }),
    ...(sort ? { sort: `${sort.descending ? "-" : ""}${sort.column}` } : {}),
    ...(columns.length === 0 ? {} : { columns: columns.join(",") }),
    ...(plot ? { plot: `${plot.x},${plot.y}` } : {}),
  };
}
