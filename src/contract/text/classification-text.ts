/** Text about classified recordings, the same in the window and the terminal. */
import { formatMetric } from "./format-metric.ts";

export const UNSURE_NOTE =
  "A beat is unsure where the calibrated probability of its class is below the threshold. What that costs is measured on the " +
  "test set of the run: other recordings may differ.";

export const UNLIKE_NOTE =
  "Unlike the training beats: the beat is farther from every class of the training set than 99.5 % of the validation beats, in " +
  "the network's last hidden layer. Noise and shapes that the network has not seen are often among these beats, but it can't " +
  "see what the network ignores: a beat that is not marked may still be new.";

export const UNCLASSIFIED_NOTE =
  "Without a class: the beat's window exceeds the recording, or samples are missing. The set has these beats with the symbol ?.";

/** Titles of the columns of a table of thresholds. */
export const costColumns = ["Threshold", "Unsure", "Accuracy of the rest", "Macro F1 of the rest"] as const;

interface Cost {
  threshold: number;
  unsure: number;
  accuracy: number | null;
  macroF1: number | null;
}

/** Returns the row of a threshold. */
export function costCells({ threshold, unsure, accuracy, macroF1 }: Cost): string[] {
  return [threshold.toFixed(2), ...[unsure, accuracy, macroF1].map(formatMetric)];
}
