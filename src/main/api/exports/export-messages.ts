/** Messages between the app and the process that writes an export. */
import type { ErrorReport } from "../../../contract/domain/errors.ts";
import type { ExportReport, FileExport, MlflowTarget } from "../../../contract/domain/exports.ts";
import type { NetworkChoice } from "../../base/network/network.ts";
import type { JobProgress } from "../../../contract/domain/jobs.ts";

/** An export with its destination. */
export type ExportWork =
  (FileExport & { folder: string }) | { kind: "mlflow"; runs: readonly number[]; target: MlflowTarget };

export interface ExportRequest {
  /** Folder of the workspace, which the app owns and the process reads. */
  workspace: string;
  work: ExportWork;
  /** How the process reaches a server: the app's way, since the process does not know the system's settings. */
  network: NetworkChoice;
}

/** Sent to the process: it removes what it has not completed, and ends. */
export const CANCEL = "cancel";
export type ExportCommand = ExportRequest | typeof CANCEL;

export type ExportMessage =
  | { progress: JobProgress }
  /** One report for each file or folder that was written. */
  | { reports: ExportReport[] }
  /** `trace`: of a bug, for the log. */
  | { error: ErrorReport; trace?: string | undefined };
