/** Updates one run of a list. */
import type { RunOverview } from "../../contract/domain/runs.ts";

/**
 * @param runs newest (highest number) first
 * @param overview the run's current state; null: the run was removed
 * @returns the list with this run replaced, inserted or removed
 */
export function replaceRun(
  runs: readonly RunOverview[],
  run: number,
  overview: RunOverview | null,
): readonly RunOverview[] {
  const index = runs.findIndex(({ id }) => id <= run);
  const at = index < 0 ? runs.length : index;
  const exists = runs.at(at)?.id === run && at < runs.length;
  return runs.toSpliced(at, exists ? 1 : 0, ...(overview === null ? [] : [overview]));
}
