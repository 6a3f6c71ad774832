/**
 * Headers of EDF, EDF+, BDF and BDF+ files.
 *
 * Sources: B. Kemp et al., "A simple format for exchange of digitized polygraphic recordings" (1992), with the full
 * specification at edfplus.info/specs/edf.html; B. Kemp and J. Olivan, "European data format 'plus' (EDF+)" (2003),
 * edfplus.info/specs/edfplus.html; BioSemi, "Which file format does BioSemi use" (BDF: 24-bit samples). All fields are
 * ASCII, padded with spaces: 256 bytes of the recording, then 256 bytes of each signal, field by field.
 */
import type { Finding } from "../../../contract/domain/recordings.ts";
import { note, warning } from "../messages.ts";
import { decimalOf } from "../decimal-text.ts";
import { copyOf } from "../files.ts";
import type { SourceBytes } from "../source.ts";
import { decodeText } from "../text.ts";
import { damaged, quote } from "../wfdb/faults.ts";
import { readStart, type EdfStart } from "./start.ts";

/** Bytes of the recording's fields, and of each signal's fields. */
export const HEADER_BLOCK_BYTES = 256;
/** Label of a signal that stores annotations, by number of bytes of a sample. */
export const annotationLabels: Readonly<Record<2 | 3, string>> = { 2: "EDF Annotations", 3: "BDF Annotations" };

/** Limits of accepted values: no recorder exceeds them, and larger ones would cost memory. */
const limits = {
  rate: 1e6,
  samplesPerRecord: 2 ** 31,
  /** Absolute gain: physical values of 24-bit samples then fit into float32. */
  gain: { min: 1e-12, max: 1e12 },
  baseline: 2 ** 32,
};

export interface EdfSignal {
  /** Field of the header; may be empty. */
  label: string;
  units: string;
  /** Digital units per physical unit; never 0. */
  gain: number;
  /** Digital value of 0 physical units; seldom an integer. */
  baseline: number;
  samplesPerRecord: number;
  /** Samples of a data record before this signal's. */
  offset: number;
  transducer: string;
  prefilter: string;
  isAnnotations: boolean;
}

export interface EdfHeader {
  /** `EDF`, `EDF+C`, `EDF+D`, `BDF`, `BDF+C` or `BDF+D`. */
  variant: string;
  bytesPerSample: 2 | 3;
  /** Whether data records may have gaps between them. */
  hasGaps: boolean;
  patient: string;
  recording: string;
  start: EdfStart;
  /** Byte of the first data record. */
  dataOffset: number;
  /** Number of data records that the header announces; null: unknown. */
  records: number | null;
  /** Duration of a data record in seconds; positive. */
  recordSeconds: number;
  /** Samples of all signals in a data record. */
  samplesPerRecord: number;
  signals: EdfSignal[];
  findings: Finding[];
}

/** Fields of a signal, in their order, with their bytes. */
const signalFields = {
  label: 16,
  transducer: 80,
  units: 8,
  physicalMin: 8,
  physicalMax: 8,
  digitalMin: 8,
  digitalMax: 8,
  prefilter: 80,
  samples: 8,
  reserved: 32,
} as const;
type SignalFields = Record<keyof typeof signalFields, string>;

/** Returns whether the first bytes of a file are an EDF or BDF header. */
export function isEdf(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BLOCK_BYTES) return false;
  const isBdf = bytes[0] === 0xff && fieldOf(bytes, 1, 7).toUpperCase() === "BIOSEMI";
  return (isBdf || fieldOf(bytes, 0, 8) === "0") && /^\d+$/.test(fieldOf(bytes, 252, 4));
}

/**
 * Parses a header.
 * @param file name of the file, for messages
 * @throws EctopyError `damaged-file`, with the byte
 */
export function parseEdfHeader(bytes: SourceBytes, file: string): EdfHeader {
  if (bytes.length < HEADER_BLOCK_BYTES) {
    throw damaged(`${file} ends inside its header: it has ${bytes.length} of ${HEADER_BLOCK_BYTES} bytes.`);
  }
  const first = copyOf(bytes, 0, HEADER_BLOCK_BYTES);
  if (!isEdf(first)) throw damaged(`${file}, byte 0: this is no header of EDF or BDF.`);
  const bytesPerSample = first[0] === 0xff ? 3 : 2;
  const findings: Finding[] = [];
  const count = Number(fieldOf(first, 252, 4));
  const headerBytes = HEADER_BLOCK_BYTES * (count + 1);
  if (bytes.length < headerBytes) {
    throw damaged(
      `${file} ends inside its header: the fields of ${count} signals need ${headerBytes} bytes, and it has ` +
        `${bytes.length}.`,
    );
  }
  const reserved = fieldOf(first, 192, 44);
  const numbers = new Numbers(file, findings);
  const announced = numbers.read(fieldOf(first, 236, 8));
  const recording = fieldOf(first, 88, 80);
  const kind = bytesPerSample === 2 ? "EDF" : "BDF";
  const plus = /^[EB]DF\+([CD])/.exec(reserved)?.[1];
  const signals = readSignals(copyOf(bytes, HEADER_BLOCK_BYTES, headerBytes), {
    file,
    count,
    label: annotationLabels[bytesPerSample],
    numbers,
    findings,
  });
  const samplesPerRecord = signals.reduce((sum, signal) => sum + signal.samplesPerRecord, 0);
  const header: EdfHeader = {
    variant: plus === undefined ? kind : `${kind}+${plus}`,
    bytesPerSample,
    hasGaps: plus === "D",
    patient: fieldOf(first, 8, 80),
    recording,
    start: readStart(
      { date: fieldOf(first, 168, 8), time: fieldOf(first, 176, 8), recording, isPlus: plus !== undefined, file },
      findings,
    ),
    dataOffset: headerBytes,
    records: announced !== null && Number.isInteger(announced) && announced >= 0 ? announced : null,
    recordSeconds: readDuration(numbers.read(fieldOf(first, 244, 8)), signals, file, findings),
    samplesPerRecord,
    signals,
    findings,
  };
  header.dataOffset = findData(header, numbers.read(fieldOf(first, 184, 8)), {
    length: bytes.length,
    file,
    headerBytes,
  });
  for (const { label, samplesPerRecord: samples } of signals) {
    if (samples / header.recordSeconds > limits.rate) {
      throw damaged(`${file}: the sampling rate of ${quote(label)} is above ${limits.rate} Hz.`);
    }
  }
  numbers.report();
  return header;
}

/** Returns the byte of the data: after the fields, or where the header says, if the file's size agrees with that. */
function findData(
  { records, samplesPerRecord, bytesPerSample, findings }: EdfHeader,
  stated: number | null,
  { length, file, headerBytes }: { length: number; file: string; headerBytes: number },
): number {
  if (stated === headerBytes) return headerBytes;
  const dataBytes = (records ?? 0) * samplesPerRecord * bytesPerSample;
  const isStated =
    stated !== null &&
    Number.isInteger(stated) &&
    stated > headerBytes &&
    dataBytes > 0 &&
    stated + dataBytes === length;
  const chosen = isStated ? stated : headerBytes;
  findings.push(
    warning(
      `${file}, byte 184: the header's size is ${stated ?? "no number"}, and its fields need ${headerBytes} bytes; ` +
        `the data were read from byte ${chosen}.`,
      "",
      "header",
    ),
  );
  return chosen;
}

function readDuration(stated: number | null, signals: readonly EdfSignal[], file: string, findings: Finding[]): number {
  if (stated !== null && stated > 0 && stated <= 1e6) return stated;
  const hasSamples = signals.some(({ isAnnotations, samplesPerRecord }) => !isAnnotations && samplesPerRecord > 0);
  // EDF+, 2.1.2: the duration may be 0 where a record has no signals.
  if (hasSamples) {
    findings.push(
      warning(
        `${file}, byte 244: the duration of a data record is ${stated ?? "no number"}; 1 s was assumed.`,
        "Check the sampling rate.",
        "header",
      ),
    );
  }
  return 1;
}

function readSignals(
  bytes: Uint8Array,
  options: { file: string; count: number; label: string; numbers: Numbers; findings: Finding[] },
): EdfSignal[] {
  const { file, count, label, numbers, findings } = options;
  const uncalibrated: string[] = [];
  const signals: EdfSignal[] = [];
  let offset = 0;
  for (let index = 0; index < count; index++) {
    const fields = fieldsOf(bytes, index, count);
    const samples = numbers.read(fields.samples);
    if (samples === null || !Number.isInteger(samples) || samples < 0 || samples > limits.samplesPerRecord) {
      throw damaged(
        `${file}, signal ${index + 1}: its samples in a data record are ${quote(fields.samples)}, not an integer.`,
      );
    }
    const isAnnotations = fields.label === label || fields.label === annotationLabels[2];
    const calibration = isAnnotations ? null : calibrationOf(fields, numbers);
    if (calibration === null && !isAnnotations) uncalibrated.push(fields.label || `signal ${index + 1}`);
    signals.push({
      label: fields.label,
      units: calibration === null ? "" : fields.units,
      gain: calibration?.gain ?? 1,
      baseline: calibration?.baseline ?? 0,
      samplesPerRecord: samples,
      offset,
      transducer: fields.transducer,
      prefilter: fields.prefilter,
      isAnnotations,
    });
    offset += samples;
  }
  if (uncalibrated.length > 0) {
    findings.push(
      warning(
        `${file}: the physical or digital range of ${uncalibrated.slice(0, 8).join(", ")} is empty or unreadable; ` +
          "digital values are shown, without a unit.",
        "Enter the unit and the gain, or choose another lead.",
        "no-gain",
      ),
    );
  }
  return signals;
}

/** EDF specification: the extremes of digital and physical values are two points of a line. */
function calibrationOf(fields: SignalFields, numbers: Numbers): { gain: number; baseline: number } | null {
  const { physicalMin, physicalMax, digitalMin, digitalMax } = fields;
  const [fromPhysical, toPhysical, fromDigital, toDigital] = [physicalMin, physicalMax, digitalMin, digitalMax].map(
    (text) => numbers.read(text) ?? Number.NaN,
  );
  const gain = (toDigital - fromDigital) / (toPhysical - fromPhysical);
  const baseline = fromDigital - fromPhysical * gain;
  const size = Math.abs(gain);
  return size >= limits.gain.min && size <= limits.gain.max && Math.abs(baseline) <= limits.baseline
    ? { gain, baseline }
    : null;
}

function fieldsOf(bytes: Uint8Array, index: number, count: number): SignalFields {
  let from = 0;
  const entries = Object.entries(signalFields).map(([name, length]) => {
    const text = fieldOf(bytes, from + index * length, length);
    from += count * length;
    return [name, text];
  });
  return Object.fromEntries(entries) as SignalFields;
}

function fieldOf(bytes: Uint8Array, from: number, length: number): string {
  return decodeText(bytes.subarray(from, from + length))
    .replace(/[\0\s]+/g, " ")
    .trim();
}

/** Numbers of a header; decimal commas are read, and reported once. */
class Numbers {
  readonly #file: string;
  readonly #findings: Finding[];
  #commas = 0;
  #firstComma = "";

  constructor(file: string, findings: Finding[]) {
    this.#file = file;
    this.#findings = findings;
  }

  /** Returns null where the text is no number. */
  read(text: string): number | null {
    const hasComma = /^[^,]*,[^,]*$/.test(text) && !text.includes(".");
    const dotted = hasComma ? text.replace(",", ".") : text;
    const value = decimalOf(dotted);
    if (value === null) return null;
    if (hasComma && this.#commas++ === 0) this.#firstComma = text;
    return value;
  }

  report(): void {
    if (this.#commas === 0) return;
    this.#findings.push(
      note(
        `${this.#file}: ${this.#commas} numbers of the header have a comma, the first ${quote(this.#firstComma)}; it was ` +
          "read as a decimal point.",
        "header",
      ),
    );
  }
}
