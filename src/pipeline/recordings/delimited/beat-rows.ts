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

/** Rows of a block. */
const BLOCK_ROWS = 4096;
const MAX_CLASSES = 256;
const MAX_CLASS_LENGTH = 40;

/** What is known of a table of beats once all its rows were read. */
export interface BeatRowFacts {
  beats: number;
  /** Samples of each beat. */
  samples: number;
  /** Number of each beat's class in {@link classNames}. */
  classes: Uint8Array;
  classNames: string[];
  /** Each class as it is in the file, in the order of {@link classNames}. */
  classTexts: string[];
  /** Sampling rate in Hz; null: unknown. */
  rate: number | null;
  findings: Finding[];
}

export interface BeatRows extends BeatRowFacts {
  /** Row by row, `beats · samples`, as in the file. */
  values: Float32Array;
}

/**
 * Reads a whole table.
 * @param layout by default the guess
 * @throws EctopyError as {@link beatRowBlocks}
 */
export function readBeatRows(bytes: SourceBytes, file: string, layout?: DelimitedLayout): BeatRows {
  const blocks = beatRowBlocks(bytes, file, layout);
  const read: Float32Array[] = [];
  let next = blocks.next();
  for (; next.done !== true; next = blocks.next()) read.push(next.value.slice());
  const facts = next.value;
  const values = new Float32Array(facts.beats * facts.samples);
  let at = 0;
  for (const block of read) {
    values.set(block, at);
    at += block.length;
  }
  return { ...facts, values };
}

/**
 * Reads a table block by block: a file of gigabytes needs the memory of a block, and one byte for each beat.
 * @param layout by default the guess
 * @yields values of the next rows, valid until the next block
 * @throws EctopyError `invalid-settings` where rows are no beats, `nothing-usable` without one, `damaged-file` with the line
 */
export function* beatRowBlocks(
  bytes: SourceBytes,
  file: string,
  layout: DelimitedLayout = guessLayoutOf(bytes, file),
): Generator<Float32Array, BeatRowFacts> {
  const valueColumns = layout.columns.flatMap(({ role }, column) => (role === "value" ? [column] : []));
  const classColumn = layout.columns.findIndex(({ role }) => role === "class");
  if (layout.holds !== "beats" || valueColumns.length === 0 || classColumn < 0) {
    throw new EctopyError("invalid-settings", `The rows of ${file} are no beats.`, "Choose the column of the class.");
  }
  const samples = valueColumns.length;
  const rows = new RowReader(bytes, file, layout.separator);
  const parser = new DecimalParser(layout.decimalComma);
  // A small file has few rows: memory is in proportion to the file.
  const capacity = Math.min(BLOCK_ROWS, Math.ceil(bytes.length / (2 * samples)) + 1);
  const block = new Float32Array(capacity * samples);
  let classes = new Uint8Array(capacity);
  const numbers = new Map<string, number>();
  const excluded = { count: 0, line: 0 };
  let padded = 0;
  let beats = 0;
  let filled = 0;
  for (let line = 0; line < layout.headerLines; line++) rows.next();
  while (rows.next()) {
    const text = classColumn < rows.count ? classText(rows, classColumn, parser) : "";
    let isWhole = text !== "";
    for (let i = 0; i < samples && isWhole; i++) {
      const value = readCell(rows, valueColumns[i], parser);
      isWhole = value !== null;
      block[filled * samples + i] = value ?? 0;
    }
    if (!isWhole) {
      if (excluded.count++ === 0) excluded.line = rows.line;
      continue;
    }
    filled++;
    if (block[filled * samples - 1] === 0) padded++;
    if (beats === classes.length) classes = enlarged(classes);
    classes[beats++] = numberOfClass(numbers, text, file, rows.line);
    if (filled < capacity) continue;
    yield block;
    filled = 0;
  }
  if (filled > 0) yield block.subarray(0, filled * samples);
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
  if (padded > beats / 2) findings.push(note("Most beats end with zeros, which fill them up."));
  findings.push(
    note("The patients of these beats are unknown: a test set can't be kept free of them.", "patients-unknown"),
  );
  const classTexts = [...numbers.keys()].sort(byNumberThenText);
  const places = Uint8Array.from(numbers.keys(), (text) => classTexts.indexOf(text));
  return {
    beats,
    samples,
    classes: classes.subarray(0, beats).map((number) => places[number]),
    classNames: classTexts.map((text) => layout.classNames?.[Number(text)] ?? text),
    classTexts,
    rate: layout.rate,
    findings,
  };
}

function enlarged(classes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * classes.length);
  larger.set(classes);
  return larger;
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
