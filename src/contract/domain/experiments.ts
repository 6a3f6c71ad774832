/** Experiments: repeats over seeds, grid search, random search, patient-wise cross-validation. */
import { z } from "zod";
import type { RunMachine } from "./cluster.ts";
import { MAX_FOLDS } from "./preparation.ts";
import type { ClassMetrics, ClassSpread, PooledFolds, Spread } from "./evaluation.ts";
import type { LookCount } from "./test-looks.ts";
import type { RunStatus, TrainingSettings } from "./training.ts";

/** Metrics that select the best run: on the validation set, never on the test set. */
export const winnerMetrics = ["validation-loss", "validation-accuracy", "validation-macro-f1"] as const;
export type WinnerMetric = (typeof winnerMetrics)[number];

const MAX_RUNS = 1000;

/**
 * Path of a setting in the training settings: `learningRate`, `optimizer.beta1`, `network`; in a network by the layer's
 * id: `network.dropout-1.rate`, or `network.*.rate` for every layer that has the setting.
 */
const path = z.string().regex(/^[A-Za-z][\w-]*(\.([\w-]+|\*))*$/, "the path of a setting, such as learningRate");
const value = z.union([z.number(), z.string(), z.boolean()]);
const values = z.strictObject({ setting: path, values: z.array(value).min(1).max(MAX_RUNS) });
const range = z
  .strictObject({
    setting: path,
    from: z.number(),
    to: z.number(),
    /** `log`: uniform in the logarithm, as many values between 1e-4 and 1e-3 as between 1e-3 and 1e-2. */
    scale: z.enum(["linear", "log"]).default("linear"),
    /** Integers only. */
    whole: z.boolean().default(false),
  })
  .refine(({ from, to }) => from < to, "the end of a range must be above its start")
  .refine(({ scale, from }) => scale === "linear" || from > 0, "a logarithmic range must start above 0");

/**
 * Folds of the training and validation patients, on which each setting of a search is judged; absent: the validation set of
 * the preparation alone. The test patients of the preparation are in no fold.
 */
const innerFolds = z.int().min(2).max(20).optional();

export const experimentPlanSchema = z.discriminatedUnion("kind", [
  /** The same settings with other seeds. */
  z.strictObject({ kind: z.literal("repeats"), times: z.int().min(2).max(MAX_RUNS) }),
  /** Every combination of values. */
  z.strictObject({ kind: z.literal("grid"), settings: z.array(values).min(1).max(10), folds: innerFolds }),
  /** Random trials. */
  z.strictObject({
    kind: z.literal("random"),
    settings: z
      .array(z.union([range, values]))
      .min(1)
      .max(20),
    runs: z.int().min(1).max(MAX_RUNS),
    seed: z.int().min(0).max(0xffffffff),
    folds: innerFolds,
  }),
  /** Patient-wise cross-validation: each fold is tested once. */
  z.strictObject({ kind: z.literal("cross-validation"), folds: z.int().min(2).max(MAX_FOLDS) }),
  /** As many folds as patients. An experiment that was added has the number of folds instead. */
  z.strictObject({ kind: z.literal("leave-one-patient-out") }),
  /** One configuration by the protocol of the reference study and by the inter-patient split. */
  z.strictObject({ kind: z.literal("protocol-pair") }),
]);
export type ExperimentPlan = z.infer<typeof experimentPlanSchema>;

/** Returns whether the runs of a plan have folds, each with a separate test set. */
export function isInFolds(plan: ExperimentPlan): boolean {
  return plan.kind === "cross-validation" || ("folds" in plan && plan.folds !== undefined);
}

export type SettingRange = z.infer<typeof range>;
export type SettingValues = z.infer<typeof values>;

export const experimentNameSchema = z.string().trim().min(1).max(100);

const planNames: Record<ExperimentPlan["kind"], string> = {
  repeats: "repeats",
  grid: "grid",
  random: "random search",
  "cross-validation": "patient-wise cross-validation",
  "leave-one-patient-out": "leave-one-patient-out",
  "protocol-pair": "reference study and inter-patient split",
};

/** Returns the default name of an experiment. @param network name of the network, such as `ANN` */
export function defaultName(network: string, kind: ExperimentPlan["kind"]): string {
  return `${network}, ${planNames[kind]}`;
}

/** A run of a plan, before it is added. */
export interface PlannedRun {
  /** Settings in which it differs from the others, such as `learningRate 0.01`. */
  label: string;
  settings: TrainingSettings;
}

export interface Experiment {
  id: number;
  name: string;
  plan: ExperimentPlan;
  metric: WinnerMetric;
  /** ISO 8601, UTC. */
  createdAt: string;
}

export interface ExperimentRun {
  run: number;
  label: string;
  status: RunStatus;
  /** Value of the metric at the best epoch; null before the first epoch has ended. */
  value: number | null;
  /** Metrics on the test set; null before the end, and in a search: its runs are selected by validation alone. */
  test: { accuracy: number; macroF1: number; weightedF1: number } | null;
  /** Other machine that trains or trained it; null: this one, or none yet. */
  machine: RunMachine | null;
  /** Why it failed; null: it did not. */
  failure: string | null;
}

export interface ExperimentOverview extends Experiment {
  runs: ExperimentRun[];
  /** Number of ended runs, in any state. */
  ended: number;
  /**
   * Remaining seconds, by the mean duration of the completed runs; null before the first, and where the completed runs of
   * a grid do not tell the duration of the others.
   */
  secondsLeft: number | null;
  /** Best run so far by the metric; of a search with folds, the first fold of the settings with the best mean; null for repeats and folds, which are not compared, and before the first result. */
  winner: number | null;
  /** Metrics on the test set over the completed runs; null for a search, whose runs have different settings. */
  test: { accuracy: Spread; macroF1: Spread; weightedF1: Spread } | null;
  /** Looks at the test set of its runs; of the fold with the most in cross-validation; null before the first completed run. */
  looks: LookCount | null;
}

/** A setting that a search varied. */
export interface SearchedSetting {
  /** Its path, such as `learningRate`. */
  setting: string;
  /** Its values, or ranges of them, in order, with the mean of the metric over their runs. */
  groups: { label: string; runs: number; mean: number | null }[];
  /** Group of each run, as an index. */
  group: number[];
  /** Share of the metric's variance that the setting explains alone, from 0 to 1; null with too few runs. */
  importance: number | null;
}

/** Completed runs of a search by their settings, with the validation metric that selects the best. */
export interface SearchResults {
  runs: number[];
  /** Metric of each run. */
  values: number[];
  /** In the order of the plan. */
  settings: SearchedSetting[];
}

/** Metrics of one configuration on the test sets of two protocols. Sensitivity, PPV and F1 are shares. */
export interface ProtocolGap {
  reference: GapSide;
  interPatient: GapSide;
  /** Of the classes that both preparations have. */
  classes: { label: string; reference: ClassMetrics; interPatient: ClassMetrics }[];
}

export interface GapSide {
  run: number;
  accuracy: number;
  macroF1: number;
  weightedF1: number;
}

/** Results of an experiment over its completed runs. */
export interface ExperimentResults {
  /** In the order of the labels; null for a search, and before the first completed run. */
  classes: ClassSpread[] | null;
  /** Of cross-validation; null before the first completed fold. */
  pooled: PooledFolds | null;
  /** Of a pair of protocols; null before both runs are completed. */
  gap: ProtocolGap | null;
  /** Of a search; null before the second completed run. */
  search: SearchResults | null;
}
