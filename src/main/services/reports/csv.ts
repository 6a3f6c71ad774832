/**
 * Comma-separated values as RFC 4180 has them: UTF-8, lines that end in CR LF, quotes where they are needed.
 *
 * Text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises against CSV injection: names and
 * notes may come from anybody. Numbers are written whole, and never changed.
 */

/** Null, and a number that is none: an empty field. */
export type CsvCell = string | number | boolean | null;

/** What spreadsheets begin a formula with, full-width signs among it, whatever blanks stand before. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/u;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

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

/** A number kept as float32, with the digits that give exactly it again. */
export function float32(value: number): number {
  return Number(value.toPrecision(9));
}
