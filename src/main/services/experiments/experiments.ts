/** Experiments: plans, prepares and adds their runs; reports progress and results. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Evaluation, Spread } from "../../../contract/domain/evaluation.ts";
import {
  experimentNameSchema,
  experimentPlanSchema,
  type Experiment,
  type ExperimentOverview,
  type ExperimentPlan,
  type ExperimentResults,
  type ExperimentRun,
  type GapSide,
  type ProtocolGap,
  type PlannedRun,
  type WinnerMetric,
} from "../../../contract/domain/experiments.ts";
import type { Fold, Preparation } from "../../../contract/domain/preparation.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { RunRecord, TrainingSettings } from "../../../contract/domain/training.ts";
import { patientsOf } from "../../../pipeline/beats/patients.ts";
import { chooseRecords } from "../../../pipeline/beats/records.ts";
import { poolFolds } from "../../../pipeline/evaluation/pooled-folds.ts";
import { classSpreads, spread } from "../../../pipeline/evaluation/spread.ts";
import type { MemberRun } from "../../store/experiments.ts";
import type { Workspace } from "../../store/workspace.ts";
import { checkSettings } from "../../base/check-settings.ts";
import type { PreparationService } from "../preparations/preparations.ts";
import type { TrainingService } from "../training/training.ts";
import { foldVariants, pairVariants, type Variant } from "./plan-preparations.ts";
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

interface Watch {
  progress: ReportProgress;
  signal: AbortSignal;
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
  async add(experiment: NewExperiment, watch: Watch): Promise<ExperimentOverview> {
    const given = checkSettings(experimentPlanSchema, experiment.plan, "search");
    const plan = given.kind === "leave-one-patient-out" ? this.#leaveOneOut(experiment.preparation) : given;
    const name = checkSettings(experimentNameSchema, experiment.name, "search");
    const planned = planRuns(plan, experiment.settings);
    const preparations = await this.#preparationsOf(plan, experiment.preparation, planned.length, watch);
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

  /** Returns the runs of an experiment, without adding it. @throws EctopyError `invalid-settings`, `not-found` */
  plan(plan: ExperimentPlan, settings: TrainingSettings, preparation: number): PlannedRun[] {
    return planRuns(plan.kind === "leave-one-patient-out" ? this.#leaveOneOut(preparation) : plan, settings);
  }

  /** Returns a cross-validation with one fold for each patient. @throws EctopyError `not-found`, `nothing-usable` */
  #leaveOneOut(from: number): ExperimentPlan {
    const { datasetId, settings } = this.#ofRecordings(from);
    const records = this.#workspace.datasets.records(datasetId).filter(({ usable }) => usable);
    const { used } = chooseRecords(records, { ...settings, protocol: "cross-validation" });
    return { kind: "cross-validation", folds: new Set(patientsOf(used)).size };
  }

  #preparation(id: number): Preparation {
    const preparation = this.#workspace.preparations.find(id);
    if (preparation) return preparation;
    throw notFound("preparation", id);
  }

  async #preparationsOf(plan: ExperimentPlan, from: number, runs: number, watch: Watch): Promise<number[]> {
    switch (plan.kind) {
      case "cross-validation":
        return this.#prepareFolds(from, plan.folds, watch);
      case "protocol-pair":
        return this.#preparePair(from, watch);
      case "grid":
      case "random": {
        const { folds } = plan;
        if (folds === undefined) return Array.from({ length: runs }, () => from);
        const ofFolds = await this.#prepareInnerFolds(from, folds, watch);
        return Array.from({ length: runs }, (_, i) => ofFolds[i % folds]);
      }
      case "repeats":
      case "leave-one-patient-out":
        return Array.from({ length: runs }, () => from);
    }
  }

  async #prepareFolds(from: number, folds: number, watch: Watch): Promise<number[]> {
    const preparation = this.#ofRecordings(from);
    return this.#prepareAll(preparation.datasetId, foldVariants(preparation.settings, folds), watch);
  }

  /**
   * Prepares folds of the training and validation patients of a preparation.
   * @throws EctopyError `invalid-settings` where its test patients may be among them
   */
  #prepareInnerFolds(from: number, folds: number, watch: Watch): Promise<number[]> {
    const { datasetId, settings, summary } = this.#ofRecordings(from);
    const { recordsBySet } = summary;
    if (settings.protocol === "reference" || settings.protocol === "intra-patient" || recordsBySet === undefined) {
      throw new EctopyError(
        "invalid-settings",
        `Preparation ${from} does not keep test patients apart, so there are no folds of its training patients.`,
        "Prepare the dataset again by the inter-patient split or a custom split.",
      );
    }
    const records = [...recordsBySet.train, ...recordsBySet.validation].sort();
    const variants = foldVariants({ ...settings, records }, folds);
    return this.#prepareAll(datasetId, variants, watch);
  }

  /** Prepares the dataset of a preparation by both protocols of a pair. */
  #preparePair(from: number, watch: Watch): Promise<number[]> {
    const preparation = this.#ofRecordings(from);
    return this.#prepareAll(preparation.datasetId, pairVariants(preparation.settings), watch);
  }

  /** Returns a preparation whose patients may be known. @throws EctopyError `not-found`; `invalid-settings`: beats of a table */
  #ofRecordings(id: number): Preparation {
    const preparation = this.#preparation(id);
    if (preparation.settings.rowSamples === undefined) return preparation;
    throw new EctopyError(
      "invalid-settings",
      `Preparation ${id} has beats of a table, whose patients are unknown: there are no folds by patient.`,
      "Repeat the training over seeds, or use a dataset of recordings.",
    );
  }

  async #prepareAll(dataset: number, variants: readonly Variant[], { progress, signal }: Watch): Promise<number[]> {
    const ids: number[] = [];
    for (const { stage, settings } of variants) {
      const named: ReportProgress = (now) => progress({ ...now, stage: `${stage}: ${now.stage}` });
      const { preparation } = await this.#preparations.prepare(dataset, settings, { progress: named, signal });
      ids.push(preparation.id);
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
      return { classes: null, pooled: null, gap: null, search: searchResults(members, names, memberFigures[metric]) };
    }
    const tested = this.#workspace.experiments
      .members(id)
      .filter(({ status }) => status === "completed")
      .map(({ run }) => ({ run, evaluation: this.#workspace.runs.evaluation(run, "test")! }));
    if (plan.kind === "protocol-pair") return { classes: null, pooled: null, gap: protocolGap(tested), search: null };
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
      gap: null,
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
    const isPair = plan.kind === "protocol-pair";
    const runs = members.map((member): ExperimentRun => ({
      run: member.run,
      label: member.label,
      status: member.status,
      value: member[memberFigures[metric]],
      test: competition || isPair ? null : testOf(member),
      machine: member.machine,
      failure: member.failure,
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
      winner: competition ? winnerOf(runs, metric, foldsOf(plan)) : null,
      test:
        competition || isPair
          ? null
          : { accuracy: over("accuracy"), macroF1: over("macroF1"), weightedF1: over("weightedF1") },
      looks: this.#workspace.testLooks.mostOf((isPair ? completed.slice(1) : completed).map(({ run }) => run)),
    };
  }
}

/** Returns the metrics of both runs of a pair side by side; null unless both are completed. */
function protocolGap(tested: readonly { run: number; evaluation: Evaluation }[]): ProtocolGap | null {
  if (tested.length < 2) return null;
  const [reference, interPatient] = tested.map(({ run, evaluation }): GapSide => {
    const { accuracy, macroF1, weightedF1 } = evaluation;
    return { run, accuracy, macroF1, weightedF1 };
  });
  const [first, second] = tested.map(({ evaluation }) => evaluation.perClass);
  return {
    reference,
    interPatient,
    classes: first.flatMap((metrics) => {
      const other = second.find(({ label }) => label === metrics.label);
      return other === undefined ? [] : [{ label: metrics.label, reference: metrics, interPatient: other }];
    }),
  };
}

/** Returns whether the runs compete: each has other settings, and one of them is the best. */
function isSearch({ kind }: ExperimentPlan): boolean {
  return kind === "grid" || kind === "random";
}

function testOf({ accuracy, macroF1, weightedF1 }: MemberRun): ExperimentRun["test"] {
  return accuracy === null || macroF1 === null || weightedF1 === null ? null : { accuracy, macroF1, weightedF1 };
}

function foldsOf(plan: ExperimentPlan): number {
  return plan.kind === "grid" || plan.kind === "random" ? (plan.folds ?? 1) : 1;
}

/**
 * Returns the best completed run; of equal runs, the first. With folds, the first run of the settings with the best mean over
 * all folds; settings with an unfinished fold are left out.
 */
function winnerOf(runs: readonly ExperimentRun[], metric: WinnerMetric, folds: number): number | null {
  const sign = isLoss[metric] ? -1 : 1;
  const groups = Array.from({ length: runs.length / folds }, (_, i) => runs.slice(i * folds, (i + 1) * folds));
  const completed = groups.filter((group) =>
    group.every(({ status, value }) => status === "completed" && value !== null),
  );
  const mean = (group: readonly ExperimentRun[]): number =>
    group.reduce((sum, { value }) => sum + sign * value!, 0) / group.length;
  const best = Math.max(...completed.map(mean));
  return completed.find((group) => mean(group) === best)?.[0].run ?? null;
}
