/** Handlers of preparations. */
import { announceItems } from "../../services/jobs/announce-items.ts";
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function preparationHandlers({ services }: HandlerContext): HandlersOf<"preparations"> {
  const { doctor, events, jobs, names, preparations, recordings, removal, results } = services;
  const changed = (): null => {
    events.emit("preparations.changed", null);
    return null;
  };
  let preview = new AbortController();
  return {
    "preparations.list": () => results.preparations(),
    "preparations.get": ({ preparation }) => results.preparation(preparation),
    "preparations.previewBeat": ({ dataset, record, settings, ...shown }) =>
      recordings.read(
        "previewBeat",
        { dataset, record },
        { ...preparations.previewInput(dataset, record, settings), ...shown },
      ),
    "preparations.preview": ({ dataset, settings }) => {
      // Only the latest settings matter: an earlier preview is cancelled.
      preview.abort();
      preview = new AbortController();
      return preparations.preview(dataset, settings, preview.signal);
    },
    "preparations.prepare": ({ dataset, settings }) => {
      const { name } = results.dataset(dataset).dataset;
      return {
        job: jobs.start({ kind: "prepare", title: `Preparation of ${name}` }, async (watch) => {
          const { preparation } = await preparations.prepare(dataset, settings, watch);
          doctor.forget({ kind: "preparations", id: preparation.id });
          changed();
          return preparation.id;
        }),
      };
    },
    "preparations.repair": ({ preparation }) => {
      results.preparation(preparation); // refuses an unknown number before a job starts
      return {
        job: jobs.start({ kind: "prepare", title: `Repair of preparation ${preparation}` }, async (watch) => {
          watch.setSubject(preparation);
          await preparations.repair(preparation, watch);
          doctor.forget({ kind: "preparations", id: preparation });
          changed();
          return preparation;
        }),
      };
    },
    "preparations.remove": ({ preparation }) => {
      removal.remove("preparations", preparation);
      return changed();
    },
    "preparations.restore": ({ preparation }) => announceItems(events, removal.restore("preparations", preparation)),
    "preparations.labelsSince": ({ preparation }) => preparations.labelsSince(preparation),
    "preparations.rename": ({ preparation, name }) => {
      names.rename("preparations", preparation, name);
      return changed();
    },
  };
}
