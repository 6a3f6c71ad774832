/** Methods of the app, its machine, its workspace and its settings. */
import { z } from "zod";
import { healthOptionsSchema, type Bin, type WorkspaceHealth } from "../../domain/integrity.ts";
import type { JobSnapshot } from "../../domain/jobs.ts";
import {
  pathPurposes,
  type AppInfo,
  type FolderListing,
  type MachineInfo,
  type NamedPath,
  type WorkspaceInfo,
} from "../../domain/machine.ts";
import { logLevels, MAX_LOG_ENTRIES, type LogEntry, type SupportReport } from "../../domain/log.ts";
import { settingsChangeSchema, type Settings } from "../../settings/app-settings.ts";
import { networkNames } from "../../domain/training.ts";
import { method, id, nothing, path, type StartedJob } from "./method.ts";

export const machineMethods = {
  "app.info": method<AppInfo>()(nothing),
  "machine.info": method<MachineInfo>()(nothing),
  /** Measures every backend of this machine with the networks, and stores the times. */
  "machine.measure": method<StartedJob>()(z.strictObject({ networks: z.array(z.enum(networkNames)).min(1).max(3) })),
  /** Installs TensorFlow for NVIDIA GPUs; a cancelled download is resumed by the next installation. */
  "machine.installCuda": method<StartedJob>()(nothing),
  "machine.removeCuda": method<StartedJob>()(nothing),
  "workspace.info": method<WorkspaceInfo>()(nothing),
  /** Warnings about the workspace since it was opened: repairs, and a location where data is less safe. */
  "workspace.warnings": method<readonly string[]>()(nothing),
  /** Checks the workspace, and repairs it on request; `workspace.health` then returns the findings. */
  "workspace.check": method<StartedJob>()(healthOptionsSchema),
  /** Findings of the last check; null before the first. */
  "workspace.health": method<WorkspaceHealth | null>()(nothing),
  /** Removed items that can be restored. */
  "workspace.bin": method<Bin>()(nothing),
  /** Deletes all items of the bin permanently. */
  "workspace.emptyBin": method<{ items: number }>()(nothing),
  /** Newest entries of the log that are at least as severe as `level`, oldest first. */
  "log.read": method<LogEntry[]>()(
    z.strictObject({ lines: z.int().min(1).max(MAX_LOG_ENTRIES), level: z.enum(logLevels) }),
  ),
  /** Versions, machine, settings and the last log entries as text, without paths or names; shown before it is saved. */
  "log.supportReport": method<SupportReport>()(nothing),
  /** Folders, recordings, ZIP files and models on the machine that runs Ectopy; without `folder`, those of the user's home folder. */
  "files.list": method<FolderListing>()(z.strictObject({ folder: path.optional() })),
  /** Checks a path for its purpose, within seconds. An error says what is wrong with the path. */
  "files.check": method<NamedPath>()(z.strictObject({ path, purpose: z.enum(pathPurposes) })),

  "settings.get": method<Settings>()(nothing),
  "settings.set": method<Settings>()(settingsChangeSchema),

  /** Running jobs and the latest ended ones, newest first. */
  "jobs.list": method<JobSnapshot[]>()(nothing),
  "jobs.cancel": method<null>()(z.strictObject({ job: id })),
  /** Removes an ended job from the list. */
  "jobs.dismiss": method<null>()(z.strictObject({ job: id })),
};
