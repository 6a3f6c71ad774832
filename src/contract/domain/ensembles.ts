/** Ensembles: runs that are one model of several networks, whose probabilities are averaged. */
import type { memberStates } from "../text/ensemble-text.ts";
import type { EvaluatedMetrics, Repeats } from "./comparison.ts";

/** What has become of a run whose network an ensemble has. */
export type MemberState = keyof typeof memberStates;

/** A run whose network is part of an ensemble. */
export interface MemberRun {
  run: number;
  /** Name that the user gave the run; empty: none. */
  name: string;
  network: string;
  seed: number;
  state: MemberState;
  /** Its metrics on the test set; null: the run was deleted. */
  test: EvaluatedMetrics | null;
}

export interface EnsembleMembers {
  members: MemberRun[];
  /** Mean and SD over the members that still exist. */
  singles: Pick<Repeats, "accuracy" | "macroF1" | "weightedF1">;
}

export interface MadeEnsemble {
  run: number;
  /** Whether the workspace had this ensemble already: nothing was made or evaluated. */
  alreadyThere: boolean;
}
