/** Guesses what each column of a table holds. */
import type { ColumnRole, DelimitedLayout, TimeUnit } from "./layout.ts";
import { isMissingText, numberOf } from "./split-line.ts";
import { clockSeconds } from "./times.ts";

/** Columns of lists of recordings and patients, which are no signals. */
const listNames =
  /^(?:patients?|subjects?|records?|recordings?|files?|age|sex|gender)(?:[ _-]?(?:id|name|nr|no|number|path))?$|^(?:\w+_id|filename\w*)$/i;

/** Fewest samples of a beat in a row. */
const MIN_BEAT_SAMPLES = 40;
const MAX_CLASSES = 30;
/** Share of a beat table's cells that must be numbers. */
const MIN_BEAT_NUMBERS = 0.9;
/** Kaggle's “ECG Heartbeat Categorization Dataset” (Kachuee et al., 2018): samples of a beat, rate and class names. */
export const kaggle = { samples: 187, rate: 125, mitbih: ["N", "S", "V", "F", "Q"], ptbdb: ["normal", "abnormal"] };

const unitNames =
  /^(?:[munpµμ]?v|volts?|millivolts?|microvolts?|raw|adc|adu|units?|s|sec|seconds?|ms|msec|us|hh:mm:ss.*|sample.*|bpm|mmhg|%|)$/i;
const timeNames =
  /^(?:t|times?|elapsed[ _]?time|secs?|seconds?|timestamps?|date[ _]?time|zeit|time[ _]?stamp|clock|ms|msecs?|milliseconds?)$/i;
const sampleNames = /^(?:#|no\.?|nr\.?|n|i|idx|index|samples?(?: ?#| ?no\.?| ?number)?|frame|unnamed: 0|)$/i;
const symbolNames = /^(?:symbols?|type|ann(?:otation)?s?|labels?|beat(?:[ _]?type)?s?|class|code|event)$/i;
const textNames = /^(?:aux|aux[ _]?notes?|notes?|comments?|texts?|descriptions?|rhythms?)$/i;
const channelNames = /^(?:chan(?:nel)?|lead|signal)$/i;

export interface ColumnsInput {
  /** Cells of the line of names, and of the line of units; empty: there is none. */
  names: readonly string[];
  units: readonly string[];
  rows: readonly (readonly string[])[];
  fileName: string;
  /** Comment lines of the file. */
  comments: string;
  decimalComma: boolean;
}

type Guess = Pick<DelimitedLayout, "holds" | "columns" | "rate" | "classNames"> & { reasons: string[] };

export function isUnitsRow(cells: readonly string[]): boolean {
  return cells.every((cell) => unitNames.test(bare(cell))) && cells.some((cell) => bare(cell) !== "");
}

export function guessColumns(input: ColumnsInput): Guess | null {
  const width = modalWidth(input.rows);
  const even = input.rows.filter(({ length }) => length === width);
  const cells = Array.from({ length: width }, (_, column) => even.map((row) => row[column]));
  return guessBeats(input, cells) ?? guessAnnotations(input, cells) ?? guessSignals(input, cells);
}

function modalWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0])[0];
}

/** Rows of many samples, and a class in the last column or the first. */
function guessBeats({ fileName, decimalComma }: ColumnsInput, cells: readonly (readonly string[])[]): Guess | null {
  const width = cells.length;
  if (width <= MIN_BEAT_SAMPLES) return null;
  const classColumn = [width - 1, 0].find((column) => isClassColumn(cells[column], decimalComma));
  if (classColumn === undefined) return null;
  const others = cells.filter((_, column) => column !== classColumn);
  const all = others.flat();
  const numbers = all.filter((cell) => isMissingText(cell) || numberOf(cell, decimalComma) !== null).length;
  if (numbers < MIN_BEAT_NUMBERS * all.length) return null;
  const samples = width - 1;
  const isKaggle = samples === kaggle.samples;
  const classNames =
    isKaggle && /mitbih/i.test(fileName) ? kaggle.mitbih : isKaggle && /ptbdb/i.test(fileName) ? kaggle.ptbdb : null;
  return {
    holds: "beats",
    columns: cells.map((_, column): ColumnRole => ({ role: column === classColumn ? "class" : "value" })),
    rate: isKaggle ? kaggle.rate : null,
    classNames,
    reasons: [
      `Each row has ${samples} samples and a class in the ${classColumn === 0 ? "first" : "last"} column: rows are beats.`,
      isKaggle
        ? `187 samples and a class are the form of Kaggle's heartbeat tables, at ${kaggle.rate} Hz.`
        : "The sampling rate is not in the file.",
      ...(classNames === null ? [] : [`By the file's name, classes are ${classNames.join(", ")}.`]),
    ],
  };
}

function isClassColumn(cells: readonly string[], decimalComma: boolean): boolean {
  const distinct = new Set(cells);
  if (distinct.size > MAX_CLASSES) return false;
  return cells.every((cell) => {
    const value = numberOf(cell, decimalComma);
    return value === null
      ? /^[A-Za-z/?][\w /-]{0,30}$/.test(cell)
      : Number.isInteger(value) && value >= 0 && value < 1000;
  });
}

/** A column of times and one of symbols. */
function guessAnnotations({ names, decimalComma }: ColumnsInput, given: readonly (readonly string[])[]): Guess | null {
  // rdann's name of a column, `Sample #`, has a space.
  const titles = names.join(" ").startsWith("Time Sample # Type") ? ["Time", "Sample #", ...names.slice(3)] : names;
  const symbol = titles.findIndex((name) => symbolNames.test(bare(name)));
  const sample = titles.findIndex((name) => sampleNames.test(bare(name)) && bare(name) !== "");
  const time = titles.findIndex((name) => isTimeName(name));
  if (symbol < 0 || (sample < 0 && time < 0)) return null;
  if (given[symbol] !== undefined && given[symbol].every((cell) => numberOf(cell, decimalComma) !== null)) return null;
  const unit = time < 0 ? "s" : timeUnit(titles[time], "", given[time] ?? [], decimalComma);
  const columns = titles.map((name, column): ColumnRole => {
    if (column === symbol) return { role: "symbol" };
    if (column === sample) return { role: "time", unit: "sample" };
    if (column === time && sample < 0) return { role: "time", unit };
    if (textNames.test(bare(name))) return { role: "text" };
    if (channelNames.test(bare(name))) return { role: "channel" };
    return { role: "ignored", name: bare(name) };
  });
  return {
    holds: "annotations",
    columns,
    rate: null,
    classNames: null,
    reasons: [`Column ${symbol + 1} has annotation symbols, column ${(sample < 0 ? time : sample) + 1} their times.`],
  };
}

function guessSignals(input: ColumnsInput, cells: readonly (readonly string[])[]): Guess | null {
  const { names, units, comments, decimalComma } = input;
  if (names.some((name) => listNames.test(bare(name)))) return null;
  const reasons: string[] = [];
  const rate = statedRate(`${comments}\n${names.join("\n")}`);
  if (rate !== null) reasons.push(`The file states a sampling rate of ${rate} Hz.`);
  const time = findTime(input, cells);
  if (time !== null) reasons.push(time.reason);
  const columns = cells.map((column, index): ColumnRole => {
    if (time?.column === index) return { role: "time", unit: time.unit };
    const name = bare(names[index] ?? "");
    const isNumeric = column.some((cell) => numberOf(cell, decimalComma) !== null);
    if (!isNumeric || (sampleNames.test(name) && name !== "" && index === 0)) return { role: "ignored", name };
    return { role: "lead", ...leadOf(name, bare(units[index] ?? "")) };
  });
  const leads = columns.filter(({ role }) => role === "lead");
  if (leads.length === 0 || isList(columns, cells, decimalComma)) return null;
  reasons.push(`${leads.length === 1 ? "One column is a lead" : `${leads.length} columns are leads`}.`);
  const nameless = columns.filter((column) => column.role === "lead" && column.units === "").length;
  if (nameless > 0) reasons.push(`The unit of ${nameless} leads is not in the file.`);
  if (rate === null && (time === null || time.unit === "sample")) reasons.push("The sampling rate is not in the file.");
  return { holds: "signals", columns, rate, classNames: null, reasons };
}

/** Lists of recordings and patients begin with a text, or have more texts than numbers. */
function isList(columns: readonly ColumnRole[], cells: readonly (readonly string[])[], decimalComma: boolean): boolean {
  const isText = cells.map((column, index) => {
    const filled = column.filter((cell) => !isMissingText(cell));
    const texts = filled.filter((cell) => numberOf(cell, decimalComma) === null).length;
    return columns[index].role !== "time" && texts > filled.length / 2;
  });
  return isText[0] || 3 * isText.filter(Boolean).length > isText.length;
}

function statedRate(text: string): number | null {
  const stated = /(\d{1,6}(?:\.\d{1,6})?)\s*(?:hz|samples?\/s|sps)\b/i.exec(text)?.[1];
  const named = /(?:sampling[ _]?(?:rate|frequency)|fs|freq)\s*[:=]\s*(\d{1,6}(?:\.\d{1,6})?)/i.exec(text)?.[1];
  const rate = Number(stated ?? named);
  return rate > 0 ? rate : null;
}

interface TimeColumn {
  column: number;
  unit: TimeUnit;
  reason: string;
}

function findTime(
  { names, units, decimalComma }: ColumnsInput,
  cells: readonly (readonly string[])[],
): TimeColumn | null {
  for (const [column, name] of names.entries()) {
    if (cells[column] === undefined || !isTimeName(name)) continue;
    const unit = timeUnit(name, units[column] ?? "", cells[column], decimalComma);
    return { column, unit, reason: `Column ${column + 1}, “${bare(name)}”, is the time, in ${unitText(unit)}.` };
  }
  const [first] = cells;
  const isNamed = names.length > 0 && !sampleNames.test(bare(names[0] ?? ""));
  if (cells.length < 2 || isNamed || first.length < 3) return null;
  if (first.every((cell) => clockSeconds(cell) !== null)) {
    return { column: 0, unit: "clock", reason: "The first column has times of day." };
  }
  const values = first.map((cell) => numberOf(cell, decimalComma) ?? Number.NaN);
  const step = (values[values.length - 1] - values[0]) / (values.length - 1);
  const isEven = values.every((value, i) => Math.abs(value - values[0] - i * step) <= Math.abs(step));
  if (!(step > 0) || !isEven) return null;
  if (step === 1) return { column: 0, unit: "sample", reason: "The first column counts the samples." };
  const unit = step < 0.2 ? "s" : "ms";
  return {
    column: 0,
    unit,
    reason: `The first column grows evenly by ${Number(step.toPrecision(4))}: it is the time, in ${unit}.`,
  };
}

function unitText(unit: TimeUnit): string {
  return unit === "clock" ? "hours, minutes and seconds" : unit === "sample" ? "samples" : unit;
}

function isTimeName(name: string): boolean {
  return timeNames.test(
    bare(name)
      .replace(/\s*[([].*$/, "")
      .replace(/[ _](?:s|ms|us|sec|secs|seconds|msec)$/i, ""),
  );
}

function timeUnit(name: string, units: string, cells: readonly string[], decimalComma: boolean): TimeUnit {
  const numbers = cells.map((cell) => numberOf(cell, decimalComma));
  if (cells.some((cell, i) => numbers[i] === null && clockSeconds(cell) !== null)) return "clock";
  const text = `${bare(name)} ${bare(units)}`;
  if (/(?:^|[ _([])(?:ms|msec|milliseconds?)\b/i.test(text)) return "ms";
  if (/(?:^|[ _([])(?:us|µs|μs|microseconds?)(?![a-z])/i.test(text)) return "us";
  if (/sample/i.test(text)) return "sample";
  if (/(?:^|[ _([])(?:s|secs?|seconds?)\b/i.test(text)) return "s";
  // Unix time in ms or µs; else steps of an integer above 1 are ms.
  const [first, second] = numbers.map((value) => value ?? 0);
  if (first > 1e14) return "us";
  return first > 1e11 || (Number.isInteger(first) && Number.isInteger(second) && second - first > 1) ? "ms" : "s";
}

/** Separates the unit of `MLII (mV)`, `MLII [mV]` or `MLII_mV`. */
function leadOf(name: string, units: string): { lead: string; units: string } {
  const parts = /^(.*?)[\s_]*[([/](.{1,12}?)[\])]?$/.exec(name) ?? /^(.+?)[\s_]+([munµμ]?v)$/i.exec(name);
  const stated = parts !== null && /^[munµμ]?v(?:olts?)?$/i.test(parts[2].trim()) ? parts : null;
  const lead = stated === null ? name : stated[1].trim();
  const unit = units !== "" ? units : (stated?.[2].trim() ?? "");
  return { lead, units: /^(?:raw|adc|adu|units?)$/i.test(unit) ? "" : unit };
}

/** Longest name of a column, in characters. */
const MAX_NAME_LENGTH = 200;

function bare(cell: string): string {
  return cell.slice(0, MAX_NAME_LENGTH).replace(/^['"\s]+|['"\s]+$/g, "");
}
