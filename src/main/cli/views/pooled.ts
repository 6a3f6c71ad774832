/** Results over the folds of a cross-validation, as text. */
import type { PooledFolds } from "../../../contract/domain/evaluation.ts";
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { POOLED_NOTE, pooledFoldsText } from "../../../contract/text/pooled-text.ts";
import { describeConfusion } from "./run.ts";

export function describePooled({ runs, folds, evaluation }: PooledFolds): string {
  const { accuracy, macroF1, weightedF1 } = evaluation;
  return [
    `Pooled test sets of ${pooledFoldsText(runs.length, folds)}: accuracy ${formatMetric(accuracy)}, macro F1 ${formatMetric(macroF1)}, weighted F1 ${formatMetric(weightedF1)}.`,
    POOLED_NOTE,
    "",
    describeConfusion(evaluation),
  ].join("\n");
}
