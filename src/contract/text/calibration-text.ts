/** Text about calibration, the same in the window, the terminal and reports. */
import { formatMetric, NO_METRIC } from "./format-metric.ts";

export const CALIBRATION_NOTE =
  "Expected calibration error: mean difference between the probability of the predicted class and the share of correct " +
  "predictions, over 15 bins of equal width (Guo 2017). A temperature above 1 lowers probabilities that are too high; " +
  "predicted classes stay as they are.";

interface Errors {
  temperature: number | null;
  before: { error: number };
  after: { error: number } | null;
}

/** Returns the calibration error before and after the temperature. */
export function calibrationText({ temperature, before, after }: Errors): string {
  const first = `Expected calibration error on the test set: ${formatMetric(before.error)}`;
  return temperature === null || after === null
    ? `${first}. The run has no temperature: it was trained by an earlier version. Train it again.`
    : `${first}; ${formatMetric(after.error)} with temperature ${temperature.toFixed(3)}, fitted on the validation set.`;
}

export const NO_ALARMS = "The test set has synthetic beats, which belong to no time: rates per hour can't be given.";

/** Returns what the rate of false positives means. @param hours duration of the tested recordings */
export function alarmNote({ hours, rate }: { hours: number; rate: number }): string {
  return (
    `At most ${rate} false positive${rate === 1 ? "" : "s"} per hour and class, over ${hours.toFixed(2)} h of tested recordings: the lowest threshold ` +
    "of a class's probability that keeps this rate, chosen on the test set itself. Each class is judged alone."
  );
}

/** Titles of the columns of {@link alarmCells}, after the class. */
export const alarmColumns = ["Sensitivity", "PPV", "False positives per hour", "Threshold"] as const;

export function alarmCells({
  sensitivity,
  ppv,
  perHour,
  threshold,
}: Record<"sensitivity" | "ppv" | "perHour" | "threshold", number | null>): string[] {
  return [
    formatMetric(sensitivity),
    formatMetric(ppv),
    perHour === null ? NO_METRIC : perHour.toFixed(2),
    threshold === null ? NO_METRIC : threshold.toFixed(4),
  ];
}
