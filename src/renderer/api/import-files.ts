/** Takes in what was dropped or chosen: by its path where there is one (Electron), else by sending the files. */
import type { JobSnapshot } from "../../contract/domain/jobs.ts";
import type { ImportSettings } from "../../contract/domain/datasets.ts";
import { client } from "./client.ts";
import { request } from "./request.ts";

/** A file with its path inside the chosen folder, `/` between names. */
export interface ChosenFile {
  file: File;
  path: string;
}

export interface UploadProgress {
  /** Bytes. */
  sent: number;
  total: number;
}

/** Imports a folder or a ZIP file that lies on the machine that Ectopy runs on. */
export async function importPath(path: string, settings: ImportSettings): Promise<JobSnapshot> {
  const { job } = await client.call("datasets.import", { path, ...settings });
  return job;
}

/** Sends files to the machine that Ectopy runs on, and imports them there. */
export async function importUpload(
  files: readonly ChosenFile[],
  settings: ImportSettings,
  progress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<JobSnapshot> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  progress({ sent: 0, total });
  const { upload } = await request<{ upload: string }>("POST", "/uploads", null, signal);
  const base = `/uploads/${upload}`;
  try {
    let sent = 0;
    for (const { file, path } of files) {
      const address = `${base}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
      await request("PUT", address, file, signal);
      sent += file.size;
      progress({ sent, total });
    }
    const { job } = await request<{ job: JobSnapshot }>("POST", `${base}/import`, JSON.stringify(settings), signal);
    return job;
  } catch (error) {
    await fetch(base, { method: "DELETE" }).catch(() => undefined);
    throw error;
  }
}
