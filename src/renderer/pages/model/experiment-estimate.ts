/** The text on the estimated time of an experiment. */
import type { ExperimentEstimate } from "../../../contract/domain/training-estimate.ts";
import { counted, formatDuration, formatInteger } from "../../base/format.ts";

/** Returns the number of runs and their time, or why the time is unknown. @param runs of the plan */
export function estimateText(runs: number, { seconds, knownRuns, unmeasured }: ExperimentEstimate): string {
  const count = counted(runs, "run");
  if (unmeasured.length === 0) return `${count}, about ${formatDuration(seconds)} in total without early stopping.`;
  const why =
    unmeasured.length === 1
      ? "one combination of network and compute settings has no benchmark"
      : `${formatInteger(unmeasured.length)} combinations of network and compute settings have no benchmark`;
  if (knownRuns === 0) return `${count}. The training time is unknown: ${why}.`;
  const known = `About ${formatDuration(seconds)} for ${formatInteger(knownRuns)} of them, without early stopping`;
  return `${count}. ${known}; the time of the others is unknown: ${why}.`;
}
