/** Handlers of exports and of sign-ins to MLflow servers. */
import { fullPath } from "../../base/user-path.ts";
import { isAddress } from "../../services/exports/mlflow/place.ts";
import { startExport } from "../exports/start-export.ts";
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function exportHandlers(context: HandlerContext): HandlersOf<"exports"> {
  const { services, signIns } = context;
  const checkedFolder = async (given: string): Promise<string> =>
    (await services.userFiles.check(fullPath(given), "export")).path;
  return {
    "exports.model": async ({ folder, ...model }) =>
      startExport(context, { kind: "model", ...model, folder: await checkedFolder(folder) }),
    "exports.report": async ({ folder, ...report }) =>
      startExport(context, { kind: "report", ...report, folder: await checkedFolder(folder) }),
    "exports.figures": async ({ folder, ...figures }) =>
      startExport(context, { kind: "figures", ...figures, folder: await checkedFolder(folder) }),
    "exports.csv": async ({ folder, ...tables }) =>
      startExport(context, { kind: "csv", ...tables, folder: await checkedFolder(folder) }),
    "exports.recordingReport": async ({ folder, ...report }) =>
      startExport(context, { kind: "recording-report", ...report, folder: await checkedFolder(folder) }),
    "exports.annotations": async ({ folder, ...options }) => {
      const destination = await checkedFolder(folder);
      const { jobs, events, setExports } = services;
      const title = `Export of the annotation set ${options.set}`;
      const job = jobs.start({ kind: "export", title }, async (watch) => {
        const { place, outcome, hint } = await setExports.export(options, destination, watch);
        context.exportedPlaces.add(job.id, place);
        const message = `${title}${outcome === "unchanged" ? " (unchanged)" : ""}: ${place}. ${hint}`;
        events.emit("notice", { message, kind: "success", exportJob: job.id });
        return null;
      });
      return { job };
    },
    "exports.mlflow": async ({ runs, kept, ...given }) => {
      const place = isAddress(given.place) ? given.place : await checkedFolder(given.place);
      const target = { ...given, place };
      return startExport(
        context,
        { kind: "mlflow", runs, target },
        {
          complete: async (work) =>
            work.kind === "mlflow" && kept
              ? { ...work, target: { ...target, credentials: await signIns.find(place) } }
              : work,
        },
      );
    },
    "exports.signIns": () => signIns.list(),
    "exports.keepSignIn": async ({ address, credentials }) => {
      await signIns.keep(address, credentials);
      return null;
    },
    "exports.forgetSignIn": ({ address }) => {
      signIns.forget(address);
      return null;
    },
  };
}
