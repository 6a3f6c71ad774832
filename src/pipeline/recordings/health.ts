/** Health of a recording: beats, gaps, leads without an ECG, implausible amplitudes and annotations. */
import type {
  Annotation,
  Finding,
  FindingCode,
  HealthReport,
  RecordDetails,
  RecordHealth,
  Signal,
} from "../../contract/domain/recordings.ts";
import { isOtherSignal } from "../../contract/domain/leads.ts";
import type { LeadFacts } from "./examination.ts";
import { isBeat } from "./wfdb/codes.ts";

/** A lead whose samples were examined. */
export interface ExaminedLead extends Omit<Signal, "samples">, LeadFacts {
  /** Unit in the file; {@link Signal.units} are mV for every voltage. */
  sourceUnits: string;
}

/** A recording whose samples were examined. */
export interface ExaminedRecording {
  name: string;
  rate: number;
  length: number;
  comments: string[];
  leads: ExaminedLead[];
}

/**
 * Seconds of equal samples that indicate a disconnected lead; no lead of the MIT-BIH database is flat for one second.
 */
const flatSeconds = 5;
/** Shortest possible interval between two beats, in seconds: half the shortest refractory period of a ventricle. */
const shortestInterval = 0.1;

/**
 * Share of samples at the lowest or highest value that indicates a lead at its limit. A sine of 64 values has 6 % at
 * each end.
 */
const railedShare = 0.1;
/** Values between the lowest and the highest sample of a lead that can be at its limit. */
const railedRange = 64;
/** Distance of a limit from the mean, in standard deviations: a level baseline, the lowest value of some leads, is nearer. */
const railedDistance = 0.9;
/** Equal samples in a row that a clipped signal has at least. */
const railedRun = 10;
/** Mean of a lead in mV that indicates an offset; drift and coupling of MIT-BIH's leads stay below 2 mV. */
const offsetMillivolts = 2.5;
/** Standard deviation of an ECG in mV: outside of this range, the unit or the gain is wrong. */
const plausibleDeviation = { least: 0.001, most: 20 };

/**
 * Returns the health of a readable recording.
 * @param read annotations: null without an annotation file; annotationFile: its name, for messages; findings: those of
 *   the readers
 */
export function recordHealth(
  recording: ExaminedRecording,
  read: {
    annotations: readonly Annotation[] | null;
    annotationFile: string;
    findings: readonly Finding[];
    details?: RecordDetails | undefined;
  },
): RecordHealth {
  const { annotations, annotationFile, findings, details } = read;
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
    ...(details === undefined ? {} : { details }),
    findings: [
      ...findings,
      ...recording.leads.flatMap(leadFindings),
      ...(annotations === null
        ? [noAnnotations(annotationFile, details?.format)]
        : annotationFindings(recording, annotations, annotationFile)),
    ],
  };
}

/** Returns the health of an unreadable record. */
export function damagedRecord(name: string, message: string, fix: string, code?: FindingCode): RecordHealth {
  return {
    name,
    usable: false,
    rate: 0,
    length: 0,
    leads: [],
    beats: {},
    otherAnnotations: 0,
    comments: [],
    findings: [{ ...(code === undefined ? {} : { code }), severity: "damaged", message, fix }],
  };
}

/**
 * Returns the totals over a folder. Beats and seconds are those of the usable records.
 *
 * @param findings findings that belong to no single record
 */
export function healthReport<Health extends RecordHealth>(
  records: readonly Health[],
  findings: readonly Finding[] = [],
): HealthReport<Health> {
  const usable = records.filter((record) => record.usable);
  const beats = new Map<string, number>();
  for (const record of usable) {
    for (const [symbol, count] of Object.entries(record.beats)) beats.set(symbol, (beats.get(symbol) ?? 0) + count);
  }
  return {
    records: [...records],
    findings: [...findings, ...singleSymbol(usable, beats)],
    usableRecords: usable.length,
    damagedRecords: records.length - usable.length,
    beats: inCodePointOrder(beats),
    seconds: usable.reduce((sum, record) => sum + (record.rate > 0 ? record.length / record.rate : 0), 0),
  };
}

/** Returns a finding on beats that all have one symbol: nothing can be classified. */
function singleSymbol(usable: readonly RecordHealth[], beats: ReadonlyMap<string, number>): Finding[] {
  if (beats.size !== 1) return [];
  const [[symbol, count]] = [...beats];
  return [
    warning(
      "single-symbol",
      `All ${count} beats of ${usable.length} ${usable.length === 1 ? "recording" : "recordings"} have the symbol ${symbol}.`,
      "A classifier needs beats of two classes at least: import further recordings, or another annotator.",
    ),
  ];
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

function warning(code: FindingCode, message: string, fix: string): Finding {
  return { code, severity: "warning", message, fix };
}

/** Returns what is odd about a lead. */
export function leadFindings(examined: ExaminedLead): Finding[] {
  const { lead, samples, missing } = examined;
  const all = warning("all-missing", `Lead ${lead} has no samples: all are missing.`, CHOOSE_ANOTHER_LEAD);
  if (missing === samples) return [all];
  return [missingSamples(examined), otherSignal(examined), flatOrRailed(examined), ...amplitude(examined)].filter(
    (finding) => finding !== null,
  );
}

const CHOOSE_ANOTHER_LEAD = "Choose another lead, or exclude the recording.";

function missingSamples({ lead, missing, samples }: ExaminedLead): Finding | null {
  if (missing === 0) return null;
  const share = ((100 * missing) / samples).toFixed(missing / samples < 0.01 ? 2 : 0);
  return warning(
    "missing-samples",
    `Lead ${lead}: ${missing} of ${samples} samples are missing (${share} %).`,
    "Beats whose window has missing samples are excluded.",
  );
}

function otherSignal({ lead, units, sourceUnits }: ExaminedLead): Finding | null {
  if (isOtherSignal(lead)) {
    return warning("not-ecg", `Lead ${lead} is no ECG by its name.`, "Choose a lead of the ECG.");
  }
  if (units === "mV") return null;
  return warning(
    "unknown-unit",
    sourceUnits === ""
      ? `Lead ${lead} has no unit.`
      : `Lead ${lead} is in ${sourceUnits}, which is no unit of voltage.`,
    "Its values are read as they are, not in mV. Name its unit in the file, or choose another lead.",
  );
}

function flatOrRailed({ lead, longestFlat, samples, missing, rate, ...facts }: ExaminedLead): Finding | null {
  const present = samples - missing;
  if (longestFlat === present) {
    return warning("flat-lead", `Lead ${lead} is flat from start to end.`, CHOOSE_ANOTHER_LEAD);
  }
  const { atLowest, atHighest, lowest, highest, mean, deviation } = facts;
  const atLimit = Math.max(atLowest, atHighest);
  const limit = atHighest >= atLowest ? highest : lowest;
  const isFar = highest - lowest > railedRange && Math.abs(limit - mean) > railedDistance * deviation;
  if (atLimit > railedShare * present && isFar && longestFlat >= railedRun) {
    const share = ((100 * atLimit) / present).toFixed(0);
    return warning(
      "railed-lead",
      `Lead ${lead} is at its limit (digital value ${limit}) for ${share} % of the recording.`,
      CHOOSE_ANOTHER_LEAD,
    );
  }
  if (longestFlat < flatSeconds * rate) return null;
  return warning(
    "flat-interval",
    `Lead ${lead} is flat for ${(longestFlat / rate).toFixed(1)} s.`,
    CHOOSE_ANOTHER_LEAD,
  );
}

/** Findings on the offset and on the unit of a lead in mV. */
function amplitude({ lead, units, gain, baseline, mean, deviation, longestFlat, samples }: ExaminedLead): Finding[] {
  if (units !== "mV" || isOtherSignal(lead) || longestFlat === samples) return [];
  const findings: Finding[] = [];
  const millivolts = deviation / Math.abs(gain);
  if (millivolts > plausibleDeviation.most || millivolts < plausibleDeviation.least) {
    findings.push(
      warning(
        "implausible-amplitude",
        `Lead ${lead} varies by ${Number(millivolts.toPrecision(2))} mV (standard deviation): ` +
          `${millivolts > plausibleDeviation.most ? "larger" : "smaller"} than an ECG.`,
        "Check its unit and its gain, such as µV instead of mV.",
      ),
    );
    return findings;
  }
  const offset = (mean - baseline) / gain;
  if (Math.abs(offset) > offsetMillivolts) {
    findings.push(
      warning(
        "offset",
        `Lead ${lead} is ${offset.toFixed(1)} mV away from 0 on average.`,
        "Beats without denoising or normalisation keep the offset. Check the baseline in the header.",
      ),
    );
  }
  return findings;
}

/** Returns the finding on a recording without annotations. @param format format of its file; undefined: WFDB */
function noAnnotations(file: string, format: string | undefined): Finding {
  if (format !== undefined) {
    return warning(
      "no-annotations",
      `The ${format} file has no annotations: the recording can be viewed, but has no beats.`,
      "",
    );
  }
  return warning(
    "no-annotations",
    `${file} is missing: the recording has no annotated beats.`,
    "Add the annotation file to the header's folder, and import the recording again.",
  );
}

function annotationFindings(
  recording: { rate: number; length: number },
  annotations: readonly Annotation[],
  file: string,
): Finding[] {
  const reviewFix = `Review ${file} in the viewer before you rely on its annotations.`;
  const findings: Finding[] = [];
  const beats = annotations.filter(({ symbol }) => isBeat(symbol));
  if (beats.length === 0) {
    findings.push(
      warning(
        "no-beats",
        `${file} has no beat annotations.`,
        "Import the recording with the annotator that annotates beats.",
      ),
    );
  }
  const beyond = annotations.filter(({ sample }) => sample >= recording.length).length;
  if (beyond > 0) {
    findings.push(
      warning(
        "annotations-beyond-end",
        `${file}: ${beyond} annotations are beyond the end of the recording (sample ${recording.length}).`,
        "Check that the annotation file belongs to this recording.",
      ),
    );
  }
  const backward = annotations.findIndex(({ sample }, i) => i > 0 && sample < annotations[i - 1].sample);
  if (backward >= 0) {
    const { sample } = annotations[backward];
    findings.push(
      warning(
        "times-backward",
        `${file} is not in order of time at annotation ${backward + 1} (sample ${sample}).`,
        reviewFix,
      ),
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
        "beats-too-close",
        `${file}: ${tooClose} beats follow the previous one within ${1000 * shortestInterval} ms, ` +
          `the first at sample ${firstClose}; some R-peaks may be annotated twice.`,
        reviewFix,
      ),
    );
  }
  return findings;
}
