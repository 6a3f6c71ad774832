/** One WFDB record as a whole: header, signals and annotations, with a report of its health. A damaged one is reported, not thrown. */
import { EctopyError } from "../../../contract/errors.ts";
import type { Annotation, Finding, RecordHealth, Recording } from "../../../contract/recordings.ts";
import { latestSample, parseAnnotations } from "./annotations.ts";
import { damaged, quote } from "./faults.ts";
import { damagedRecord, recordHealth } from "./health.ts";
import { parseHeader } from "./header.ts";
import { readSignals } from "./signals.ts";

export interface RecordFiles {
  /** Name of the header file without `.hea`. */
  name: string;
  /** Text of the header file. */
  header: string;
  /** Bytes of the signal files, by the names in the header. */
  signals: ReadonlyMap<string, Uint8Array>;
  /** Extension of the annotation file, such as `atr`. */
  annotator: string;
  /** Bytes of the annotation file; null: there is none. */
  annotations: Uint8Array | null;
}

export interface RecordRead {
  /** Null where the record is damaged. */
  recording: Recording | null;
  /** In order of time; empty where the record is damaged or has no annotation file. */
  annotations: Annotation[];
  health: RecordHealth;
}

/** A sound record, before its health is looked into. */
export interface ParsedRecord {
  recording: Recording;
  /** In the order of the file; null where there is no annotation file. */
  annotations: Annotation[] | null;
  /** What reading the files found. */
  findings: Finding[];
}

/**
 * @param chosen signals to decode, from 0; all without it. The others' checksums are still verified
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `not-found`, `nothing-usable`
 */
export function parseRecord(files: RecordFiles, chosen?: readonly number[]): ParsedRecord {
  if (!/^[\w-]{1,100}$/.test(files.name)) {
    throw damaged(
      `${quote(`${files.name}.hea`)} is not named like a record: letters, digits, “_” and “-”.`,
      "Rename its files.",
    );
  }
  const header = parseHeader(files.header, `${files.name}.hea`);
  const findings: Finding[] = [];
  if (header.name !== files.name) {
    findings.push({
      severity: "warning",
      message: `${files.name}.hea calls its record ${header.name}.`,
      fix: "Make sure that the file was not renamed by mistake.",
    });
  }
  const uncalibrated = header.signals.filter(({ calibrated }) => !calibrated).length;
  if (uncalibrated > 0) {
    findings.push({
      severity: "warning",
      message: `${files.name}.hea gives no gain for ${uncalibrated} signals: 200 units a mV were assumed.`,
      fix: "Amplitudes in mV may be wrong; labels are not affected.",
    });
  }
  const signals = readSignals(header, files.signals, chosen);
  findings.push(...signals.findings);
  const annotations = readAnnotations(files.annotations, annotationFileOf(files), header.rate, findings);
  return { recording: { ...signals.recording, name: files.name }, annotations, findings };
}

/**
 * @param chosen as for {@link parseRecord}
 * @returns what could be read; a damaged record says why in its health, and has no recording
 */
export function readRecord(files: RecordFiles, chosen?: readonly number[]): RecordRead {
  try {
    const { recording, annotations, findings } = parseRecord(files, chosen);
    const health = recordHealth(recording, annotations, annotationFileOf(files), findings);
    return { recording, annotations: inOrderOfTime(annotations), health };
  } catch (error) {
    if (!(error instanceof EctopyError)) throw error;
    return { recording: null, annotations: [], health: damagedRecord(files.name, error.message, error.fix) };
  }
}

/** Files may go back in time; nothing after this does. */
export function inOrderOfTime(annotations: readonly Annotation[] | null): Annotation[] {
  return (annotations ?? []).toSorted((a, b) => a.sample - b.sample);
}

function annotationFileOf({ name, annotator }: RecordFiles): string {
  return `${name}.${annotator}`;
}

/** Annotations with their times in samples of the record, as they stand in the file. */
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
      throw damaged(`${file} counts time at ${resolution} Hz: an annotation at sample ${sample} can't be right.`);
    }
    return { ...annotation, sample };
  });
}
