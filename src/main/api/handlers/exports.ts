/** Handlers of exports and of sign-ins to MLflow servers. */
import { modelFormatNames, type ExportReport } from "../../../contract/domain/exports.ts";
import type { StartedJob } from "../../../contract/api/methods.ts";
import { fullPath } from "../../base/user-path.ts";
import { isAddress } from "../../services/exports/mlflow/place.ts";
import type { RunReport } from "../../services/exports/mlflow/export-runs.ts";
import type { JobWatch } from "../../services/jobs/jobs.ts";
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function exportHandlers({ services, signIns }: HandlerContext): HandlersOf<"exports"> {
  const { jobs, events, userFiles } = services;
  const checkedFolder = async (given: string): Promise<string> =>
    (await userFiles.check(fullPath(given), "export")).path;
  /** Starts a job that announces each run's destination when it has ended. */
  const start = (title: string, work: (watch: JobWatch) => Promise<RunReport[]>): StartedJob => ({
    job: jobs.start({ kind: "export", title }, async (watch) => {
      const reports = await work(watch);
      events.emit("notice", { message: exportNotice(reports), kind: "success" });
      return reports.length === 1 ? reports[0].run : null;
    }),
  });
  /** Starts a job that exports all runs into one folder. */
  const exportTogether = (
    what: string,
    runs: readonly number[],
    work: (ids: number[], watch: JobWatch) => Promise<ExportReport>,
  ): StartedJob => {
    const ids = [...new Set(runs)];
    const title = `${what} of ${counted(ids)}`;
    return {
      job: jobs.start({ kind: "export", title }, async (watch) => {
        const { place, outcome, hint } = await work(ids, watch);
        const unchangedNote = outcome === "unchanged" ? " (unchanged)" : "";
        events.emit("notice", { message: `${title}${unchangedNote}: ${place}. ${hint}`, kind: "success" });
        return ids.length === 1 ? ids[0] : null;
      }),
    };
  };
  return {
    "exports.model": async ({ runs, format, folder }) => {
      const to = await checkedFolder(folder);
      return start(`Export of ${counted(runs)} as ${modelFormatNames[format]}`, (watch) =>
        services.exports.models(runs, format, to, watch),
      );
    },
    "exports.mlflow": async ({ runs, kept, ...target }) => {
      const place = isAddress(target.place) ? target.place : await checkedFolder(target.place);
      return start(`Export of ${counted(runs)} to MLflow`, async (watch) => {
        const credentials = kept ? await signIns.find(place) : target.credentials;
        return services.exports.mlflow(runs, { ...target, place, credentials }, watch);
      });
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
    "exports.report": async ({ runs, folder, pdf }) => {
      const to = await checkedFolder(folder);
      return exportTogether("Report", runs, (ids, watch) => services.reports.report(ids, to, { pdf }, watch));
    },
    "exports.figures": async ({ runs, folder, ...size }) => {
      const to = await checkedFolder(folder);
      return exportTogether("Figures", runs, (ids, watch) => services.reports.figures(ids, to, size, watch));
    },
    "exports.csv": async ({ runs, folder }) => {
      const to = await checkedFolder(folder);
      return exportTogether("Tables", runs, (ids, watch) => services.reports.csv(ids, to, watch));
    },
  };
}

function counted(runs: readonly number[]): string {
  return runs.length === 1 ? `run ${runs[0]}` : `${runs.length} runs`;
}

function exportNotice(reports: readonly RunReport[]): string {
  const [{ place, hint }] = reports;
  const unchanged = reports.filter(({ outcome }) => outcome === "unchanged").length;
  const unchangedNote =
    unchanged === 0 ? "" : unchanged === reports.length ? " (unchanged)" : ` (${unchanged} unchanged)`;
  const what = reports.length === 1 ? `Run ${reports[0].run} is` : `${reports.length} runs are`;
  return `${what} exported${unchangedNote}: ${place}. ${hint}`;
}
