/** Tags as the user types them, separated by commas, and the tags of several runs. */
import type { RunOverview } from "../../../contract/domain/runs.ts";

/** Returns each tag once, trimmed. */
export function parseTags(typed: string): string[] {
  return [
    ...new Set(
      typed
        .split(",")
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ""),
    ),
  ];
}

/** Returns each tag of the runs with the number of runs that have it, most frequent first. */
export function countTags(runs: readonly Pick<RunOverview, "tags">[]): { tag: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { tags } of runs) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].map(([tag, count]) => ({ tag, count })).sort((a, b) => b.count - a.count);
}
