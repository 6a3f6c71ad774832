/** Experiments: plans, prepares and adds their runs; reports progress and results. */
import type { Evaluation, Spread } from "../../../contract/domain/evaluation.ts";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import {
  experimentNameSchema,
  experimentPlanSchema,
  type Experiment,
  type ExperimentOverview,
  type ExperimentPlan,
  type ExperimentResults,
  type ExperimentRun,
  type WinnerMetric,
} from "../../../contract/domain/experiments.ts";
import type { Fold } from "../../../contract/domain/preparation.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { LookCount } from "../../../contract/domain/test-looks.ts";
import type { RunRecord, TrainingSettings } from "../../../contract/domain/training.ts";
import { poolFolds } from "../../../pipeline/evaluation/pooled-folds.ts";
import { classSpreads, spread } from "../../../pipeline/evaluation/spread.ts";
import type { MemberRun } from "../../store/experiments.ts";
import type { Workspace } from "../../store/workspace.ts";
import { checkSettings } from "../../base/check-settings.ts";
import type { PreparationService } from "../preparations/preparations.ts";
import type { TrainingService } from "../training/training.ts";
import { isEvenlyTimed, planRuns } from "./plan-runs.ts";
import { searchResults } from "./search-results.ts";
import { timestamp } from "../../base/timestamp.ts";
import { notFound } from "../../base/not-found.ts";

export interface NewExperiment {
  name: string;
  /** Preparation to train on; for cross-validation, its settings other than the protocol. */
  preparation: number;
  settings: TrainingSettings;
  plan: ExperimentPlan;
  metric: WinnerMetric;
}

/** Whether a lower value is better. */
const isLoss: Readonly<Record<WinnerMetric, boolean>> = {
  "validation-loss": true,
  "validation-accuracy": false,
  "validation-macro-f1": false,
};

/** Metric of the best epoch. */
const memberFigures = {
  "validation-loss": "validationLoss",
  "validation-accuracy": "validationAccuracy",
  "validation-macro-f1": "validationMacroF1",
} as const satisfies Record<WinnerMetric, keyof MemberRun>;

const ended = new Set<RunRecord["status"]>(["completed", "cancelled", "failed"]);

export class ExperimentService {
  readonly #workspace: Workspace;
  readonly #preparations: PreparationService;
  readonly #training: TrainingService;

  constructor(workspace: Workspace, preparations: PreparationService, training: TrainingService) {
    this.#workspace = workspace;
    this.#preparations = preparations;
    this.#training = training;
  }

  /**
   * Adds an experiment with its runs, to be trained; folds are prepared first.
   * @throws EctopyError `invalid-settings`, `not-found`, and as a preparation does; CancelledError
   */
  async add(
    experiment: NewExperiment,
    watch: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<ExperimentOverview> {
    const plan = checkSettings(experimentPlanSchema, experiment.plan, "search");
    const name = checkSettings(experimentNameSchema, experiment.name, "search");
    const planned = planRuns(plan, experiment.settings);
    const preparations =
      plan.kind === "cross-validation"
        ? await this.#prepareFolds(experiment.preparation, plan.folds, watch)
        : planned.map(() => experiment.preparation);
    // All runs or none: half an experiment answers another question.
    const id = this.#workspace.transaction(() => {
      const { experiments } = this.#workspace;
      const id = experiments.add({ name, plan, metric: experiment.metric, createdAt: timestamp() });
      planned.forEach(({ label, settings }, i) => {
        experiments.addRun(id, this.#training.add(preparations[i], settings).id, label);
      });
      return id;
    });
    return this.get(id);
  }

  async #prepareFolds(
    from: number,
    folds: number,
    { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<number[]> {
    const preparation = this.#workspace.preparations.find(from);
    if (!preparation) {
      throw notFound("preparation", from);
    }
    const { withoutSharedPatient } = defaultPreparation("cross-validation");
    const ids: number[] = [];
    for (let number = 1; number <= folds; number++) {
      const settings = {
        ...preparation.settings,
        protocol: "cross-validation" as const,
        withoutSharedPatient,
        fold: { number, of: folds },
      };
      const foldProgress: ReportProgress = (now) =>
        progress({ ...now, stage: `Fold ${number} of ${folds}: ${now.stage}` });
      const prepared = await this.#preparations.prepare(preparation.datasetId, settings, {
        progress: foldProgress,
        signal,
      });
      ids.push(prepared.preparation.id);
    }
    return ids;
  }

  list(): ExperimentOverview[] {
    return this.#workspace.experiments.list().map((experiment) => this.#overview(experiment));
  }

  /** @throws EctopyError `not-found` */
  get(id: number): ExperimentOverview {
    return this.#overview(this.#known(id));
  }

  /** Returns the results over the completed runs. @throws EctopyError `not-found` */
  results(id: number): ExperimentResults {
    const { plan, metric } = this.#known(id);
    if (plan.kind === "grid" || plan.kind === "random") {
      const members = this.#workspace.experiments.members(id);
      const names = plan.settings.map(({ setting }) => setting);
      return { classes: null, pooled: null, search: searchResults(members, names, memberFigures[metric]) };
    }
    const tested = this.#workspace.experiments
      .members(id)
      .filter(({ status }) => status === "completed")
      .map(({ run }) => ({ run, evaluation: this.#workspace.runs.evaluation(run, "test")! }));
    const labelsOf = ({ perClass }: Evaluation): string[] => perClass.map(({ label }) => label);
    const divisions = new Set(tested.map(({ evaluation }) => JSON.stringify(labelsOf(evaluation))));
    return {
      classes: divisions.size === 1 ? classSpreads(tested.map(({ evaluation }) => evaluation)) : null,
      pooled:
        plan.kind === "cross-validation"
          ? poolFolds(
              tested.map(({ run, evaluation }) => ({
                run,
                fold: this.#foldOf(run),
                labels: labelsOf(evaluation),
                confusion: evaluation.confusion,
              })),
            )
          : null,
      search: null,
    };
  }

  #foldOf(run: number): Fold {
    // Runs of a cross-validation are added with the preparation of their fold.
    const { preparationId } = this.#workspace.runs.find(run)!;
    return this.#workspace.preparations.find(preparationId)!.settings.fold!;
  }

  #known(id: number): Experiment {
    const experiment = this.#workspace.experiments.find(id);
    if (experiment) return experiment;
    throw notFound("experiment", id);
  }

  #overview(experiment: Experiment): ExperimentOverview {
    const { plan, metric } = experiment;
    const members = this.#workspace.experiments.members(experiment.id);
    const competition = isSearch(plan);
    const runs = members.map((member): ExperimentRun => ({
      run: member.run,
      label: member.label,
      status: member.status,
      value: member[memberFigures[metric]],
      test: competition ? null : testOf(member),
    }));
    const completed = members.filter(({ status }) => status === "completed");
    const open = members.filter(({ status }) => !ended.has(status)).length;
    // A completed run has all metrics: they are stored with its end.
    const over = (figure: "accuracy" | "macroF1" | "weightedF1"): Spread =>
      spread(completed.map((member) => member[figure]!));
    const pace = completed.reduce((sum, { seconds }) => sum + seconds!, 0) / completed.length;
    return {
      ...experiment,
      runs,
      ended: members.length - open,
      secondsLeft: completed.length === 0 || (open > 0 && !isEvenlyTimed(plan)) ? null : pace * open,
      winner: competition ? winnerOf(runs, metric) : null,
      test: competition
        ? null
        : { accuracy: over("accuracy"), macroF1: over("macroF1"), weightedF1: over("weightedF1") },
      looks: mostLooks(completed.map(({ run }) => this.#workspace.testLooks.count(run))),
    };
  }
}

function mostLooks(counts: readonly (LookCount | null)[]): LookCount | null {
  return counts.reduce((most, count) => ((count?.looks ?? 0) > (most?.looks ?? 0) ? count : most), null);
}

/** Returns whether the runs compete: each has other settings, and one of them is the best. */
function isSearch({ kind }: ExperimentPlan): boolean {
  return kind === "grid" || kind === "random";
}

function testOf({ accuracy, macroF1, weightedF1 }: MemberRun): ExperimentRun["test"] {
  return accuracy === null || macroF1 === null || weightedF1 === null ? null : { accuracy, macroF1, weightedF1 };
}

/** Returns the best completed run; of equal runs, the first. */
function winnerOf(runs: readonly ExperimentRun[], metric: WinnerMetric): number | null {
  const sign = isLoss[metric] ? -1 : 1;
  const completed = runs.filter(({ status, value }) => status === "completed" && value !== null);
  const best = Math.max(...completed.map(({ value }) => sign * value!));
  return completed.find(({ value }) => sign * value! === best)?.run ?? null;
}
