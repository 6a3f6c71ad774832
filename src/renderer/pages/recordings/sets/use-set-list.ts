/** The annotation sets of a dataset, requested again whenever one changes. */
import type { AnnotationSetOverview } from "../../../../contract/domain/annotation-sets.ts";
import { client } from "../../../api/client.ts";
import { useQuery, type Query } from "../../../base/use-query.ts";

export function useSetList(dataset: () => number): Query<AnnotationSetOverview[]> {
  return useQuery(
    () => ({ dataset: dataset() }),
    (input) => client.call("annotationSets.list", input),
    {
      keepData: (now, before) => now.dataset === before.dataset,
      refreshOn: (changed) =>
        client.on("annotationSets.changed", (event) => {
          if (event.dataset === null || event.dataset === dataset()) changed();
        }),
    },
  );
}

/** Returns what a set was made by: `detected`, or `classified by run 3`. */
export function originText({ origin, runs }: Pick<AnnotationSetOverview, "origin" | "runs">): string {
  if (runs.length === 0) return origin;
  return `${origin} by run${runs.length === 1 ? "" : "s"} ${runs.join(", ")}`;
}
