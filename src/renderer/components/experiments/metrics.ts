/** Names and formats of the metrics by which the best run of a search is chosen. */
import type { WinnerMetric } from "../../../contract/domain/experiments.ts";
import { formatMetric, NONE } from "../../base/format.ts";

export const metricNames: Readonly<Record<WinnerMetric, string>> = {
  "validation-loss": "Validation loss",
  "validation-accuracy": "Validation accuracy",
  "validation-macro-f1": "Validation macro F1",
};

/** Name of the best value of each metric. */
export const bestValueNames: Readonly<Record<WinnerMetric, string>> = {
  "validation-loss": "Lowest validation loss",
  "validation-accuracy": "Highest validation accuracy",
  "validation-macro-f1": "Highest validation macro F1",
};

/** Formats accuracy and macro F1 in %, loss with four decimals. */
export function formatWinnerMetric(metric: WinnerMetric, value: number | null): string {
  if (metric !== "validation-loss") return formatMetric(value);
  return value === null ? NONE : value.toFixed(4);
}
