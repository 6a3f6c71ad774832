/** The form of an experiment that is not started yet. It is kept while the user visits other screens. */
import { defineStore } from "pinia";
import { ref } from "vue";
import type { ExperimentPlan, WinnerMetric } from "../../contract/domain/experiments.ts";

/** A parameter of a search: a setting with the values to try. */
export interface VariedSetting {
  /** Path of the setting: `learningRate`, `network.dropout-1.rate`. */
  path: string;
  /** Numbers as typed, separated by commas or spaces. */
  typed: string;
  /** Values of a setting that is a choice. */
  chosen: string[];
  /** A random search can also draw numbers from a range. */
  as: "values" | "range";
  from: number;
  to: number;
  log: boolean;
}

export interface ExperimentForm {
  kind: ExperimentPlan["kind"];
  name: string;
  times: number;
  folds: number;
  /** Number of trials of a random search. */
  runs: number;
  seed: number;
  metric: WinnerMetric;
  varied: VariedSetting[];
  /** Name of the executor; empty: this machine. */
  executor: string;
}

export const useExperimentForms = defineStore("experiment-forms", () => ({
  /** Null before the dialog is first opened. */
  form: ref<ExperimentForm | null>(null),
}));
