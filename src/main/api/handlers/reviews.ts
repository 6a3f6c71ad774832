/** Handlers of reviews. */
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function reviewHandlers({ services: { reviews, events } }: HandlerContext): HandlersOf<"reviews"> {
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
    "reviews.peak": async ({ sample, ...place }) => ({ sample: await reviews.peak(place, sample) }),
  };
}
