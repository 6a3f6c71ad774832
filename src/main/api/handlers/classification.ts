/** Handlers of the classification of recordings by trained runs. */
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function classificationHandlers({
  services: { classification, events, jobs },
}: HandlerContext): HandlersOf<"classification"> {
  return {
    "classification.check": (choice) => classification.check(choice),
    "classification.costs": ({ run }) => classification.costs(run),
    "classification.start": (choice) => ({
      job: jobs.start({ kind: "classify", title: `Classification of dataset ${choice.dataset}` }, async (watch) => {
        await classification.classify(choice, watch);
        events.emit("annotationSets.changed", { dataset: choice.dataset });
        return choice.dataset;
      }),
    }),
    "classification.result": ({ dataset, set }) => classification.result(dataset, set),
  };
}
