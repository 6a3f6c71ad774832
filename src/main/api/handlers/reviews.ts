/** Handlers of reviews. */
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function reviewHandlers({
  services: { reviews, learning, events, jobs },
}: HandlerContext): HandlersOf<"reviews"> {
  return {
    "reviews.list": ({ dataset }) => reviews.list(dataset),
    "reviews.begin": (options) => {
      const { set, isNew } = reviews.begin(options);
      if (isNew) events.emit("annotationSets.changed", { dataset: options.dataset });
      return { set };
    },
    "reviews.open": (place) => reviews.open(place),
    "reviews.edit": ({ edit, reviewer, ...place }) => reviews.edit(place, edit, reviewer),
    "reviews.undo": ({ reviewer, ...place }) => reviews.walk(place, "undo", reviewer),
    "reviews.redo": ({ reviewer, ...place }) => reviews.walk(place, "redo", reviewer),
    "reviews.shapes": (place) => reviews.shapes(place),
    "reviews.split": ({ beats, ...place }) => reviews.split(place, beats),
    "reviews.learn": (choice) => ({
      job: jobs.start({ kind: "learn", title: `Learning from the review of ${choice.record}` }, async (watch) => {
        const onRun = (run: number): void => {
          watch.setSubject(run);
          events.emit("run.changed", { run });
        };
        const { run } = await learning.learn(choice, { ...watch, onRun });
        return run;
      }),
    }),
    "reviews.takeBack": ({ entry, reviewer, ...place }) => reviews.takeBack(place, entry, reviewer),
    "reviews.peak": async ({ sample, ...place }) => ({ sample: await reviews.peak(place, sample) }),
  };
}
