/**
 * WFDB header files (`.hea`): text to {@link RecordHeader}.
 *
 * Source: WFDB Applications Guide, header(5). A record line, one line for each signal, and comments:
 *
 *     100 2 360 650000 0:0:0 1/1/1980
 *     100.dat 212 200(1024)/mV 11 1024 995 -22131 0 MLII
 *     # 69 M 1085 1629 x1
 *
 * A record of several segments has one line for each segment instead of signals: `w/2 2 360 1440`, `w1 720`, `w2 720`.
 * Public headers differ from the specification: what can be read is read, and a finding names the difference.
 */
import type { Finding } from "../../../contract/domain/recordings.ts";
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

/** A part of a record of several segments. */
export interface SegmentHeader {
  /** Record name; `~`: a gap. */
  name: string;
  /** Frames; 0 in the first segment: it describes the signals and has none (variable layout). */
  length: number;
}

export interface RecordHeader {
  /** Record name, without a folder. */
  name: string;
  /** Frames per second. */
  rate: number;
  /** Rate of the recorder's counter, in Hz; null: equal to `rate`. */
  counterRate: number | null;
  /** Value of the counter at sample 0. */
  baseCounter: number;
  /** Frames; null: absent, to be derived from the file's size, without checksums (header(5)). */
  length: number | null;
  /** Time of sample 0, `HH:MM:SS.sss`; may be empty. */
  startTime: string;
  /** Date, `DD/MM/YYYY`; may be empty. */
  startDate: string;
  /** Empty for a record of several segments. */
  signals: SignalHeader[];
  /** Null for a record of signals. */
  segments: SegmentHeader[] | null;
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
  segments: 1e6,
  /** Maximum length of a record name, which messages show. */
  name: 100,
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
 * @param findings receives what differs from the specification
 * @throws EctopyError `damaged-file` or `unsafe-path`, with file and line
 */
export function parseHeader(text: string, file: string, findings: Finding[] = []): RecordHeader {
  if (text.length > limits.textLength) {
    throw damaged(`${file} has ${text.length} characters, too many for a header.`);
  }
  let header: RecordHeader | null = null;
  let announced = 0;
  let signalLines = 0;
  const comments: string[] = [];
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.trim();
    const place = `${file}, line ${index + 1}`;
    if (line === "") continue;
    if (line.startsWith("#")) {
      comments.push(line.replace(/^#+/, "").trim());
    } else if (header === null) {
      ({ header, announced } = parseRecordLine(line, place, findings));
    } else if (header.segments !== null) {
      if (header.segments.length < announced) header.segments.push(parseSegmentLine(line, place));
      else findings.push(oddity(`${place}: there are more segments than the record line announces.`));
    } else if (signalLines++ < announced) {
      header.signals.push(parseSignalLine(line, place, findings));
    } else if (signalLines === announced + 1) {
      // header(5): additional lines are disregarded.
      findings.push(
        oddity(`${place}: the record line announces ${announced} signals; this and further signal lines were ignored.`),
      );
    }
  }
  if (header === null) throw damaged(`${file} has no record line.`);
  const described = (header.segments ?? header.signals).length;
  const what = header.segments === null ? "signals" : "segments";
  if (described < announced) {
    if (described === 0) throw damaged(`${file} announces ${announced} ${what}, but describes none.`);
    findings.push({
      ...oddity(`${file} announces ${announced} ${what}, but describes only ${described}.`),
      severity: "warning",
    });
  }
  header.comments = comments;
  return header;
}

/** Returns the local date and time of sample 0 in ISO 8601; null where the header has no date, or none that exists. */
export function startOf({ startTime, startDate }: Pick<RecordHeader, "startTime" | "startDate">): string | null {
  const date = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(startDate);
  if (date === null) return null;
  const [day, month, year] = date.slice(1).map(Number);
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (!isDate || year < 1800) return null;
  const iso = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  const time = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d{1,6})?)?$/.exec(startTime);
  if (time === null) return iso;
  const [hour, minute, second = "0"] = time.slice(1, 4);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return iso;
  return `${iso}T${[hour, minute, second].map((part) => part.padStart(2, "0")).join(":")}${time[4] ?? ""}`;
}

/** Returns a finding on something that differs from the specification, and was read. */
function oddity(message: string): Finding {
  return { code: "header", severity: "note", message, fix: "" };
}

/** Writes a header in the format that {@link parseHeader} reads. */
export function writeHeader(header: RecordHeader): string {
  const counter = header.counterRate === null ? "" : `/${header.counterRate}`;
  const base = header.baseCounter === 0 ? "" : `(${header.baseCounter})`;
  const name = header.segments === null ? header.name : `${header.name}/${header.segments.length}`;
  const record = [name, header.signals.length, `${header.rate}${counter}${base}`, header.length ?? 0];
  if (header.startTime !== "") record.push(header.startTime);
  if (header.startDate !== "") record.push(header.startDate);
  const segments = (header.segments ?? []).map(({ name, length }) => `${name} ${length}`);
  const lines = [record.join(" "), ...segments, ...header.signals.map(writeSignalLine)];
  return [...lines, ...header.comments.map((comment) => `# ${comment}`), ""].join("\n");
}

function parseRecordLine(
  line: string,
  place: string,
  findings: Finding[],
): { header: RecordHeader; announced: number } {
  const [path = "", count, rateField, length, ...times] = line.split(/[ \t]+/);
  const { name, segments } = parseRecordName(path, place, findings);
  if (count === undefined) throw damaged(`${place}: the number of signals is missing.`);
  const samples = integer(length ?? "0", place, "number of samples", { min: 0, max: limits.length });
  const signals = integer(count, place, "number of signals", { min: 0, max: limits.signals });
  return {
    header: {
      name,
      ...parseRate(rateField, place),
      length: samples === 0 ? null : samples,
      ...parseStart(times, place, findings),
      signals: [],
      segments: segments === null ? null : [],
      comments: [],
    },
    announced: segments ?? signals,
  };
}

/** Parses `100`, `100/2` (two segments) and `folder/100`, which the specification does not have. */
function parseRecordName(path: string, place: string, findings: Finding[]): { name: string; segments: number | null } {
  const parts = path.split(/[/\\]/);
  const last = parts.at(-1) ?? "";
  const segments = parts.length > 1 && path.includes("/") && /^\d{1,9}$/.test(last) ? Number(last) : null;
  const names = segments === null ? parts : parts.slice(0, -1);
  if (names.length > 1) {
    findings.push(oddity(`${place}: the record name ${quote(path)} has a folder, which was ignored.`));
  }
  if (segments !== null && !(segments >= 1 && segments <= limits.segments)) {
    throw damaged(`${place}: the number of segments is ${segments}, outside 1 to ${limits.segments}.`);
  }
  const name = names.at(-1) ?? "";
  if (name === "") throw damaged(`${place}: there is no record name.`);
  return { name: name.slice(0, limits.name), segments };
}

/** Parses a segment's line: its record name and its frames. */
function parseSegmentLine(line: string, place: string): SegmentHeader {
  const [name = "", length] = line.split(/[ \t]+/);
  if (name !== "~") checkFileName(`${name}.hea`, place);
  if (length === undefined) throw damaged(`${place}: the segment's length is missing.`);
  return { name, length: integer(length, place, "segment's length", { min: 0, max: limits.length }) };
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Parses time and date in either order. The specification has `HH:MM:SS.sss DD/MM/YYYY`; converters also write
 * `05-May-2020` and `2014-05-08`.
 */
function parseStart(
  fields: readonly string[],
  place: string,
  findings: Finding[],
): Pick<RecordHeader, "startTime" | "startDate"> {
  let [startTime, startDate] = ["", ""];
  const unknown: string[] = [];
  for (const field of fields) {
    const date = parseDate(field);
    if (startTime === "" && startDate === "" && /^[\d:.]{1,20}$/.test(field)) startTime = field;
    else if (startDate === "" && date !== null) startDate = date;
    else if (startTime === "" && /^[\d:.]{1,20}$/.test(field)) startTime = field;
    else unknown.push(field);
  }
  if (unknown.length > 0) {
    findings.push(oddity(`${place}: ${quote(unknown.join(" "))} is no time or date, and was ignored.`));
  }
  return { startTime, startDate };
}

/** Returns a date as `DD/MM/YYYY`, or as it is where it has this form; null for another field. */
function parseDate(field: string): string | null {
  if (/^[\d/]{1,20}$/.test(field) && field.includes("/")) return field;
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(field);
  if (iso) return `${iso[3].padStart(2, "0")}/${iso[2].padStart(2, "0")}/${iso[1]}`;
  const named = /^(\d{1,2})-([A-Za-z]{3})[a-z]*-(\d{4})$/.exec(field);
  const month = MONTHS.indexOf(named?.[2].toLowerCase() ?? "") + 1;
  if (named === null || month === 0) return null;
  return `${named[1].padStart(2, "0")}/${String(month).padStart(2, "0")}/${named[3]}`;
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

function parseSignalLine(line: string, place: string, findings: Finding[]): SignalHeader {
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
  // `~`: a signal without samples, in the layout of a record of several segments.
  if (fileName !== "~") checkFileName(fileName, place);
  /** Returns an optional integer; null where the field has another text, which readers of WFDB ignore, too. */
  const whole = (text: string | undefined, what: string): number | null => {
    if (text === undefined) return null;
    const value = /^[+-]?\d{1,15}(?:\.0*)?$/.test(text) ? Number(text) + 0 : Number.NaN;
    if (Math.abs(value) <= limits.integer) return value;
    findings.push(oddity(`${place}: the ${what} is ${quote(text)}, not an integer, and was ignored.`));
    return null;
  };
  const adcZero = whole(zero, "ADC zero") ?? 0;
  const { baseline, ...gain } = parseGain(gainField, place, findings);
  return {
    fileName,
    ...parseFormat(formatField, place),
    ...gain,
    baseline: baseline ?? adcZero,
    resolution: Math.min(64, Math.max(0, whole(resolution, "ADC resolution") ?? 0)),
    zero: adcZero,
    initialValue: whole(initialValue, "initial value"),
    checksum: whole(checksum, "checksum"),
    blockSize: whole(blockSize, "block size") ?? 0,
    description: oneLine(line.slice(consumed)).slice(0, limits.description).trimEnd(),
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
  findings: Finding[],
): Pick<SignalHeader, "gain" | "calibrated" | "units"> & { baseline: number | null } {
  if (field === undefined) return { gain: defaultGain, calibrated: false, units: defaultUnits, baseline: null };
  const uncalibrated = { gain: defaultGain, calibrated: false };
  const parts = /^([^(/]*)(?:\(([^()]*)\))?(?:\/(.*))?$/.exec(field);
  const [, gainText = "", baselineText, units = ""] = parts ?? [];
  const gain = gainText === "" ? 0 : number(gainText);
  const baseline = baselineText === undefined ? null : number(baselineText);
  const isGain = gain === 0 || (Math.abs(gain) >= limits.gain.min && Math.abs(gain) <= limits.gain.max);
  const isBaseline = baseline === null || Math.abs(baseline) <= limits.integer;
  if (parts === null || !isGain || !isBaseline) {
    findings.push(
      oddity(`${place}: ${quote(field)} is not a gain; ${defaultGain} units per ${defaultUnits} were assumed.`),
    );
    return { ...uncalibrated, units: defaultUnits, baseline: isBaseline ? baseline : null };
  }
  return {
    ...(gain === 0 ? uncalibrated : { gain, calibrated: true }),
    units: oneLine(units).replaceAll(" ", "_").slice(0, 40) || defaultUnits,
    baseline,
  };
}

function writeSignalLine(signal: SignalHeader): string {
  const frame = signal.samplesPerFrame === 1 ? "" : `x${signal.samplesPerFrame}`;
  const skew = signal.skew === 0 ? "" : `:${signal.skew}`;
  const offset = signal.byteOffset === 0 ? "" : `+${signal.byteOffset}`;
  const gain = `${signal.calibrated ? signal.gain : 0}(${signal.baseline})/${signal.units}`;
  const fields = [signal.fileName, `${signal.format}${frame}${skew}${offset}`, gain, signal.resolution, signal.zero];
  // A field requires all previous fields.
  const rest = [signal.initialValue, signal.checksum, signal.blockSize || null, signal.description || null];
  const last = rest.findLastIndex((field) => field !== null);
  return [...fields, ...rest.slice(0, last + 1).map((field) => field ?? 0)].join(" ");
}

/** Returns a text without line ends and other control characters. */
export function oneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f\u2028\u2029]+/g, " ").trim();
}

function integer(text: string, place: string, what: string, { min, max }: { min: number; max: number }): number {
  const value = /^[+-]?\d{1,15}(?:\.0*)?$/.test(text) ? Number(text) + 0 : Number.NaN;
  if (Number.isNaN(value)) throw damaged(`${place}: the ${what} is ${quote(text)}, not an integer.`);
  if (value < min || value > max) {
    throw damaged(`${place}: the ${what} is ${value}, outside ${min} to ${max}.`);
  }
  return value;
}

function decimal(text: string, place: string, what: string): number {
  const value = number(text);
  if (!Number.isFinite(value)) throw damaged(`${place}: the ${what} is ${quote(text)}, not a number.`);
  return value;
}

/** Returns a decimal number; NaN for another text. */
function number(text: string): number {
  const written = text.length <= 40 && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(text);
  const value = written ? Number(text) + 0 : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}
