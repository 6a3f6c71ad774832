/** How a text file of columns (CSV, TSV, TXT) is read: guessed from its first lines, shown in a preview, corrected. */

/** `" "`: any number of spaces and tabs. */
export type Separator = "," | ";" | "\t" | "|" | " ";
/** Unit of a time column; `clock`: a time of day, a duration such as `1:02.5`, or an ISO 8601 date and time. */
export type TimeUnit = "s" | "ms" | "us" | "sample" | "clock";

export type ColumnRole =
  | { role: "lead"; lead: string; /** Empty: the file names none. */ units: string }
  | { role: "time"; unit: TimeUnit }
  | { role: "symbol" }
  | { role: "text" }
  | { role: "channel" }
  | { role: "class" }
  | { role: "value" }
  | { role: "ignored"; name: string };

export interface DelimitedLayout {
  /** `signals`: rows are samples; `annotations`: rows are annotations; `beats`: rows are beats with their samples. */
  holds: "signals" | "annotations" | "beats";
  separator: Separator;
  /** Whether `0,5` is a half. */
  decimalComma: boolean;
  /** Lines before the first row, without comments and blank lines: names, units. */
  headerLines: number;
  columns: ColumnRole[];
  /** Sampling rate in Hz; null: by the time column, or unknown. */
  rate: number | null;
  /** Names of classes 0, 1, … of `beats`; null: by their numbers or texts. */
  classNames: string[] | null;
}

export interface LayoutGuess {
  layout: DelimitedLayout;
  /** Why, one sentence for each decision. */
  reasons: string[];
  /** Names of the columns in the file; empty without a header. */
  names: string[];
  /** First rows, as in the file. */
  rows: string[][];
}

/** Longest line in bytes: ten thousand numbers of a hundred characters. */
export const MAX_LINE_BYTES = 1 << 20;
/** Most columns of a row. */
export const MAX_COLUMNS = 20_000;

/** Returns whether a line has no row: blank, or a comment. */
export function isSkipped(line: string): boolean {
  return /^\s*(?:[#%]|$)/.test(line);
}
