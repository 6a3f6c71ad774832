/** Reads a WFDB record: header, signals and annotations, with its health. Damage is reported, not thrown. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation, Finding, RecordHealth, Recording } from "../../../contract/domain/recordings.ts";
import { latestSample, parseAnnotations } from "./annotations.ts";
import { damaged, quote } from "./faults.ts";
import { damagedRecord, recordHealth } from "./health.ts";
import { parseHeader, type RecordHeader } from "./header.ts";
import { SignalExamination } from "./examination.ts";
import { examineSignals, readSignals, type SignalBytes, type SignalsExamined } from "./signals.ts";

export interface RecordFiles {
  /** Name of the header file without `.hea`. */
  name: string;
  /** Text of the header file. */
  header: string;
  /** Bytes of the signal files, by the names in the header. */
  signals: ReadonlyMap<string, SignalBytes>;
  /** Extension of the annotation file, such as `atr`. */
  annotator: string;
  /** Bytes of the annotation file; null without one. */
  annotations: Uint8Array | null;
}

export interface RecordRead {
  /** Null for a damaged record. */
  recording: Recording | null;
  /** In order of time; empty for a damaged record or without an annotation file. */
  annotations: Annotation[];
  health: RecordHealth;
}

/** An undamaged record, before its health is examined. */
export interface ParsedRecord {
  recording: Recording;
  /** In the order of the file; null without an annotation file. */
  annotations: Annotation[] | null;
  /** Findings of the readers. */
  findings: Finding[];
}

/**
 * Parses a record.
 * @param chosen numbers of the signals to decode, from 0; by default all. The checksums of the others are still
 * verified
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `not-found`, `nothing-usable`
 */
export function parseRecord(files: RecordFiles, chosen?: readonly number[]): ParsedRecord {
  return parseWith(files, (header) => readSignals(header, files.signals, chosen));
}

interface Parsed<Kind> {
  recording: Kind;
  annotations: Annotation[] | null;
  findings: Finding[];
}

function parseWith<Kind extends { name: string }>(
  files: RecordFiles,
  read: (header: RecordHeader) => { recording: Kind; findings: Finding[] },
): Parsed<Kind> {
  if (!/^[\w-]{1,100}$/.test(files.name)) {
    throw damaged(
      `${quote(`${files.name}.hea`)} is not a valid record name: it must consist of letters, digits, “_” and “-”.`,
      "Rename its files.",
    );
  }
  const header = parseHeader(files.header, `${files.name}.hea`);
  const findings: Finding[] = [];
  if (header.name !== files.name) {
    findings.push({
      severity: "warning",
      message: `${files.name}.hea has the record name ${header.name}.`,
      fix: "Check that the file was not renamed by mistake.",
    });
  }
  const uncalibrated = header.signals.filter(({ calibrated }) => !calibrated).length;
  if (uncalibrated > 0) {
    findings.push({
      severity: "warning",
      message: `${files.name}.hea has no gain for ${uncalibrated} signals: 200 units per mV were assumed.`,
      fix: "Amplitudes in mV may be wrong; annotations are not affected.",
    });
  }
  const signals = read(header);
  findings.push(...signals.findings);
  const annotations = readAnnotations(files.annotations, annotationFileOf(files), header.rate, findings);
  return { recording: { ...signals.recording, name: files.name }, annotations, findings };
}

/**
 * Reads a record.
 * @param chosen as for {@link parseRecord}
 * @returns the record; a damaged one has no recording, and its health names the reason
 */
export function readRecord(files: RecordFiles, chosen?: readonly number[]): RecordRead {
  return orDamaged(files, { recording: null, annotations: [] }, () => {
    const { recording, annotations, findings } = parseRecord(files, chosen);
    const health = recordHealth(examined(recording), annotations, annotationFileOf(files), findings);
    return { recording, annotations: inOrderOfTime(annotations), health };
  });
}

/** Returns the health of a record like {@link readRecord}, without loading all samples into memory. */
export function checkRecord(files: RecordFiles): RecordHealth {
  const { health } = orDamaged(files, {}, () => {
    const { recording, annotations, findings } = parseWith(files, (header) => examineSignals(header, files.signals));
    return { health: recordHealth(recording, annotations, annotationFileOf(files), findings) };
  });
  return health;
}

function orDamaged<Nothing extends object, Read extends { health: RecordHealth }>(
  { name }: RecordFiles,
  nothing: Nothing,
  read: () => Read,
): Read | (Nothing & { health: RecordHealth }) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EctopyError)) throw error;
    return { ...nothing, health: damagedRecord(name, error.message, error.fix) };
  }
}

function examined({ signals, ...recording }: Recording): SignalsExamined["recording"] {
  const leads = signals.map(({ lead, samples }) => {
    const examination = new SignalExamination();
    examination.add(samples);
    return { lead, ...examination.result() };
  });
  return { ...recording, leads };
}

/** Sorts annotations by time, because files may be in another order. */
export function inOrderOfTime(annotations: readonly Annotation[] | null): Annotation[] {
  return (annotations ?? []).toSorted((a, b) => a.sample - b.sample);
}

function annotationFileOf({ name, annotator }: RecordFiles): string {
  return `${name}.${annotator}`;
}

/** Reads annotations in the order of the file, with times in samples of the record. */
function readAnnotations(
  bytes: Uint8Array | null,
  file: string,
  rate: number,
  findings: Finding[],
): Annotation[] | null {
  if (bytes === null) return null;
  const read = parseAnnotations(bytes, file);
  findings.push(...read.findings);
  const resolution = read.timeResolution;
  if (resolution === null || resolution === rate) return read.annotations;
  findings.push({
    severity: "note",
    message: `${file} counts time at ${resolution} Hz: its annotations were moved to the nearest sample at ${rate} Hz.`,
    fix: "",
  });
  return read.annotations.map((annotation) => {
    const sample = Math.round((annotation.sample * rate) / resolution);
    if (sample > latestSample) {
      throw damaged(
        `${file} counts time at ${resolution} Hz: an annotation has the impossible sample number ${sample}.`,
      );
    }
    return { ...annotation, sample };
  });
}
