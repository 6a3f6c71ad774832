/** Text about results by recording and intervals over patients, the same in the window, the terminal and reports. */
import { formatMetric, NO_METRIC } from "./format-metric.ts";
import { counted, formatInteger } from "./format-number.ts";

const SYNTHETIC_BEATS =
  "The test set has synthetic beats. Each is between two recordings, so results by recording can't be given.";
const BEATS_AS_ROWS =
  "The test beats are rows of a table: their recordings and patients are unknown, so results by recording can't be given.";

/** Returns why a run has no results by recording. @param rowSamples of the preparation's settings */
export function noRecordingResults({ rowSamples }: { rowSamples?: number | undefined }): string {
  return rowSamples === undefined ? SYNTHETIC_BEATS : BEATS_AS_ROWS;
}

export const TOO_FEW_PATIENTS = "The test set has fewer than five patients: too few for intervals over patients.";

/** A class with the metrics of all recordings but the one that has most of its beats. */
interface Dominated {
  label: string;
  record: string;
  beats: number;
  of: number;
  sensitivity: number | null;
  ppv: number | null;
  f1: number | null;
}

/** Returns what a class's metrics are without the recording that has most of its beats: `S without 232: F1 35.00 %…`. */
export function dominatedText({ label, record, beats, of, sensitivity, ppv, f1 }: Dominated): string {
  return (
    `${label} without ${record}, which has ${formatInteger(beats)} of its ${formatInteger(of)} beats: ` +
    `sensitivity ${formatMetric(sensitivity)}, PPV ${formatMetric(ppv)}, F1 ${formatMetric(f1)}.`
  );
}

/** Returns the classes that the test set can't judge; null without any. */
export function rareText(rare: readonly { label: string; beats: number; patients: number }[]): string | null {
  if (rare.length === 0) return null;
  const classes = rare.map(
    ({ label, beats, patients }) => `${label} (${counted(beats, "beat")} of ${counted(patients, "patient")})`,
  );
  return `Too rare in the test set to be judged, with fewer than 5 patients or 20 beats: ${classes.join(", ")}.`;
}

/** Formats the bounds of a loss: `0.1200–0.3400 nats`. */
export function lossBounds(interval: { low: number; high: number } | null): string {
  return interval === null ? NO_METRIC : `${interval.low.toFixed(4)}–${interval.high.toFixed(4)} nats`;
}

/** Returns how the intervals were computed, and what they show. */
export function patientIntervalNote({ patients, resamples }: { patients: number; resamples: number }): string {
  return `Intervals: bootstrap over ${counted(patients, "patient")}, ${formatInteger(resamples)} resamples. They show how the metrics would vary with other patients like these; with few patients, they are too narrow. –: fewer than five patients have the class.`;
}
