/** Reads a recording of any format: into memory, or only to examine its health. */
import {
  type Annotation,
  type RecordDetails,
  type RecordHealth,
  type Recording,
  type Signal,
} from "../../contract/domain/recordings.ts";
import { LeadExamination } from "./examination.ts";
import { recordHealth, type ExaminedRecording } from "./health.ts";
import { MISSING_VALUE, type RecordingSource, type SourceSignal } from "./source.ts";
import { unitsPerMillivolt } from "./units.ts";

/** Returns what is known of a signal before its samples are read; a voltage is in mV. */
export function signalOf(
  { lead, units, gain, baseline, samplesPerFrame }: SourceSignal,
  frameRate: number,
): Omit<Signal, "samples"> {
  const perMillivolt = unitsPerMillivolt(units);
  const rate = frameRate * samplesPerFrame;
  if (perMillivolt === null) return { lead, units, gain, baseline, rate };
  return { lead, units: "mV", gain: gain * perMillivolt, baseline, rate };
}

/** Returns the number of samples at the highest rate of a recording. */
export function lengthOf({ frames, frameRate, rate }: Pick<RecordingSource, "frames" | "frameRate" | "rate">): number {
  return Math.round((frames * rate) / frameRate);
}

/** Returns annotations with their times in samples of a signal, whose rate may be lower than the recording's. */
export function atRateOf(
  { rate }: Pick<Signal, "rate">,
  recording: Pick<Recording, "rate">,
  annotations: readonly Annotation[],
): readonly Annotation[] {
  if (rate === recording.rate) return annotations;
  return annotations.map((each) => ({ ...each, sample: Math.round((each.sample * rate) / recording.rate) }));
}

/** Returns the annotations by an annotator; null where the source has none by it. */
export function annotationsBy(source: RecordingSource, annotator: string): Annotation[] | null {
  return source.annotators.find((each) => each.annotator === annotator)?.annotations ?? null;
}

/**
 * Returns the health of a recording, without loading all samples into memory.
 * @param annotator annotator whose annotations are examined
 * @param annotationFile name for messages
 * @throws EctopyError `damaged-file`
 */
export function examineSource(source: RecordingSource, annotator: string, annotationFile: string): RecordHealth {
  const leads = source.signals.map(() => new LeadExamination());
  for (const { samples } of source.blocks()) {
    for (const [i, lead] of leads.entries()) lead.add(samples[i], MISSING_VALUE);
  }
  return healthOf(source, leads, annotationsBy(source, annotator), annotator, annotationFile);
}

/** Returns the health of a recording whose leads were examined. */
export function healthOf(
  source: RecordingSource,
  leads: readonly LeadExamination[],
  annotations: readonly Annotation[] | null,
  annotator: string,
  annotationFile: string,
): RecordHealth {
  const examined: ExaminedRecording = {
    name: source.name,
    rate: source.rate,
    length: lengthOf(source),
    comments: [...source.comments],
    leads: source.signals.map((signal, i) => ({
      ...signalOf(signal, source.frameRate),
      sourceUnits: signal.units,
      ...leads[i].result(),
    })),
  };
  return recordHealth(examined, {
    annotations,
    annotationFile,
    findings: source.findings,
    details: detailsOf(source, annotator),
  });
}

/** Returns the facts beside a recording's health; undefined for a recording in the form of MIT-BIH. */
function detailsOf(source: RecordingSource, annotator: string): RecordDetails | undefined {
  const { signals, rate, frameRate, format, startsAt } = source;
  const rates = signals.map(({ samplesPerFrame }) => frameRate * samplesPerFrame);
  const details: RecordDetails = {
    ...(format === "WFDB" ? {} : { format }),
    ...(annotator === "atr" ? {} : { annotator }),
    ...(signals.every(({ units }) => units === "mV") ? {} : { units: signals.map(({ units }) => units) }),
    ...(rates.every((one) => one === rate) ? {} : { rates }),
    ...(startsAt === null ? {} : { startsAt }),
  };
  return Object.keys(details).length === 0 ? undefined : details;
}
