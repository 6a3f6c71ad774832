/** Splits lines of a preview; {@link RowReader} does the same for whole files. */
import { decimalOf } from "../decimal-text.ts";
import type { Separator } from "./layout.ts";

export function splitLine(line: string, separator: Separator): string[] {
  const cells: string[] = [];
  const text = separator === " " ? line.trim() : line;
  let at = 0;
  while (at <= text.length) {
    while (separator !== " " && at < text.length && text[at] === " ") at++;
    let end = at;
    if (text[at] === '"') {
      end++;
      while (end < text.length && (text[end] !== '"' || text[end + 1] === '"')) end += text[end] === '"' ? 2 : 1;
    }
    while (end < text.length && !isSeparator(text[end], separator)) end++;
    cells.push(unquoted(text.slice(at, end).trim()));
    at = end + 1;
    while (separator === " " && at < text.length && isSeparator(text[at], separator)) at++;
  }
  return cells;
}

function isSeparator(character: string, separator: Separator): boolean {
  return character === separator || (separator === " " && character === "\t");
}

function unquoted(cell: string): string {
  const isQuoted = cell.length >= 2 && cell[0] === cell.at(-1) && (cell[0] === '"' || cell[0] === "'");
  return isQuoted ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

/** Returns the number of a cell; null where it is none. */
export function numberOf(cell: string, decimalComma: boolean): number | null {
  if (decimalComma && cell.includes(".")) return null;
  return decimalOf(decimalComma ? cell.replace(",", ".") : cell);
}

export function isMissingText(cell: string): boolean {
  return /^(?:|nan|na|n\/a|null|none|-|\?|\.)$/i.test(cell);
}
