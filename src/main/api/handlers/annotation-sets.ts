/** Handlers of annotation sets. */
import { announceItems } from "../../services/jobs/announce-items.ts";
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function annotationSetHandlers({ services }: HandlerContext): HandlersOf<"annotationSets"> {
  const { annotators, events, jobs, removal } = services;
  return {
    "annotationSets.list": ({ dataset }) => annotators.list(dataset),
    "annotationSets.compare": ({ dataset, reference, test, ...options }) =>
      annotators.compare(dataset, reference, test, options),
    "annotationSets.detect": ({ dataset, ...options }) => ({
      job: jobs.start(
        { kind: "detect", title: `R-peaks of ${options.record ?? `dataset ${dataset}`}` },
        async (watch) => {
          await annotators.detect(dataset, { ...options, ...watch });
          events.emit("annotationSets.changed", { dataset });
          return dataset;
        },
      ),
    }),
    "annotationSets.remove": ({ set }) => {
      removal.remove("annotationSets", set);
      return announceItems(events, [{ kind: "annotationSets", id: set }]);
    },
    "annotationSets.restore": ({ set }) => announceItems(events, removal.restore("annotationSets", set)),
    "annotationSets.rename": ({ set, name }) => {
      const { datasetId: dataset } = annotators.rename(set, name);
      events.emit("annotationSets.changed", { dataset });
      return null;
    },
  };
}
