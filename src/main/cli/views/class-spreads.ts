/** Mean and SD of the metrics of each class over several runs, as text. */
import type { ClassSpread } from "../../../contract/domain/evaluation.ts";
import { formatMetricSpread } from "../../../contract/text/format-metric.ts";
import { formatTable } from "../format.ts";

export function describeClassSpreads(classes: readonly ClassSpread[]): string {
  return [
    "Mean ± SD by class, test set",
    formatTable(
      ["Class", "Sensitivity>", "PPV>", "F1>"],
      classes.map(({ label, sensitivity, ppv, f1 }) => [label, ...[sensitivity, ppv, f1].map(formatMetricSpread)]),
    ),
  ].join("\n");
}
