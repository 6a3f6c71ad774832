/** The figures that a winner is chosen by, in words. */
import type { WinnerMetric } from "../../../contract/domain/experiments.ts";
import { formatPercent, NONE } from "../../base/format.ts";

export const metricNames: Readonly<Record<WinnerMetric, string>> = {
  "validation-loss": "Validation loss",
  "validation-accuracy": "Validation accuracy",
  "validation-macro-f1": "Validation macro F1",
};

/** Which value of it wins. */
export const metricWinners: Readonly<Record<WinnerMetric, string>> = {
  "validation-loss": "the lowest validation loss",
  "validation-accuracy": "the highest validation accuracy",
  "validation-macro-f1": "the highest validation macro F1",
};

export function formatMetric(metric: WinnerMetric, value: number | null): string {
  if (metric !== "validation-loss") return formatPercent(value);
  return value === null ? NONE : value.toFixed(4);
}
