/** Text about results by recording and intervals over patients, the same in the window, the terminal and reports. */
import { counted, formatInteger } from "./format-number.ts";

export const NO_RECORDING_RESULTS =
  "The test set has synthetic beats. Each is between two recordings, so results by recording can't be given.";

export const TOO_FEW_PATIENTS = "The test set has fewer than five patients: too few for intervals over patients.";

/** Returns how the intervals were computed, and what they show. */
export function patientIntervalNote({ patients, resamples }: { patients: number; resamples: number }): string {
  return `Intervals: bootstrap over ${counted(patients, "patient")}, ${formatInteger(resamples)} resamples. They show how the metrics would vary with other patients like these; with few patients, they are too narrow. –: fewer than five patients have the class.`;
}
