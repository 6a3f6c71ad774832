/** Exported files: saved by the browser, or shown in the system's file manager by the app's window. */
import { errorFromReport } from "../../contract/domain/errors.ts";
import type { FileExportInput } from "../../contract/domain/exports.ts";
import type { JobSnapshot } from "../../contract/domain/jobs.ts";
import { request } from "./request.ts";

export interface SavedExport {
  job: JobSnapshot;
  /** Hands the files to the browser, which saves them; call it once the job is done. */
  save: () => void;
}

/** Starts an export whose files the browser saves on its computer. */
export async function startSavedExport(files: FileExportInput): Promise<SavedExport> {
  const started = await request<{ export: string; job: JobSnapshot }>("POST", "/exports", JSON.stringify(files));
  return { job: started.job, save: () => download(`/exports/${started.export}`) };
}

function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  // The server names the file.
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}

/** Shows the files of an export in the system's file manager; in the app's window alone. */
export async function openExportFolder(job: number): Promise<void> {
  const reply = await window.ectopy?.openExport(job);
  if (reply !== undefined && !reply.ok) throw errorFromReport(reply.error);
}
