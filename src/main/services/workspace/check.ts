/** Types of the checks of a workspace. */
import type { WorkspaceCheckName, WorkspaceFinding } from "../../../contract/domain/integrity.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { BackupService } from "./backups.ts";
import type { BinService } from "./bin.ts";
import type { Verifier } from "./verifier.ts";

export interface CheckParts {
  workspace: Workspace;
  backups: BackupService;
  bin: BinService;
  verifier: Verifier;
  progress: ReportProgress;
  signal: AbortSignal;
  /** Whether every stored file is compared with its hash. */
  hashes: boolean;
}

/** A finding, with its repair where there is one. */
export interface RepairableFinding extends Omit<WorkspaceFinding, "repairable"> {
  repair?: () => Promise<void> | void;
}

export interface Check {
  name: WorkspaceCheckName;
  title: string;
  run: (parts: CheckParts) => Promise<{ summary: string; findings: RepairableFinding[] }>;
}
