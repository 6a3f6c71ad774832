/** An experiment in words: what is asked, how far it is, and what its figures can say. */
import type { Spread } from "../../../contract/domain/comparison.ts";
import type {
  ExperimentOverview,
  ExperimentPlan,
  ExperimentRun,
  WinnerMetric,
} from "../../../contract/domain/experiments.ts";
import { nameOfSetting } from "../../../contract/settings/setting-names.ts";
import { counted, formatInteger, formatPercent, NONE } from "../../base/format.ts";
import { formatMetric, metricWinners } from "../../components/experiments/metrics.ts";
import { lowerFirst } from "../../components/experiments/run-labels.ts";

const listed = new Intl.ListFormat("en-GB");

export function planWords(plan: ExperimentPlan): string {
  switch (plan.kind) {
    case "repeats":
      return `${formatInteger(plan.times)} repeats that differ by their seed`;
    case "grid":
      return `Every combination of ${varied(plan.settings)}`;
    case "random":
      return `${counted(plan.runs, "draw")} of ${varied(plan.settings)}`;
    case "cross-validation":
      return `${formatInteger(plan.folds)} folds by patient`;
  }
}

function varied(settings: readonly { setting: string }[]): string {
  return listed.format(settings.map(({ setting }) => lowerFirst(nameOfSetting(setting))));
}

/** Whether its runs compete with one another. */
export function isSearch({ kind }: ExperimentPlan): boolean {
  return kind === "grid" || kind === "random";
}

/** What mean and deviation say, and what they don't. */
export function spreadNote({ kind }: ExperimentPlan): string {
  return kind === "cross-validation"
    ? "Each patient was tested once, by a network that never saw them. The deviation is from fold to fold."
    : "The deviation is of the seed alone: the same beats were trained on and tested each time.";
}

/** Of the best by validation, in a sentence that keeps it in its place. */
export function winnerWords({ runs, winner, metric }: ExperimentOverview): string | null {
  const best = runs.find(({ run }) => run === winner);
  if (best === undefined) return null;
  const compared = runs.filter(({ status, value }) => status === "completed" && value !== null).length;
  const first = `It has ${metricWinners[metric]}, ${formatMetric(metric, best.value)}, of ${counted(compared, "run")}.`;
  return compared < 2
    ? first
    : `${first} As the best of several it is too good by chance: new data will show a little less. Judge it by its test part.`;
}

/** Two digits after the point, as accuracies have: `98.12 ± 0.31 %`. */
export function spreadWords({ mean, deviation }: Spread): string {
  if (mean === null) return NONE;
  return deviation === null ? formatPercent(mean) : `${(100 * mean).toFixed(2)} ± ${(100 * deviation).toFixed(2)} %`;
}

/** Completed runs of a search best first, then the others as planned; of repeats and folds, all as planned. */
export function inOrder({ plan, runs, metric }: Pick<ExperimentOverview, "plan" | "runs" | "metric">): ExperimentRun[] {
  if (!isSearch(plan)) return [...runs];
  const done = runs.filter(({ status, value }) => status === "completed" && value !== null);
  const better = (a: ExperimentRun, b: ExperimentRun): number => sign(metric) * (b.value! - a.value!);
  return [...done.sort(better), ...runs.filter((run) => !done.includes(run))];
}

function sign(metric: WinnerMetric): number {
  return metric === "validation-loss" ? -1 : 1;
}
