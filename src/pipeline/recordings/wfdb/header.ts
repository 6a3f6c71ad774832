/**
 * WFDB header files (`.hea`): text to {@link RecordHeader}.
 *
 * Source: WFDB Applications Guide, header(5). A record line, one line for each signal, and comments:
 *
 *     100 2 360 650000 0:0:0 1/1/1980
 *     100.dat 212 200(1024)/mV 11 1024 995 -22131 0 MLII
 *     # 69 M 1085 1629 x1
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { damaged, quote } from "./faults.ts";
import { checkFileName } from "./file-name.ts";

export interface SignalHeader {
  fileName: string;
  /** Storage format: 16, 212… */
  format: number;
  samplesPerFrame: number;
  /** Samples of this signal before sample 0. */
  skew: number;
  /** Bytes of the signal file before the first sample. */
  byteOffset: number;
  /** Digital units per physical unit; never 0. */
  gain: number;
  /** False where the header has no gain, or 0: {@link gain} is then the default. */
  calibrated: boolean;
  /** Digital value of 0 physical units. */
  baseline: number;
  units: string;
  /** Resolution of the converter in bits; 0: unknown. */
  resolution: number;
  /** Digital value in the middle of the converter's range. */
  zero: number;
  /** First stored sample; null: absent and not checked. */
  initialValue: number | null;
  /** Low 16 bits of the sum of all stored samples; null: absent and not checked. */
  checksum: number | null;
  /** Block size in bytes, for devices; 0: an ordinary file. */
  blockSize: number;
  /** Lead name; may be empty. */
  description: string;
}

export interface RecordHeader {
  /** Letters, digits, `_` and `-`. */
  name: string;
  /** Frame rate, here equal to the sampling rate, in Hz. */
  rate: number;
  /** Rate of the recorder's counter, in Hz; null: equal to `rate`. */
  counterRate: number | null;
  /** Value of the counter at sample 0. */
  baseCounter: number;
  /** Samples of each signal; null: absent, to be derived from the file's size, without checksums (header(5)). */
  length: number | null;
  /** Time of sample 0, `HH:MM:SS.sss`; may be empty. */
  startTime: string;
  /** Date, `DD/MM/YYYY`; may be empty. */
  startDate: string;
  signals: SignalHeader[];
  /** Comment lines without `#`. */
  comments: string[];
}

/** Defaults by header(5). */
const defaultRate = 250;
const defaultGain = 200;
const defaultUnits = "mV";

/** Limits of accepted values: no recorder exceeds them, and larger ones would cost memory. */
const limits = {
  textLength: 1 << 20,
  signals: 1000,
  length: 2 ** 31 - 1,
  rate: 1e6,
  /** Maximum length of a lead name, which lists and messages show. */
  description: 200,
  /** Absolute gain: with samples and baselines of 32 bits, physical values then fit into float32. */
  gain: { min: 1e-12, max: 1e12 },
  integer: 2 ** 32,
};

/**
 * Parses a header.
 * @param text text of the file, with line ends LF, CRLF or CR
 * @param file name of the file, for messages
 * @throws EctopyError `damaged-file`, `unsupported` (several segments) or `unsafe-path`, with file and line
 */
export function parseHeader(text: string, file: string): RecordHeader {
  if (text.length > limits.textLength) {
    throw damaged(`${file} has ${text.length} characters, too many for a header.`);
  }
  let header: RecordHeader | null = null;
  let announced = 0;
  const comments: string[] = [];
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.trim();
    const place = `${file}, line ${index + 1}`;
    if (line === "") continue;
    if (line.startsWith("#")) {
      comments.push(line.replace(/^#+/, "").trim());
    } else if (header === null) {
      ({ header, announced } = parseRecordLine(line, place));
    } else if (header.signals.length < announced) {
      header.signals.push(parseSignalLine(line, place));
    } else {
      throw damaged(
        `${place}: the record line announces ${announced} signals, but there is a further signal line: ${quote(line)}.`,
      );
    }
  }
  if (header === null) throw damaged(`${file} has no record line.`);
  if (header.signals.length < announced) {
    throw damaged(`${file} announces ${announced} signals, but describes only ${header.signals.length}.`);
  }
  header.comments = comments;
  return header;
}

/** Writes a header in the format that {@link parseHeader} reads. */
export function writeHeader(header: RecordHeader): string {
  const counter = header.counterRate === null ? "" : `/${header.counterRate}`;
  const base = header.baseCounter === 0 ? "" : `(${header.baseCounter})`;
  const record = [header.name, header.signals.length, `${header.rate}${counter}${base}`, header.length ?? 0];
  if (header.startTime !== "") record.push(header.startTime);
  if (header.startTime !== "" && header.startDate !== "") record.push(header.startDate);
  const lines = [record.join(" "), ...header.signals.map(writeSignalLine)];
  return [...lines, ...header.comments.map((comment) => `# ${comment}`), ""].join("\n");
}

function parseRecordLine(line: string, place: string): { header: RecordHeader; announced: number } {
  const [name = "", count, rateField, length, startTime = "", startDate = "", ...rest] = line.split(/[ \t]+/);
  const [recordName = "", segments] = name.split("/", 2);
  if (!/^[\w-]{1,100}$/.test(recordName)) {
    throw damaged(`${place}: ${quote(recordName)} is not a record name of letters, digits, “_” and “-”.`);
  }
  if (segments !== undefined) {
    throw new EctopyError(
      "unsupported",
      `${place}: ${recordName} is a record with several segments (${quote(name)}).`,
      "Import its segments as separate records.",
    );
  }
  if (count === undefined) throw damaged(`${place}: the number of signals is missing.`);
  if (rest.length > 0)
    throw damaged(`${place}: there is unexpected text after the record's date: ${quote(rest[0] ?? "")}.`);
  if (!/^[\d:.]{0,20}$/.test(startTime)) throw damaged(`${place}: ${quote(startTime)} is not a time of day.`);
  if (!/^[\d/]{0,20}$/.test(startDate)) throw damaged(`${place}: ${quote(startDate)} is not a date.`);
  const samples = integer(length ?? "0", place, "number of samples", { min: 0, max: limits.length });
  return {
    header: {
      name: recordName,
      ...parseRate(rateField, place),
      length: samples === 0 ? null : samples,
      startTime,
      startDate,
      signals: [],
      comments: [],
    },
    announced: integer(count, place, "number of signals", { min: 0, max: limits.signals }),
  };
}

/** Parses `360`, `360/counter rate`, `360/counter rate(base counter)`. */
function parseRate(
  field: string | undefined,
  place: string,
): Pick<RecordHeader, "rate" | "counterRate" | "baseCounter"> {
  if (field === undefined) return { rate: defaultRate, counterRate: null, baseCounter: 0 };
  const parts = /^([^/(]+)(?:\/([^/(]+))?(?:\(([^()]+)\))?$/.exec(field);
  if (parts === null) throw damaged(`${place}: ${quote(field)} is not a sampling rate.`);
  const rate = decimal(parts[1] ?? "", place, "sampling rate");
  if (!(rate > 0 && rate <= limits.rate)) {
    throw damaged(`${place}: a sampling rate of ${rate} Hz is out of range (up to ${limits.rate}).`);
  }
  const counterRate = parts[2] === undefined ? null : decimal(parts[2], place, "counter rate");
  const baseCounter = parts[3] === undefined ? 0 : decimal(parts[3], place, "base counter");
  return { rate, counterRate, baseCounter };
}

function parseSignalLine(line: string, place: string): SignalHeader {
  // Eight fields, optional from the third on, then the lead name, which may have spaces.
  const fields: string[] = [];
  const next = /[ \t]*([^ \t]+)/y;
  while (fields.length < 8) {
    const field = next.exec(line)?.[1];
    if (field === undefined) break;
    fields.push(field);
  }
  const consumed = fields.length === 8 ? next.lastIndex : line.length;
  const [fileName = "", formatField, gainField, resolution, zero, initialValue, checksum, blockSize] = fields;
  if (formatField === undefined) throw damaged(`${place}: the signal's format is missing.`);
  checkFileName(fileName, place);
  const whole = (text: string | undefined, what: string): number | null =>
    text === undefined ? null : integer(text, place, what, { min: -limits.integer, max: limits.integer });
  const adcZero = whole(zero, "ADC zero") ?? 0;
  const { baseline, ...gain } = parseGain(gainField, place);
  return {
    fileName,
    ...parseFormat(formatField, place),
    ...gain,
    baseline: baseline ?? adcZero,
    resolution: resolution === undefined ? 0 : integer(resolution, place, "ADC resolution", { min: 0, max: 64 }),
    zero: adcZero,
    initialValue: whole(initialValue, "initial value"),
    checksum: whole(checksum, "checksum"),
    blockSize: whole(blockSize, "block size") ?? 0,
    description: line.slice(consumed).trim().slice(0, limits.description).trimEnd(),
  };
}

/** Parses `format x samples-per-frame : skew + offset`, without spaces. */
function parseFormat(
  field: string,
  place: string,
): Pick<SignalHeader, "format" | "samplesPerFrame" | "skew" | "byteOffset"> {
  const parts = /^(\d{1,4})(?:x(\d{1,9}))?(?::(\d{1,9}))?(?:\+(\d{1,10}))?$/.exec(field);
  if (parts === null) throw damaged(`${place}: ${quote(field)} is not a signal format.`);
  const samplesPerFrame = Number(parts[2] ?? 1);
  return {
    format: Number(parts[1]),
    // header(5): 0 samples per frame means the default.
    samplesPerFrame: samplesPerFrame === 0 ? 1 : samplesPerFrame,
    skew: Number(parts[3] ?? 0),
    byteOffset: Number(parts[4] ?? 0),
  };
}

/** Parses `gain(baseline)/units`. An absent gain, or 0, means an uncalibrated signal with the default gain of 200. */
function parseGain(
  field: string | undefined,
  place: string,
): Pick<SignalHeader, "gain" | "calibrated" | "units"> & { baseline: number | null } {
  if (field === undefined) return { gain: defaultGain, calibrated: false, units: defaultUnits, baseline: null };
  const parts = /^([^(/]*)(?:\(([^()]*)\))?(?:\/(.*))?$/.exec(field);
  if (parts === null) throw damaged(`${place}: ${quote(field)} is not a gain.`);
  const [, gainText = "", baselineText, units = ""] = parts;
  const gain = gainText === "" ? 0 : decimal(gainText, place, "gain");
  if (gain !== 0 && !(Math.abs(gain) >= limits.gain.min && Math.abs(gain) <= limits.gain.max)) {
    throw damaged(`${place}: a gain of ${gain} is out of range (${limits.gain.min} to ${limits.gain.max}).`);
  }
  return {
    gain: gain === 0 ? defaultGain : gain,
    calibrated: gain !== 0,
    units: units === "" ? defaultUnits : units.slice(0, 40),
    baseline:
      baselineText === undefined
        ? null
        : integer(baselineText, place, "baseline", { min: -limits.integer, max: limits.integer }),
  };
}

function writeSignalLine(signal: SignalHeader): string {
  const frame = signal.samplesPerFrame === 1 ? "" : `x${signal.samplesPerFrame}`;
  const skew = signal.skew === 0 ? "" : `:${signal.skew}`;
  const offset = signal.byteOffset === 0 ? "" : `+${signal.byteOffset}`;
  const gain = `${signal.calibrated ? signal.gain : 0}(${signal.baseline})/${signal.units}`;
  const fields = [signal.fileName, `${signal.format}${frame}${skew}${offset}`, gain, signal.resolution, signal.zero];
  // A field requires all previous fields.
  if (signal.initialValue === null) return fields.join(" ");
  fields.push(signal.initialValue);
  if (signal.checksum === null) return fields.join(" ");
  return [...fields, signal.checksum, signal.blockSize, signal.description].join(" ").trimEnd();
}

function integer(text: string, place: string, what: string, { min, max }: { min: number; max: number }): number {
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) + 0 : Number.NaN;
  if (Number.isNaN(value)) throw damaged(`${place}: the ${what} is ${quote(text)}, not an integer.`);
  if (value < min || value > max) {
    throw damaged(`${place}: the ${what} is ${value}, outside ${min} to ${max}.`);
  }
  return value;
}

function decimal(text: string, place: string, what: string): number {
  const written = text.length <= 40 && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(text);
  const value = written ? Number(text) + 0 : Number.NaN;
  if (!Number.isFinite(value)) throw damaged(`${place}: the ${what} is ${quote(text)}, not a number.`);
  return value;
}
