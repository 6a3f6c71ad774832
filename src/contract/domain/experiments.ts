/** Several runs as one question: repeats over seeds, grids, random search, folds of patients. */
import { z } from "zod";
import type { Spread } from "./comparison.ts";
import type { RunStatus, TrainingSettings } from "./training.ts";

/** Figures that a winner may be chosen by: of the validation part, never of the test part. */
export const winnerMetrics = ["validation-loss", "validation-accuracy", "validation-macro-f1"] as const;
export type WinnerMetric = (typeof winnerMetrics)[number];

const MOST_RUNS = 1000;

/**
 * Place of a setting in the training settings: `learningRate`, `optimizer.beta1`, `network`; in a network by the layer's id:
 * `network.dropout-1.rate`, or `network.*.rate` for every layer that has one.
 */
const place = z.string().regex(/^[A-Za-z][\w-]*(\.([\w-]+|\*))*$/, "the place of a setting, such as learningRate");
const value = z.union([z.number(), z.string(), z.boolean()]);
const values = z.strictObject({ setting: place, values: z.array(value).min(1).max(MOST_RUNS) });
const range = z
  .strictObject({
    setting: place,
    from: z.number(),
    to: z.number(),
    /** `log`: as many between 1e-4 and 1e-3 as between 1e-3 and 1e-2. */
    scale: z.enum(["linear", "log"]).default("linear"),
    /** Whole numbers alone. */
    whole: z.boolean().default(false),
  })
  .refine(({ from, to }) => from < to, "a range ends above where it begins")
  .refine(({ scale, from }) => scale === "linear" || from > 0, "a logarithmic range begins above 0");

export const experimentPlanSchema = z.discriminatedUnion("kind", [
  /** The same settings with other seeds. */
  z.strictObject({ kind: z.literal("repeats"), times: z.int().min(2).max(MOST_RUNS) }),
  /** Every combination of values. */
  z.strictObject({ kind: z.literal("grid"), settings: z.array(values).min(1).max(10) }),
  /** So many draws. */
  z.strictObject({
    kind: z.literal("random"),
    settings: z
      .array(z.union([range, values]))
      .min(1)
      .max(20),
    runs: z.int().min(1).max(MOST_RUNS),
    seed: z.int().min(0).max(0xffffffff),
  }),
  /** Patients in so many folds, each tested once. */
  z.strictObject({ kind: z.literal("cross-validation"), folds: z.int().min(2).max(20) }),
]);
export type ExperimentPlan = z.infer<typeof experimentPlanSchema>;
export type SettingRange = z.infer<typeof range>;
export type SettingValues = z.infer<typeof values>;

export const experimentNameSchema = z.string().trim().min(1).max(100);

const planNames: Record<ExperimentPlan["kind"], string> = {
  repeats: "repeats",
  grid: "grid",
  random: "random search",
  "cross-validation": "patient-wise cross-validation",
};

/** What an experiment is called where nobody named it. @param network its name, such as `ANN` */
export function defaultName(network: string, kind: ExperimentPlan["kind"]): string {
  return `${network}, ${planNames[kind]}`;
}

/** One of the runs that a plan comes to. */
export interface PlannedRun {
  /** What sets it apart, such as `learningRate 0.01`. */
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
  /** Of the metric, at the best epoch; null before the first. */
  value: number | null;
}

export interface ExperimentOverview extends Experiment {
  runs: ExperimentRun[];
  /** Runs that have ended, one way or another. */
  ended: number;
  /** At the mean pace of those that were completed; null before the first. In seconds. */
  secondsLeft: number | null;
  /** The best by the metric so far; null for repeats and folds, which are no competition, and before the first result. */
  winner: number | null;
  /** On the test part, over the completed runs. Of a search, whose runs are different questions, null. */
  test: { accuracy: Spread; macroF1: Spread; weightedF1: Spread } | null;
}
