/** Steps per epoch of a run. */
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { stepsOf } from "../../../contract/domain/training.ts";

export function stepsInEpoch({ run, preparation }: Pick<RunDetails, "run" | "preparation">): number {
  return stepsOf(preparation.summary.totals.train, run.settings);
}
