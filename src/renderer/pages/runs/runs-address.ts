/** The table of runs in the address: search, order and columns, which a reload and the back button keep. */
import type { LocationQuery } from "vue-router";
import type { Settings } from "../../../contract/settings/app-settings.ts";
import { runColumns } from "./columns.ts";

export interface RunsView extends Partial<Settings["runsTable"]> {
  search: string;
}

/** Reads `?q=cnn&sort=-macrof1&columns=run,name`; a missing or unknown order or column is left to the settings. */
export function viewOfAddress({ q, sort, columns }: LocationQuery): RunsView {
  const known = (key: string): boolean => runColumns.some((column) => column.key === key);
  const keys = typeof columns === "string" ? columns.split(",").filter(known) : [];
  const [, minus, column] = typeof sort === "string" ? (/^(-?)(\w+)$/.exec(sort) ?? []) : [];
  return {
    search: typeof q === "string" ? q : "",
    ...(keys.length > 0 ? { columns: keys } : {}),
    ...(column !== undefined && known(column) ? { sort: { column, descending: minus === "-" } } : {}),
  };
}

/** Returns the query of a view. */
export function addressOfView({ search, sort, columns = [] }: RunsView): Record<string, string> {
  return {
    ...(search === "" ? {} : { q: search }),
    ...(sort ? { sort: `${sort.descending ? "-" : ""}${sort.column}` } : {}),
    ...(columns.length === 0 ? {} : { columns: columns.join(",") }),
  };
}
