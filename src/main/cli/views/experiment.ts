/** Experiments as text. */
import type { Spread } from "../../../contract/domain/comparison.ts";
import type { ExperimentOverview, WinnerMetric } from "../../../contract/domain/experiments.ts";
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import { formatTable } from "../format.ts";
import { formatDuration, formatPercent, formatPercentSpread, formatScore } from "../../base/numbers.ts";

const metricNames: Readonly<Record<WinnerMetric, string>> = {
  "validation-loss": "Validation loss>",
  "validation-accuracy": "Validation accuracy>",
  "validation-macro-f1": "Validation macro F1>",
};

export function describeExperiments(experiments: readonly ExperimentOverview[]): string {
  if (experiments.length === 0)
    return "There are no experiments yet. `ectopy search PREPARATION --model ann --repeat 3` makes one.";
  return formatTable(
    ["Experiment>", "Name", "Kind", "Runs>", "Ended>", "Winner>", "Made"],
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

export function describeExperiment({
  id,
  name,
  metric,
  plan,
  runs,
  ended,
  secondsLeft,
  winner,
  test,
}: ExperimentOverview): string {
  const left = secondsLeft === null || secondsLeft === 0 ? "" : `, about ${formatDuration(secondsLeft)} left`;
  const lines = [
    `Experiment ${id}, “${name}”: ${ended} of ${runs.length} runs have ended${left}.`,
    "",
    formatTable(
      ["Run>", "What sets it apart", "Status", metricNames[metric]],
      runs.map(({ run, label, status, value }) => [
        String(run),
        label,
        status,
        value === null ? "" : figure(value, metric),
      ]),
    ),
  ];
  if (winner !== null) {
    lines.push(
      "",
      `Best by the validation part: run ${winner}. Chosen among ${runs.length}, its validation figure is too good by chance; ` +
        `\`ectopy show ${winner}\` has the test part, which had no say.`,
    );
  }
  if (test !== null && test.accuracy.n > 1) {
    lines.push(
      "",
      `On the test part, mean ± SD over ${test.accuracy.n} ${plan.kind === "cross-validation" ? "folds" : "seeds"}: ` +
        `accuracy ${formatPercentSpread(test.accuracy)}, macro F1 ${score(test.macroF1)}, weighted F1 ${score(test.weightedF1)}.`,
    );
  }
  lines.push("", RESEARCH_USE_ONLY);
  return lines.join("\n");
}

function figure(value: number, metric: WinnerMetric): string {
  return metric === "validation-loss"
    ? value.toFixed(4)
    : metric === "validation-accuracy"
      ? formatPercent(value)
      : formatScore(value);
}

function score({ mean, deviation }: Spread): string {
  return `${formatScore(mean ?? 0)} ± ${(deviation ?? 0).toFixed(3)}`;
}
