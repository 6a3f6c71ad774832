/** What was typed for an experiment and not started yet: it stays while one looks at other screens. */
import { defineStore } from "pinia";
import { ref } from "vue";
import type { ExperimentPlan, WinnerMetric } from "../../contract/domain/experiments.ts";

/** A setting as it is to vary. */
export interface VariedSetting {
  place: string;
  /** Numbers, with commas or spaces between. */
  typed: string;
  /** Of a choice. */
  chosen: string[];
  /** In a random search, numbers may be drawn between two. */
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
  /** Of a random search. */
  runs: number;
  seed: number;
  metric: WinnerMetric;
  varied: VariedSetting[];
}

export const useExperimentForms = defineStore("experiment-forms", () => ({
  /** Null before one was opened. */
  form: ref<ExperimentForm | null>(null),
}));
