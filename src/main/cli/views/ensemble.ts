/** An ensemble of runs, as text. */
import type { EnsembleResult } from "../../../contract/domain/comparison.ts";
import { formatMetric, formatMetricSpread } from "../../../contract/text/format-metric.ts";
import { ensembleNote } from "../../../contract/text/ensemble-text.ts";
import { formatTable } from "../format.ts";

export function describeEnsemble({ runs, test, singles }: EnsembleResult): string {
  return [
    `Ensemble of runs ${runs.join(", ")}: the mean of their probabilities, beside the single runs (mean ± SD)`,
    formatTable(
      ["Metric", "Ensemble>", "Single runs>"],
      [
        ["Accuracy", formatMetric(test.accuracy), formatMetricSpread(singles.accuracy)],
        ["Macro F1", formatMetric(test.macroF1), formatMetricSpread(singles.macroF1)],
        ["Weighted F1", formatMetric(test.weightedF1), formatMetricSpread(singles.weightedF1)],
      ],
    ),
    "",
    formatTable(
      ["Class", "Sensitivity>", "PPV>", "F1>"],
      test.perClass.map(({ label, sensitivity, ppv, f1 }) => [label, ...[sensitivity, ppv, f1].map(formatMetric)]),
    ),
    ensembleNote(runs.length),
  ].join("\n");
}
