/** Health of a record: beats, gaps, flat leads, implausible annotations. */
import type { Annotation, Finding, HealthReport, RecordHealth } from "../../../contract/domain/recordings.ts";
import { isBeat } from "./codes.ts";
import type { ExaminedLead } from "./examination.ts";
import type { SignalsExamined } from "./signals.ts";

/**
 * Seconds of equal samples that indicate a disconnected lead; no lead of the MIT-BIH database is flat for one second.
 */
const flatSeconds = 5;
/** Shortest possible interval between two beats, in seconds: half the shortest refractory period of a ventricle. */
const shortestInterval = 0.1;

/**
 * Returns the health of a readable record.
 * @param annotations null without an annotation file
 * @param annotationFile name of the annotation file, for messages
 * @param findings findings of the readers
 */
export function recordHealth(
  recording: SignalsExamined["recording"],
  annotations: readonly Annotation[] | null,
  annotationFile: string,
  findings: readonly Finding[],
): RecordHealth {
  const beats = (annotations ?? []).filter(({ symbol }) => isBeat(symbol));
  return {
    name: recording.name,
    usable: true,
    rate: recording.rate,
    length: recording.length,
    leads: recording.leads.map(({ lead }) => lead),
    beats: countSymbols(beats),
    otherAnnotations: (annotations ?? []).length - beats.length,
    comments: recording.comments,
    findings: [
      ...findings,
      ...recording.leads.flatMap((lead) => leadFindings(lead, recording)),
      ...annotationFindings(recording, annotations, annotationFile),
    ],
  };
}

/** Returns the health of an unreadable record. */
export function damagedRecord(name: string, message: string, fix: string): RecordHealth {
  return {
    name,
    usable: false,
    rate: 0,
    length: 0,
    leads: [],
    beats: {},
    otherAnnotations: 0,
    comments: [],
    findings: [{ severity: "damaged", message, fix }],
  };
}

/**
 * Returns the totals over a folder. Beats and seconds are those of the usable records.
 *
 * @param findings findings that belong to no single record
 */
export function healthReport(records: readonly RecordHealth[], findings: readonly Finding[] = []): HealthReport {
  const usable = records.filter((record) => record.usable);
  const beats = new Map<string, number>();
  for (const record of usable) {
    for (const [symbol, count] of Object.entries(record.beats)) beats.set(symbol, (beats.get(symbol) ?? 0) + count);
  }
  return {
    records: [...records],
    findings: [...findings],
    usableRecords: usable.length,
    damagedRecords: records.length - usable.length,
    beats: inCodePointOrder(beats),
    seconds: usable.reduce((sum, record) => sum + record.length / record.rate, 0),
  };
}

/** Counts annotations by symbol, in the order of code points. */
export function countSymbols(annotations: readonly Annotation[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { symbol } of annotations) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return inCodePointOrder(counts);
}

function inCodePointOrder(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function warning(message: string, fix: string): Finding {
  return { severity: "warning", message, fix };
}

function leadFindings(
  { lead, missing, longestFlat }: ExaminedLead,
  { rate, length }: { rate: number; length: number },
): Finding[] {
  const findings: Finding[] = [];
  if (missing > 0) {
    const share = ((100 * missing) / length).toFixed(missing / length < 0.01 ? 2 : 0);
    findings.push(
      warning(
        `Lead ${lead}: ${missing} of ${length} samples are missing (${share} %).`,
        "Beats whose window has missing samples are excluded.",
      ),
    );
  }
  if (longestFlat >= flatSeconds * rate) {
    findings.push(
      warning(
        longestFlat === length
          ? `Lead ${lead} is flat from start to end.`
          : `Lead ${lead} is flat for ${(longestFlat / rate).toFixed(1)} s.`,
        "Choose another lead, or exclude the recording.",
      ),
    );
  }
  return findings;
}

function annotationFindings(
  recording: { rate: number; length: number },
  annotations: readonly Annotation[] | null,
  file: string,
): Finding[] {
  const reviewFix = `Review ${file} in the viewer before you rely on its annotations.`;
  if (annotations === null) {
    return [
      warning(
        `${file} is missing: the recording has no annotated beats.`,
        "Add the annotation file to the header's folder, and import the recording again.",
      ),
    ];
  }
  const findings: Finding[] = [];
  const beats = annotations.filter(({ symbol }) => isBeat(symbol));
  if (beats.length === 0) {
    findings.push(
      warning(`${file} has no beat annotations.`, "Import the recording with the annotator that annotates beats."),
    );
  }
  const beyond = annotations.filter(({ sample }) => sample >= recording.length).length;
  if (beyond > 0) {
    findings.push(
      warning(
        `${file}: ${beyond} annotations are beyond the end of the recording (sample ${recording.length}).`,
        "Check that the annotation file belongs to this recording.",
      ),
    );
  }
  const backward = annotations.findIndex(({ sample }, i) => i > 0 && sample < annotations[i - 1].sample);
  if (backward >= 0) {
    const { sample } = annotations[backward];
    findings.push(
      warning(`${file} is not in order of time at annotation ${backward + 1} (sample ${sample}).`, reviewFix),
    );
  }
  const times = Float64Array.from(beats, ({ sample }) => sample).sort();
  let tooClose = 0;
  let firstClose = 0;
  for (let i = 1; i < times.length; i++) {
    if (times[i] - times[i - 1] < shortestInterval * recording.rate && tooClose++ === 0) firstClose = times[i]!;
  }
  if (tooClose > 0) {
    findings.push(
      warning(
        `${file}: ${tooClose} beats follow the previous one within ${1000 * shortestInterval} ms, ` +
          `the first at sample ${firstClose}; some R-peaks may be annotated twice.`,
        reviewFix,
      ),
    );
  }
  return findings;
}
