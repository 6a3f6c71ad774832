/** Reads a WFDB record: header, signals and annotations, with its health. Damage is reported, not thrown. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import {
  missingSampleOf,
  type Annotation,
  type Finding,
  type RecordHealth,
  type Recording,
} from "../../../contract/domain/recordings.ts";
import { LeadExamination } from "../examination.ts";
import { damagedRecord } from "../health.ts";
import { annotationsBy, examineSource, healthOf, lengthOf, signalOf } from "../read-source.ts";
import { openRecord, type RecordFiles, type WfdbSource } from "./wfdb-source.ts";

export type { RecordFiles } from "./wfdb-source.ts";

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
  findings: readonly Finding[];
}

/**
 * Parses a record.
 * @param chosen numbers of the signals to decode, from 0; by default all
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `not-found`, `nothing-usable`, `invalid-settings` (a
 *   chosen signal)
 */
export function parseRecord(files: RecordFiles, chosen?: readonly number[]): ParsedRecord {
  const source = openRecord(files);
  return { ...parseSource(source, chosen), annotations: annotationsBy(source, files.annotator) };
}

/**
 * Parses a record with one of its leads.
 * @param choose returns the number of the lead by the names of all; −1: none of them
 * @returns null where none was chosen
 * @throws EctopyError as {@link parseRecord}
 */
export function parseLead(files: RecordFiles, choose: (leads: string[]) => number): ParsedRecord | null {
  return parseLeads(files, (leads) => {
    const chosen = choose(leads);
    return chosen === -1 ? [] : [chosen];
  });
}

/**
 * Parses a record with some of its leads.
 * @param choose returns the numbers of the leads by the names of all
 * @returns null where none was chosen
 * @throws EctopyError as {@link parseRecord}
 */
export function parseLeads(files: RecordFiles, choose: (leads: string[]) => number[]): ParsedRecord | null {
  const source = openRecord(files);
  const chosen = choose(source.signals.map(({ lead }) => lead));
  if (chosen.length === 0) return null;
  return { ...parseSource(source, chosen), annotations: annotationsBy(source, files.annotator) };
}

function parseSource(
  source: WfdbSource,
  chosen: readonly number[] = source.signals.map((_, i) => i),
): { recording: Recording; findings: readonly Finding[] } {
  refuseMissing(source, chosen);
  const { name, rate, comments, findings } = source;
  const samples = source.samples(chosen);
  const signals = chosen.map((number, i) => ({
    ...signalOf(source.signals[number], source.frameRate),
    samples: samples[i],
  }));
  return { recording: { name, rate, length: lengthOf(source), signals, comments: [...comments] }, findings };
}

function refuseMissing({ name, signals }: WfdbSource, chosen: readonly number[]): void {
  for (const index of chosen) {
    if (signals[index] !== undefined) continue;
    throw new EctopyError(
      "invalid-settings",
      `Record ${name} has ${signals.length} signals, numbered from 0: there is no signal ${index}.`,
      "Choose a signal that every record has.",
    );
  }
}

/**
 * Reads a record.
 * @returns the record; a damaged one has no recording, and its health names the reason
 */
export function readRecord(files: RecordFiles): RecordRead {
  return orDamaged(files, { recording: null, annotations: [] }, () => {
    const source = openRecord(files);
    const { recording } = parseSource(source);
    const annotations = annotationsBy(source, files.annotator);
    const leads = recording.signals.map(({ samples }) => {
      const examination = new LeadExamination();
      examination.add(samples, missingSampleOf(samples));
      return examination;
    });
    const health = healthOf(source, leads, annotations, files.annotator, annotationFileOf(files));
    return { recording, annotations: inOrderOfTime(annotations), health };
  });
}

/** Returns the health of a record like {@link readRecord}, without loading all samples into memory. */
export function checkRecord(files: RecordFiles): RecordHealth {
  const { health } = orDamaged(files, {}, () => ({
    health: examineSource(openRecord(files), files.annotator, annotationFileOf(files)),
  }));
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
    return {
      ...nothing,
      health: damagedRecord(name, error.message, error.fix, error.code === "unsupported" ? "unsupported" : undefined),
    };
  }
}

/** Sorts annotations by time, because files may be in another order. */
export function inOrderOfTime(annotations: readonly Annotation[] | null): Annotation[] {
  return (annotations ?? []).toSorted((a, b) => a.sample - b.sample);
}

function annotationFileOf({ name, annotator }: RecordFiles): string {
  return `${name}.${annotator}`;
}
