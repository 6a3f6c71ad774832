/** Of prepared beats. */
import type { HandlerParts, Some } from "./handler-parts.ts";

export function preparationHandlers({ services, jobs, events }: HandlerParts): Some<"preparations"> {
  const { preparations, recordings, removal, results } = services;
  const changed = (): null => {
    events.emit("preparations.changed", null);
    return null;
  };
  let preview = new AbortController();
  return {
    "preparations.list": () => results.preparations(),
    "preparations.get": ({ preparation }) => results.preparation(preparation),
    "preparations.previewBeat": ({ dataset, record, settings, beat, label }) =>
      recordings.read("previewBeat", { ...recordings.locate(dataset, record), settings, beat, label }),
    "preparations.preview": ({ dataset, settings }) => {
      // Only the latest settings are wanted: what was asked before is given up.
      preview.abort();
      preview = new AbortController();
      return preparations.preview(dataset, settings, preview.signal);
    },
    "preparations.prepare": ({ dataset, settings }) => {
      const { name } = results.dataset(dataset).dataset;
      return {
        job: jobs.start({ kind: "prepare", title: `Preparation of ${name}` }, async (watch) => {
          const { preparation } = await preparations.prepare(dataset, settings, watch);
          changed();
          return preparation.id;
        }),
      };
    },
    "preparations.remove": ({ preparation }) => {
      removal.remove("preparations", preparation);
      return changed();
    },
    "preparations.restore": ({ preparation }) => {
      removal.restore("preparations", preparation);
      return changed();
    },
  };
}
