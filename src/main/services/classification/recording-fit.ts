/** Says before a classification which recordings can't be classified, and what to know about the others. */
import { DETECTED } from "../../../contract/domain/annotation-sets.ts";
import type { RecordingFit } from "../../../contract/domain/classification.ts";
import { usedAnnotator, type DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { leadNumber, leadNumbers, leadRate } from "../../../contract/domain/leads.ts";
import { windowOf } from "../../../contract/domain/preparation.ts";
import { LEAST_RATE_HZ } from "../../../pipeline/detection/r-peak-detector.ts";
import { MIN_RECORDING_BEATS } from "../../../pipeline/recipe/extract-inputs.ts";
import type { Reading } from "./models.ts";

/** Heartbeats of each recording by annotator, as far as they are known without reading the annotations. */
export type KnownBeats = (annotator: string, record: string) => number | null;

export interface FitOptions {
  /** How the run reads recordings. */
  reading: Reading;
  /** Annotator that the user chose; undefined: the recording's, else detected R-peaks. */
  peaks: string | undefined;
  known: KnownBeats;
}

export function fitOf(record: DatasetRecord, { reading, peaks, known }: FitOptions): RecordingFit {
  const { annotator, beats } = peaksOf(record, peaks, known);
  const seconds = record.rate > 0 ? record.length / record.rate : 0;
  const fit: RecordingFit = { record: record.name, problem: null, warnings: [], peaks: annotator, beats, seconds };
  if (peaks !== undefined && annotator === null) {
    return { ...fit, problem: `It has no heartbeats by the annotator ${peaks}.` };
  }
  if (annotator === null && record.rate < LEAST_RATE_HZ) {
    return { ...fit, problem: `It has no annotated heartbeats, and ${record.rate} Hz: too few to detect R-peaks.` };
  }
  return { ...fit, ...readingFit(record, reading, { seconds, beats }) };
}

function peaksOf(
  record: DatasetRecord,
  chosen: string | undefined,
  known: KnownBeats,
): { annotator: string | null; beats: number | null } {
  const candidates = chosen === undefined ? [usedAnnotator(record), DETECTED] : [chosen];
  for (const annotator of candidates) {
    const beats = known(annotator, record.name);
    if (beats !== null && beats > 0) return { annotator, beats };
  }
  return { annotator: null, beats: null };
}

function readingFit(
  record: DatasetRecord,
  { settings }: Reading,
  { seconds, beats }: { seconds: number; beats: number | null },
): { problem: string | null; warnings: string[] } {
  const { recipe } = settings;
  const needed = settings.leads?.join(" or ") ?? String((settings.signal ?? 0) + 1);
  const first = leadNumber(record.leads, settings);
  const has = `its leads are ${record.leads.join(", ")}`;
  const failed = (problem: string): ReturnType<typeof readingFit> => ({ problem, warnings: [] });
  if (first === -1) return failed(`It has no lead ${needed}: ${has}.`);
  if (recipe !== undefined && leadNumbers(record.leads, settings, recipe.leads).length < recipe.leads) {
    return failed(`It has no second ECG lead, which the input recipe reads: ${has}.`);
  }
  const rate = settings.rate ?? record.rate;
  const { before, after } = windowOf(settings, rate);
  const windowSeconds = (before + after) / rate;
  if (seconds < windowSeconds) {
    return failed(`It lasts ${seconds.toFixed(2)} s, less than the window of a beat (${windowSeconds.toFixed(2)} s).`);
  }
  if (recipe !== undefined && beats !== null && beats < MIN_RECORDING_BEATS) {
    return failed("It has one heartbeat: the input recipe needs RR intervals.");
  }
  const recorded = leadRate(record, first);
  const warnings =
    recorded < rate * (1 - RATE_TOLERANCE)
      ? [
          `Its lead ${record.leads[first]} has ${recorded} Hz: resampled to ${rate} Hz, it lacks frequencies above ` +
            `${recorded / 2} Hz that the network was trained with.`,
        ]
      : [];
  return { problem: null, warnings };
}

/** Rates that differ by less are equal: recorders round them. */
const RATE_TOLERANCE = 0.01;
