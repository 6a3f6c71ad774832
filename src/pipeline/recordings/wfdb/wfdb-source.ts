/** Opens a WFDB record: header, signals and annotations, as a {@link RecordingSource}. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation, Finding, Signal } from "../../../contract/domain/recordings.ts";
import type { RecordingSource, SampleBlock, SourceAnnotations } from "../source.ts";
import { decodeText } from "../text.ts";
import { latestSample, parseAnnotations } from "./annotations.ts";
import { damaged } from "./faults.ts";
import { parseHeader, startOf, type RecordHeader } from "./header.ts";
import { openSignals, type SignalFiles } from "./open-signals.ts";
import { openSegments } from "./segments.ts";
import { takeExactBaselines } from "./write-record.ts";

export interface RecordFiles extends SignalFiles {
  /** Name of the header file without `.hea`. */
  name: string;
  /** Extension of the annotation file that is read, such as `atr`. */
  annotator: string;
  /** Bytes of the annotation file; null without one. */
  annotations: Uint8Array | null;
  /** Bytes of the annotation files by other annotators. */
  otherAnnotations?: ReadonlyMap<string, Uint8Array>;
  /** Files of the segments by name, for a record of several segments. */
  segments?: ReadonlyMap<string, SignalFiles>;
}

/** A WFDB record: unlike other sources, it decodes chosen signals alone. */
export interface WfdbSource extends RecordingSource {
  header: RecordHeader;
  /** @param chosen numbers of the signals, in the order of the blocks; by default all */
  blocks(chosen?: readonly number[]): Iterable<SampleBlock>;
  /** Reads all samples at once. @param chosen as for {@link blocks} */
  samples(chosen: readonly number[]): Signal["samples"][];
}

/**
 * Opens a record.
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `not-found`, `nothing-usable`
 */
export function openRecord(files: RecordFiles): WfdbSource {
  const file = `${files.name}.hea`;
  const findings: Finding[] = [];
  const header = parseHeader(decodeText(files.header), file, findings);
  takeExactBaselines(header);
  if (header.name !== files.name) {
    findings.push({
      code: "header",
      severity: "warning",
      message: `${file} has the record name ${header.name}.`,
      fix: "Check that the file was not renamed by mistake.",
    });
  }
  for (const [named, file] of files.renamed ?? []) {
    findings.push({
      code: "header",
      severity: "warning",
      message: `The signal file ${named} is missing: the samples were read from a file that is called like the header.`,
      fix: `Check that ${file} is that file under another name.`,
    });
  }
  const bytesByAnnotator = new Map([
    ...(files.annotations ? [[files.annotator, files.annotations] as const] : []),
    ...(files.otherAnnotations ?? []),
  ]);
  if (header.segments === null && header.signals.length === 0) refuseWithoutSignals(files.name, bytesByAnnotator);
  const opened =
    header.segments === null
      ? openSignals(header, files.signals, file, findings)
      : openSegments(header, files.segments ?? new Map(), findings);
  const perFrame = Math.max(...opened.signals.map(({ samplesPerFrame }) => samplesPerFrame));
  const times = { frameRate: header.rate, rate: header.rate * perFrame, frames: opened.frames };
  const annotators = [...bytesByAnnotator].flatMap(([annotator, bytes]) =>
    tryAnnotations(annotator, bytes, { file: `${files.name}.${annotator}`, ...times }, findings),
  );
  const known = findings.length;
  return {
    name: files.name,
    format: "WFDB",
    header,
    ...times,
    startsAt: startOf(header),
    signals: opened.signals,
    annotators,
    comments: header.comments,
    findings,
    blocks(chosen = opened.signals.map((_, i) => i)) {
      // Reading again finds the same again.
      findings.length = known;
      return opened.blocks(chosen, findings);
    },
    samples(chosen) {
      findings.length = known;
      return opened.samples(chosen, findings);
    },
  };
}

/**
 * Refuses a record that has annotations alone, as those of PhysioNet's nsr2db and chf2db: there is nothing to view, and
 * a beat has no samples to train on.
 */
function refuseWithoutSignals(name: string, bytesByAnnotator: ReadonlyMap<string, Uint8Array>): void {
  const counts = [...bytesByAnnotator].flatMap(([annotator, bytes]) => {
    const count = countAnnotations(bytes, `${name}.${annotator}`);
    return count === 0 ? [] : [`${count} by ${annotator}`];
  });
  if (counts.length === 0) return;
  throw new EctopyError(
    "unsupported",
    `Record ${name} has annotations (${counts.join(", ")}), but no signals.`,
    "Ectopy reads beats from signals: import a database that has them. Times of beats alone can't be viewed or trained on.",
  );
}

function countAnnotations(bytes: Uint8Array, file: string): number {
  try {
    return parseAnnotations(bytes, file).annotations.length;
  } catch (error) {
    if (error instanceof EctopyError) return 0;
    throw error;
  }
}

/** What the times of an annotation file depend on. */
export interface AnnotationTimes {
  /** Name of the file, for messages. */
  file: string;
  frameRate: number;
  rate: number;
  frames: number;
}

/** Reads an annotation file; one that can't be read is left out with a finding. */
function tryAnnotations(
  annotator: string,
  bytes: Uint8Array,
  times: AnnotationTimes,
  findings: Finding[],
): SourceAnnotations[] {
  try {
    return [{ annotator, annotations: readAnnotations(bytes, times, findings) }];
  } catch (error) {
    if (!(error instanceof EctopyError)) throw error;
    findings.push({ severity: "warning", message: `${error.message} Its annotations were left out.`, fix: error.fix });
    return [{ annotator, annotations: [] }];
  }
}

/**
 * Reads annotations in the order of the file, with times at the highest rate of the record.
 * @param findings gets what is odd
 * @throws EctopyError `damaged-file`, `unsupported`
 */
export function readAnnotations(bytes: Uint8Array, times: AnnotationTimes, findings: Finding[]): Annotation[] {
  const { file, rate } = times;
  const read = parseAnnotations(bytes, file);
  findings.push(...read.findings);
  const resolution = read.timeResolution ?? resolutionOf(read.annotations, times, findings);
  // The note on the resolution has nine decimals.
  if (Math.abs(resolution - rate) < 1e-9) return read.annotations;
  if (read.timeResolution !== null) {
    findings.push({
      severity: "note",
      message: `${file} counts time at ${resolution} Hz: its annotations were moved to the nearest sample at ${rate} Hz.`,
      fix: "",
    });
  }
  return read.annotations.map((annotation): Annotation => {
    const sample = Math.round((annotation.sample * rate) / resolution);
    if (sample > latestSample) {
      throw damaged(
        `${file} counts time at ${resolution} Hz: an annotation has the impossible sample number ${sample}.`,
      );
    }
    return { ...annotation, sample };
  });
}

/** Returns the rate at which annotations without a resolution count: frames (annot(5)), or samples where they exceed frames. */
function resolutionOf(
  annotations: readonly Annotation[],
  { file, frameRate, rate, frames }: AnnotationTimes,
  findings: Finding[],
): number {
  if (frameRate === rate || annotations.every(({ sample }) => sample < frames)) return frameRate;
  findings.push({
    code: "header",
    severity: "note",
    message: `${file} has annotations beyond the last of ${frames} frames: they were read as samples at ${rate} Hz.`,
    fix: "",
  });
  return rate;
}
