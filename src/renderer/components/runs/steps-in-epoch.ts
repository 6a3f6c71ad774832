/** Steps of an epoch: as many as there are batches of training beats, or fewer where the settings say so. */
import type { RunDetails } from "../../../contract/runs.ts";

export function stepsInEpoch({
  run: { settings },
  preparation: { summary },
}: Pick<RunDetails, "run" | "preparation">): number {
  const all = Math.ceil(summary.totals.train / settings.batch);
  return settings.stepsPerEpoch === 0 ? all : Math.min(all, settings.stepsPerEpoch);
}
