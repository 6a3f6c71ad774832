/** One run of a list, as it is now. */
import type { RunOverview } from "../../contract/domain/runs.ts";

/**
 * @param runs newest (highest number) first
 * @param overview null: it is gone
 * @returns the same runs with this one put in its place, in it, or taken out
 */
export function replaceRun(
  runs: readonly RunOverview[],
  run: number,
  overview: RunOverview | null,
): readonly RunOverview[] {
  const place = runs.findIndex(({ id }) => id <= run);
  const at = place < 0 ? runs.length : place;
  const there = runs.at(at)?.id === run && at < runs.length;
  return runs.toSpliced(at, there ? 1 : 0, ...(overview === null ? [] : [overview]));
}
