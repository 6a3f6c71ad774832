/**
 * Guesses the layout of a text file of columns from its first lines, with a reason for each decision.
 *
 * Known forms: PhysioNet's `rdsamp -c` and PhysioBank ATM (`'Elapsed time','MLII'` over `'seconds','mV'`), Kaggle's
 * MIT-BIH tables (187 samples and a class), `rdann` (`Time Sample # Type Sub Chan Num Aux`), and tables of numbers.
 */
import { decodeText } from "../text.ts";
import { guessColumns, isUnitsRow } from "./guess-columns.ts";
import { isSkipped, type LayoutGuess, type Separator } from "./layout.ts";
import { isMissingText, numberOf, splitLine } from "./split-line.ts";
import { clockSeconds } from "./times.ts";

/** Rows that are looked at, and rows of the preview. */
const MAX_LINES = 400;
const PREVIEW_ROWS = 8;
const MAX_HEADER_LINES = 50;
/** Share of cells of the data rows that must be numbers or missing. */
const MIN_NUMBERS = 0.5;

/** Names of `rdann`, whose rows have a text in the last column or none. */
const RDANN_NAMES = /^\s*Time\s+Sample #\s+Type\s/;

const separators: readonly [Separator, string][] = [
  ["\t", "tabs"],
  [";", "semicolons"],
  ["|", "bars"],
  [",", "commas"],
  [" ", "spaces"],
];

interface Split {
  separator: Separator;
  name: string;
  decimalComma: boolean;
  rows: string[][];
  /** Most frequent number of columns. */
  width: number;
  /** Share of rows with that width. */
  evenness: number;
  /** Share of cells of even rows that are numbers or missing. */
  numbers: number;
}

/**
 * @param firstBytes first bytes of the file, 64 KB at best
 * @param isWhole whether they are the whole file: else the last line is not complete
 * @returns null where the bytes are no table of numbers or annotations
 */
export function guessLayout(firstBytes: Uint8Array, fileName: string, isWhole = false): LayoutGuess | null {
  if (!looksLikeText(firstBytes)) return null;
  const text = decodeText(isWhole ? firstBytes : completeLines(firstBytes));
  const all = text.split(/\r\n|\n|\r/, 2 * MAX_LINES);
  const lines = all.filter((line) => !isSkipped(line)).slice(0, MAX_LINES);
  const comments = all.filter((line) => isSkipped(line)).join("\n");
  const split = bestSplit(lines);
  if (split === null) return null;
  const headerLines = countHeaderLines(split);
  const rows = split.rows.slice(headerLines);
  if (rows.length === 0) return null;
  const header = split.rows.slice(0, headerLines);
  const units = header.length > 1 && isUnitsRow(header[header.length - 1]) ? header[header.length - 1] : [];
  const names = header.length === 0 ? [] : header[units.length > 0 ? header.length - 2 : header.length - 1];
  const columns = guessColumns({ names, units, rows, fileName, comments, decimalComma: split.decimalComma });
  if (columns === null) return null;
  const reasons = [
    split.width === 1
      ? "Each line has one column."
      : `Columns are separated by ${split.name}: ${Math.round(100 * split.evenness)} % of the lines have ${split.width}.`,
    ...(split.decimalComma ? ["Numbers have a decimal comma."] : []),
    headerLines === 0
      ? "There is no line of names: the first line has numbers."
      : `Names are in ${headerLines === 1 ? "the first line" : `the first ${headerLines} lines`}.`,
    ...columns.reasons,
  ];
  return {
    layout: {
      holds: columns.holds,
      separator: split.separator,
      decimalComma: split.decimalComma,
      headerLines,
      columns: columns.columns,
      rate: columns.rate,
      classNames: columns.classNames,
    },
    reasons,
    names,
    rows: rows.slice(0, PREVIEW_ROWS),
  };
}

/** Text has no bytes below 32 but tabs, line ends and form feeds; UTF-16 has zeros. */
function looksLikeText(bytes: Uint8Array): boolean {
  return !bytes.some((byte) => byte < 9 || byte === 11 || (byte > 13 && byte < 32 && byte !== 26));
}

/** Drops the last line, which the first bytes may have cut. */
function completeLines(bytes: Uint8Array): Uint8Array {
  const end = Math.max(bytes.lastIndexOf(10), bytes.lastIndexOf(13));
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function bestSplit(lines: readonly string[]): Split | null {
  if (lines.length === 0) return null;
  if (RDANN_NAMES.test(lines[0])) return splitLines(lines, " ", "spaces", false);
  let best: Split | null = null;
  for (const [separator, name] of separators) {
    for (const decimalComma of separator === "," ? [false] : [false, true]) {
      const split = splitLines(lines, separator, name, decimalComma);
      if (best === null || quality(split) > quality(best) + 1e-9) best = split;
    }
  }
  return best;
}

/** Even rows of numbers, in many columns rather than one. */
function quality({ evenness, numbers, width }: Split): number {
  return evenness * numbers + (width > 1 ? 0.2 * evenness : 0);
}

function splitLines(lines: readonly string[], separator: Separator, name: string, decimalComma: boolean): Split {
  const rows = lines.map((line) => splitLine(line, separator));
  // Names and units are above: the later rows have the data.
  const later = rows.slice(Math.min(3, Math.floor(rows.length / 4)));
  const counts = new Map<number, number>();
  for (const { length } of later) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [width, even] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0]);
  let numbers = 0;
  let commas = 0;
  for (const row of later) {
    if (row.length !== width) continue;
    for (const cell of row) {
      if (isMissingText(cell) || numberOf(cell, decimalComma) !== null) numbers++;
      if (decimalComma && /^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/.test(cell)) commas++;
    }
  }
  const share = even === 0 ? 0 : numbers / (even * width);
  // A decimal comma is guessed where there is one.
  return {
    separator,
    name,
    decimalComma,
    rows,
    width,
    evenness: even / later.length,
    numbers: decimalComma && commas === 0 ? 0 : share,
  };
}

function countHeaderLines({ rows, decimalComma, width }: Split): number {
  let lines = 0;
  while (lines < Math.min(rows.length, MAX_HEADER_LINES) && !isDataRow(rows[lines], decimalComma, width)) lines++;
  return lines;
}

function isDataRow(row: readonly string[], decimalComma: boolean, width: number): boolean {
  const cells = row.filter((cell) => !isMissingText(cell));
  const numbers = cells.filter((cell) => numberOf(cell, decimalComma) !== null).length;
  const [first = ""] = cells;
  // Annotations have texts behind their times.
  const isTimed = numberOf(first, decimalComma) !== null || clockSeconds(first) !== null;
  return row.length >= Math.min(width, 2) && (isTimed || (numbers > 0 && numbers >= cells.length * MIN_NUMBERS));
}
