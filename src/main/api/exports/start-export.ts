/** Starts exports as jobs, and remembers their destinations. */
import { modelFormatNames, type ExportReport } from "../../../contract/domain/exports.ts";
import type { StartedJob } from "../../../contract/api/methods.ts";
import type { Services } from "../../services/compose.ts";
import type { Network } from "../../base/network/network.ts";
import type { JobWatch } from "../../services/jobs/jobs.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import type { ExportWork } from "./export-messages.ts";
import { writeExport } from "./write-export.ts";

/** Destinations of the exports that this process started, by the number of their job. */
export class ExportedPlaces {
  readonly #places = new Map<number, string>();

  /** @param place path of a file or a folder */
  add(job: number, place: string): void {
    this.#places.set(job, place);
  }

  find(job: number): string | undefined {
    return this.#places.get(job);
  }
}

export interface ExportContext {
  services: Services;
  startProcess: StartProcess;
  exportedPlaces: ExportedPlaces;
  network: Network;
}

export interface ExportOptions {
  /** Completes the work inside the job, such as by credentials from the keychain. */
  complete?: (work: ExportWork) => Promise<ExportWork>;
  /** Receives the written paths instead of a notice; null where the export failed or was cancelled. */
  deliver?: (places: readonly string[] | null) => void;
}

/** Starts a job that writes an export and announces its destination. */
export function startExport(
  { services, startProcess, exportedPlaces, network }: ExportContext,
  given: ExportWork,
  { complete = (work) => Promise.resolve(work), deliver }: ExportOptions = {},
): StartedJob {
  const { jobs, events, workspace } = services;
  const work = "runs" in given ? { ...given, runs: [...new Set(given.runs)] } : given;
  const runs = runsOf(work);
  const title = titleOf(work);
  const write = async (watch: JobWatch): Promise<ExportReport[]> => {
    const request = {
      workspace: workspace.folder,
      work: await complete(work),
      network: await network.choiceFor(
        given.kind === "mlflow" && isServer(given.target.place) ? given.target.place : "",
      ),
    };
    return writeExport(startProcess, request, watch);
  };
  const job = jobs.start({ kind: "export", title }, async (watch) => {
    const reports = await write(watch).catch((error: unknown) => {
      deliver?.(null);
      throw error;
    });
    if (deliver !== undefined) deliver(reports.map(({ place }) => place));
    else announce(reports);
    return runs.length === 1 ? runs[0] : null;
  });
  const announce = (reports: readonly ExportReport[]): void => {
    const message = noticeOf(title, given.kind, runs, reports);
    const [{ place }] = reports;
    const isPath = !(given.kind === "mlflow" && isServer(place));
    if (isPath) exportedPlaces.add(job.id, place);
    events.emit("notice", { message, kind: "success", ...(isPath ? { exportJob: job.id } : {}) });
  };
  return { job };
}

function runsOf(work: ExportWork): readonly number[] {
  return "runs" in work ? work.runs : [];
}

function titleOf(work: ExportWork): string {
  const of = counted(runsOf(work));
  switch (work.kind) {
    case "model":
      return `Export of ${of} as ${modelFormatNames[work.format]}`;
    case "mlflow":
      return `Export of ${of} to MLflow`;
    case "report":
      return `Report of ${of}`;
    case "figures":
      return `Figures of ${of}`;
    case "csv":
      return `Tables of ${of}`;
    case "recording-report":
      return `Report of recording ${work.record}`;
  }
}

function noticeOf(
  title: string,
  kind: ExportWork["kind"],
  runs: readonly number[],
  reports: readonly ExportReport[],
): string {
  const [{ place, hint }] = reports;
  const unchanged = reports.filter(({ outcome }) => outcome === "unchanged").length;
  const unchangedNote =
    unchanged === 0 ? "" : unchanged === reports.length ? " (unchanged)" : ` (${unchanged} unchanged)`;
  const isEach = kind === "model" || kind === "mlflow";
  const what = isEach ? (runs.length === 1 ? `Run ${runs[0]} is exported` : `${runs.length} runs are exported`) : title;
  return `${what}${unchangedNote}: ${place}. ${hint}`;
}

function counted(runs: readonly number[]): string {
  return runs.length === 1 ? `run ${runs[0]}` : `${runs.length} runs`;
}

function isServer(place: string): boolean {
  return /^https?:\/\//.test(place);
}
