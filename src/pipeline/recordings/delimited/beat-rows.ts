/**
 * Reads a table whose rows are beats: samples, and a class. There are no recordings, and the patients are unknown.
 *
 * Form: M. Kachuee, S. Fazeli, M. Sarrafzadeh, "ECG Heartbeat Classification: A Deep Transferable Representation" (2018),
 * and its tables at Kaggle, “ECG Heartbeat Categorization Dataset”: 187 samples between 0 and 1 at 125 Hz, filled up with
 * zeros, then the class; no line of names.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { note, warning } from "../messages.ts";
import type { SourceBytes } from "../source.ts";
import { damaged } from "../wfdb/faults.ts";
import { DecimalParser } from "./decimals.ts";
import type { DelimitedLayout } from "./layout.ts";
import { RowReader } from "./rows.ts";
import { guessLayoutOf } from "./source.ts";
import { readCell } from "./survey.ts";

/** Rows that are added at once. */
const CHUNK_ROWS = 4096;
const MAX_CLASSES = 256;
const MAX_CLASS_LENGTH = 40;

export interface BeatRows {
  beats: number;
  /** Samples of each beat. */
  samples: number;
  /** Row by row, `beats · samples`, as in the file. */
  values: Float32Array;
  /** Number of each beat's class in {@link classNames}. */
  classes: Uint8Array;
  classNames: string[];
  /** Sampling rate in Hz; null: unknown. */
  rate: number | null;
  findings: Finding[];
}

/**
 * @param layout by default the guess
 * @throws EctopyError `invalid-settings` where rows are no beats, `nothing-usable` without one, `damaged-file` with the line
 */
export function readBeatRows(
  bytes: SourceBytes,
  file: string,
  layout: DelimitedLayout = guessLayoutOf(bytes, file),
): BeatRows {
  const valueColumns = layout.columns.flatMap(({ role }, column) => (role === "value" ? [column] : []));
  const classColumn = layout.columns.findIndex(({ role }) => role === "class");
  if (layout.holds !== "beats" || valueColumns.length === 0 || classColumn < 0) {
    throw new EctopyError("invalid-settings", `The rows of ${file} are no beats.`, "Choose the column of the class.");
  }
  const samples = valueColumns.length;
  const rows = new RowReader(bytes, file, layout.separator);
  const parser = new DecimalParser(layout.decimalComma);
  const chunks: Chunk[] = [];
  const numbers = new Map<string, number>();
  const excluded = { count: 0, line: 0 };
  let padded = 0;
  let beats = 0;
  for (let line = 0; line < layout.headerLines; line++) rows.next();
  while (rows.next()) {
    if (beats % CHUNK_ROWS === 0 && beats / CHUNK_ROWS === chunks.length) {
      // A small file has few rows: memory is in proportion to the file.
      const room = Math.min(CHUNK_ROWS, Math.ceil(bytes.length / (2 * samples)) + 1);
      chunks.push({ values: new Float32Array(room * samples), classes: new Uint8Array(room) });
    }
    const { values, classes } = chunks[chunks.length - 1];
    const at = beats % CHUNK_ROWS;
    const text = classColumn < rows.count ? classText(rows, classColumn, parser) : "";
    let isWhole = text !== "";
    for (let i = 0; i < samples && isWhole; i++) {
      const value = readCell(rows, valueColumns[i], parser);
      isWhole = value !== null;
      values[at * samples + i] = value ?? 0;
    }
    if (!isWhole) {
      if (excluded.count++ === 0) excluded.line = rows.line;
      continue;
    }
    if (values[(at + 1) * samples - 1] === 0) padded++;
    classes[at] = numberOfClass(numbers, text, file, rows.line);
    beats++;
  }
  if (beats === 0) {
    throw new EctopyError(
      "nothing-usable",
      `${file} has no row with ${samples} numbers and a class.`,
      "Check its layout.",
    );
  }
  const findings: Finding[] = [];
  if (excluded.count > 0) {
    findings.push(
      warning(`${file}: ${excluded.count} rows are no beats, the first in line ${excluded.line}; they were excluded.`),
    );
  }
  if (padded > beats / 2) findings.push(note(`${padded} of ${beats} beats end with zeros, which fill them up.`));
  findings.push(note("The patients of these beats are unknown: a test set can't be kept free of them."));
  const order = [...numbers.keys()].sort(byNumberThenText);
  const places = Uint8Array.from(numbers.keys(), (text) => order.indexOf(text));
  const whole = joined(chunks, beats, samples);
  return {
    beats,
    samples,
    values: whole.values,
    classes: whole.classes.map((number) => places[number]),
    classNames: order.map((text) => layout.classNames?.[Number(text)] ?? text),
    rate: layout.rate,
    findings,
  };
}

interface Chunk {
  values: Float32Array;
  classes: Uint8Array;
}

function joined(chunks: readonly Chunk[], beats: number, samples: number): Chunk {
  const values = new Float32Array(beats * samples);
  const classes = new Uint8Array(beats);
  for (const [index, chunk] of chunks.entries()) {
    const from = index * CHUNK_ROWS;
    const count = Math.min(CHUNK_ROWS, beats - from);
    values.set(chunk.values.subarray(0, count * samples), from * samples);
    classes.set(chunk.classes.subarray(0, count), from);
  }
  return { values, classes };
}

/** Returns a class as text: NumPy's `0.000000000000000000e+00` is class 0. */
function classText(rows: RowReader, column: number, parser: DecimalParser): string {
  const value = readCell(rows, column, parser);
  return value === null ? rows.text(column).slice(0, MAX_CLASS_LENGTH) : String(value);
}

function numberOfClass(numbers: Map<string, number>, text: string, file: string, line: number): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  if (numbers.size === MAX_CLASSES) {
    throw damaged(
      `${file}, line ${line}: there are more than ${MAX_CLASSES} classes.`,
      "Choose the column that has the class.",
    );
  }
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

function byNumberThenText(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? (a < b ? -1 : 1) : difference;
}
