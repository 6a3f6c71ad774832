/** Text about an experiment: its design, its best run, and what its metrics can and can't show. */
import type {
  ExperimentOverview,
  ExperimentPlan,
  ExperimentRun,
  WinnerMetric,
} from "../../../contract/domain/experiments.ts";
import { settingLabel } from "../../../contract/settings/setting-table.ts";
import { counted, formatInteger } from "../../base/format.ts";
import { bestValueNames, formatWinnerMetric } from "../../components/experiments/metrics.ts";
import { lowerFirst } from "../../components/experiments/run-labels.ts";

const list = new Intl.ListFormat("en-GB");

export function planText(plan: ExperimentPlan): string {
  switch (plan.kind) {
    case "repeats":
      return `${formatInteger(plan.times)} repeats with different seeds`;
    case "grid":
      return `Grid search over ${settingNames(plan.settings)}${foldText(plan.folds)}`;
    case "random":
      return `Random search over ${settingNames(plan.settings)}, ${counted(plan.runs, "trial")}${foldText(plan.folds)}`;
    case "protocol-pair":
      return "Reference study and inter-patient split, with the same settings";
    case "leave-one-patient-out":
      return "Leave-one-patient-out";
    case "cross-validation":
      return `Patient-wise ${formatInteger(plan.folds)}-fold cross-validation`;
  }
}

function foldText(folds: number | undefined): string {
  return folds === undefined ? "" : `, each in ${formatInteger(folds)} folds of the training patients`;
}

function settingNames(settings: readonly { setting: string }[]): string {
  return list.format(settings.map(({ setting }) => lowerFirst(settingLabel(setting))));
}

/** Whether the runs of the experiment compete, so that one of them is the best. */
export function isSearch({ kind }: ExperimentPlan): boolean {
  return kind === "grid" || kind === "random";
}

/** Returns what mean and standard deviation show, and what they don't. */
export function spreadNote({ kind }: ExperimentPlan): string {
  return kind === "cross-validation"
    ? "Each patient was tested once, by a network that was trained without that patient. The SD is between folds."
    : "The SD shows the effect of the seed alone: all runs used the same training and test beats.";
}

/**
 * Returns the best run's validation metric, with the selection bias where there was a choice; null without a best run.
 */
export function winnerText({ plan, runs, winner, metric }: ExperimentOverview): string | null {
  const best = runs.find(({ run }) => run === winner);
  if (best === undefined) return null;
  if (isSearch(plan) && "folds" in plan && plan.folds !== undefined) {
    return (
      `These settings have the best mean over ${formatInteger(plan.folds)} folds of the training patients. The test patients of the ` +
      "preparation are in no fold and were not used: train these settings on the preparation itself."
    );
  }
  const compared = runs.filter(({ status, value }) => status === "completed" && value !== null).length;
  const first = `${bestValueNames[metric]} of ${counted(compared, "run")}: ${formatWinnerMetric(metric, best.value)}.`;
  return compared < 2
    ? first
    : `${first} It is optimistically biased: the run was selected on this metric. Expect worse on new data, and judge the run by its test set.`;
}

/**
 * Returns the completed runs of a search from best to worst, then its other runs as planned; repeats and folds as
 * planned.
 */
export function rankedRuns({
  plan,
  runs,
  metric,
}: Pick<ExperimentOverview, "plan" | "runs" | "metric">): ExperimentRun[] {
  if (!isSearch(plan)) return [...runs];
  const done = runs.filter(({ status, value }) => status === "completed" && value !== null);
  const better = (a: ExperimentRun, b: ExperimentRun): number => sign(metric) * (b.value! - a.value!);
  return [...done.sort(better), ...runs.filter((run) => !done.includes(run))];
}

function sign(metric: WinnerMetric): number {
  return metric === "validation-loss" ? -1 : 1;
}
