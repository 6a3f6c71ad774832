/** The best runs by each metric, among runs that were tested on the same beats: other metrics are not comparable. */
import type { RunOverview } from "../../../contract/domain/runs.ts";
import type { RunColumn } from "./columns.ts";

/** Returns, for each column that ranks runs, the numbers of the runs with the best value. */
export function bestRuns(runs: readonly RunOverview[], columns: readonly RunColumn[]): Map<string, Set<number>> {
  const best = new Map<string, Set<number>>();
  for (const column of columns) {
    if (column.best === undefined) continue;
    const sign = column.best === "highest" ? 1 : -1;
    const leaders = new Map<string, { value: number; ids: number[] }>();
    for (const run of runs) {
      const value = column.value(run);
      if (typeof value !== "number") continue;
      const leader = leaders.get(run.testKey);
      if (leader === undefined || sign * value > sign * leader.value) {
        leaders.set(run.testKey, { value, ids: [run.id] });
      } else if (value === leader.value) leader.ids.push(run.id);
    }
    best.set(column.key, new Set([...leaders.values()].flatMap(({ ids }) => ids)));
  }
  return best;
}
