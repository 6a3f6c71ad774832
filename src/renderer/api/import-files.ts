/** Examines and imports dropped or selected files: by their path where it is known (Electron), else by uploading them. */
import type { JobSnapshot } from "../../contract/domain/jobs.ts";
import type { ImportSettings } from "../../contract/domain/datasets.ts";
import type { Inspection } from "../../contract/domain/inspection.ts";
import { client } from "./client.ts";
import { request } from "./request.ts";

/** A file with its path relative to the selected folder, with `/` between names. */
export interface SelectedFile {
  file: File;
  path: string;
}

export interface UploadProgress {
  /** Bytes uploaded so far. */
  sent: number;
  total: number;
}

/** Imports what an inspection has found. */
export async function importInspected(
  { id, path }: Pick<Inspection, "id" | "path">,
  settings: ImportSettings,
): Promise<JobSnapshot> {
  const { job } = await client.call("datasets.import", { path, ...settings, inspection: id });
  return job;
}

/** Examines the recordings of a folder, a file or a ZIP file on the machine that Ectopy runs on. */
export async function inspectPath(path: string): Promise<JobSnapshot> {
  const { job } = await client.call("datasets.inspect", { path });
  return job;
}

/** Uploads files to the machine that Ectopy runs on, and examines them there. @param name of the folder or file */
export async function inspectUpload(
  files: readonly SelectedFile[],
  name: string,
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<JobSnapshot> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  onProgress({ sent: 0, total });
  const { upload } = await request<{ upload: string }>("POST", "/uploads", null, signal);
  const base = `/uploads/${upload}`;
  try {
    let sent = 0;
    for (const { file, path } of files) {
      const address = `${base}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
      await request("PUT", address, file, signal);
      sent += file.size;
      onProgress({ sent, total });
    }
    const { job } = await request<{ job: JobSnapshot }>("POST", `${base}/inspect`, JSON.stringify({ name }), signal);
    return job;
  } catch (error) {
    await fetch(base, { method: "DELETE" }).catch(() => undefined);
    throw error;
  }
}
