/**
 * Writes comma-separated values by RFC 4180: UTF-8, lines that end in CR LF, quotes where they are needed.
 *
 * Text that a spreadsheet reads as a formula gets an apostrophe before it, as OWASP advises against CSV injection:
 * names and notes may come from anybody. Numbers are written in full and never changed.
 */

/** Null and a number that is not finite become an empty field. */
export type CsvCell = string | number | boolean | null;

/** First characters of a formula in spreadsheets, full-width signs among them, after any blanks. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/u;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** Returns a whole table as text. A large one is written line by line instead ({@link csvLine}). */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map(csvLine).join("");
}

export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvField).join(",")}\r\n`;
}

function csvField(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  if (typeof cell === "boolean") return cell ? "true" : "false";
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rounds a float32 to the nine digits that give the same float32 again. */
export function float32(value: number): number {
  return Number(value.toPrecision(9));
}
