/** Experiments as text. */
import {
  isInFolds,
  type ExperimentOverview,
  type ExperimentResults,
  type WinnerMetric,
} from "../../../contract/domain/experiments.ts";
import { IMPORTANCE_NOTE } from "../../../contract/text/importance-text.ts";
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import { foldLookText, lookText } from "../../../contract/text/look-text.ts";
import { GAP_NOTE, gapRows } from "../../../contract/text/gap-text.ts";
import { formatMetric, formatMetricSpread } from "../../../contract/text/format-metric.ts";
import { formatTable } from "../format.ts";
import { describeClassSpreads } from "./class-spreads.ts";
import { describePooled } from "./pooled.ts";
import { formatDuration } from "../../../contract/text/format-number.ts";

const metricNames: Readonly<Record<WinnerMetric, string>> = {
  "validation-loss": "Validation loss>",
  "validation-accuracy": "Validation accuracy>",
  "validation-macro-f1": "Validation macro F1>",
};

export function describeExperiments(experiments: readonly ExperimentOverview[]): string {
  if (experiments.length === 0)
    return "There are no experiments yet. `ectopy search PREPARATION --model ann --repeat 3` creates one.";
  return formatTable(
    ["Experiment>", "Name", "Kind", "Runs>", "Finished>", "Best run>", "Created"],
    experiments.map(({ id, name, plan, runs, ended, winner, createdAt }) => [
      String(id),
      name,
      plan.kind,
      String(runs.length),
      String(ended),
      winner === null ? "" : `run ${winner}`,
      createdAt,
    ]),
  );
}

export function describeExperiment(
  { id, name, metric, plan, runs, ended, secondsLeft, winner, test, looks }: ExperimentOverview,
  { classes, pooled, search, gap }: ExperimentResults,
): string {
  const left = secondsLeft === null || secondsLeft === 0 ? "" : `, about ${formatDuration(secondsLeft)} left`;
  const lines = [
    `Experiment ${id}, “${name}”: ${ended} of ${runs.length} runs are finished${left}.`,
    "",
    formatTable(
      [
        "Run>",
        "Parameters",
        "Status",
        metricNames[metric],
        ...(test === null ? [] : ["Test accuracy>", "Test macro F1>"]),
      ],
      runs.map(({ run, label, status, value, test: tested }) => [
        String(run),
        label,
        status,
        metricText(metric, value),
        ...(test === null ? [] : [formatMetric(tested?.accuracy), formatMetric(tested?.macroF1)]),
      ]),
    ),
  ];
  const failures = runs.flatMap(({ run, failure }) => (failure === null ? [] : `Run ${run} failed: ${failure}`));
  if (failures.length > 0) lines.push("", ...failures);
  const folds = plan.kind === "grid" || plan.kind === "random" ? plan.folds : undefined;
  if (winner !== null && folds !== undefined) {
    lines.push(
      "",
      `Best settings by the mean over ${folds} folds of the training patients: ${label(runs, winner)}. The test patients of ` +
        "the preparation are in no fold and were not used: train these settings on the preparation itself.",
    );
  } else if (winner !== null) {
    lines.push(
      "",
      `Best run by validation: run ${winner}. Its validation metric is optimistically biased: it selected the best of ${runs.length} runs. ` +
        `\`ectopy show ${winner}\` shows the test set, which was not used for the selection.`,
    );
  }
  if (search !== null) {
    lines.push(
      "",
      formatTable(
        ["Setting", "Importance>", `${metricNames[metric].slice(0, -1)}, mean by value`],
        search.settings.map(({ setting, importance, groups }) => [
          setting,
          formatMetric(importance),
          groups.map(({ label, mean }) => `${label}: ${metricText(metric, mean)}`).join("; "),
        ]),
      ),
      IMPORTANCE_NOTE,
    );
  }
  if (test !== null && test.accuracy.n > 1) {
    lines.push(
      "",
      `Test set, mean ± SD of ${test.accuracy.n} ${plan.kind === "cross-validation" ? "folds" : "seeds"}: ` +
        `accuracy ${formatMetricSpread(test.accuracy)}, macro F1 ${formatMetricSpread(test.macroF1)}, weighted F1 ${formatMetricSpread(test.weightedF1)}.`,
    );
  }
  if (classes !== null && test !== null && test.accuracy.n > 1) {
    lines.push("", describeClassSpreads(classes));
  }
  if (pooled !== null) lines.push("", describePooled(pooled));
  if (gap !== null) {
    lines.push(
      "",
      "Gap between the protocols, test sets (difference in percentage points)",
      formatTable(
        ["Metric", "Reference study>", "Inter-patient split>", "Difference>"],
        gapRows(gap).map(({ name, reference, interPatient, difference }) => [
          name,
          formatMetric(reference),
          formatMetric(interPatient),
          difference,
        ]),
      ),
      GAP_NOTE,
    );
  }
  if (looks !== null) lines.push("", isInFolds(plan) ? foldLookText(looks) : lookText(looks));
  lines.push("", RESEARCH_USE_ONLY);
  return lines.join("\n");
}

/** Returns the settings of a run of a search, without its fold. */
function label(runs: ExperimentOverview["runs"], winner: number): string {
  return runs.find(({ run }) => run === winner)?.label.replace(/, fold 1 of \d+$/, "") ?? "";
}

function metricText(metric: WinnerMetric, value: number | null): string {
  if (value === null) return "";
  return metric === "validation-loss" ? value.toFixed(4) : formatMetric(value);
}
