/** Starts the export that a form describes, into a folder, to a server, or for the browser to save. */
import type { FileExportInput } from "../../../contract/domain/exports.ts";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import { client } from "../../api/client.ts";
import { startSavedExport } from "../../api/export-files.ts";
import { mlflowTarget, savesToComputer, type ExportForm } from "./export-form.ts";

export interface ExportedRuns {
  runs: readonly number[];
  /** Those and the runs without results, which only tables include. */
  all: readonly number[];
}

export interface StartedExport {
  job: JobSnapshot;
  /** Saves the files on this computer once the job is done; absent where they are written elsewhere. */
  save?: () => void;
}

export async function startExport(form: ExportForm, exported: ExportedRuns): Promise<StartedExport> {
  const files = filesOf(form, exported);
  if (files === null) {
    return client.call("exports.mlflow", { runs: [...exported.runs], ...mlflowTarget(form) });
  }
  if (savesToComputer(form)) return startSavedExport(files);
  const folder = form.folder.trim();
  switch (files.kind) {
    case "report":
      return client.call("exports.report", { ...withoutKind(files), folder });
    case "figures":
      return client.call("exports.figures", { ...withoutKind(files), folder });
    case "csv":
      return client.call("exports.csv", { ...withoutKind(files), folder });
    case "model":
      return client.call("exports.model", { ...withoutKind(files), folder });
    case "recording-report":
      return client.call("exports.recordingReport", { ...withoutKind(files), folder });
  }
}

/** Returns null for MLflow, whose files name their folder or server. */
function filesOf({ kind, format, pdf, width, dpi }: ExportForm, exported: ExportedRuns): FileExportInput | null {
  const runs = [...exported.runs];
  switch (kind) {
    case "report":
      return { kind, runs, pdf };
    case "figures":
      return { kind, runs, dpi, ...(width === 0 ? {} : { width }) };
    case "tables":
      return { kind: "csv", runs: [...exported.all] };
    case "model":
      return { kind, runs, format };
    case "mlflow-server":
    case "mlflow-folder":
      return null;
  }
}

function withoutKind<T extends { kind: unknown }>({ kind: _kind, ...rest }: T): Omit<T, "kind"> {
  return rest;
}
