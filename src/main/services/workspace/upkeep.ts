/**
 * Upkeep of an open workspace: backups on a timer, deletion of old items in the bin, emptying the bin before the disk
 * is full, manifests for folders of earlier versions, and a warning where the folder disappears.
 */
import { statfs } from "node:fs/promises";
import { reportError } from "../../../contract/domain/errors.ts";
import { BIN_DAYS } from "../../../contract/domain/integrity.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { BackupService } from "./backups.ts";
import type { BinService } from "./bin.ts";
import type { Verifier } from "./verifier.ts";

const INTERVAL_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
/** Below this limit the bin is emptied: a checkpoint, the rows of an epoch and the database's log need space. */
const MIN_FREE_BYTES = 300_000_000;

export interface UpkeepParts {
  workspace: Workspace;
  backups: BackupService;
  bin: BinService;
  verifier: Verifier;
  warn: (message: string) => void;
}

/** Starts the upkeep. @returns a function that ends it, and waits for running work */
export function startUpkeep({ workspace, backups, bin, verifier, warn }: UpkeepParts): () => Promise<void> {
  const stop = new AbortController();
  let gone = false;

  const look = async (): Promise<void> => {
    try {
      workspace.refuseGone();
    } catch (error) {
      const { message, fix } = reportError(error);
      if (!gone) warn(`${message} ${fix}`);
      gone = true;
      return;
    }
    gone = false;
    backups.requestIfDue();
    const { bavail, bsize } = await statfs(workspace.folder);
    if (bavail * bsize < MIN_FREE_BYTES) await bin.makeRoom();
  };

  const begin = async (): Promise<void> => {
    backups.requestDaily();
    await bin.empty(new Date(Date.now() - BIN_DAYS * DAY_MS));
    for (const item of verifier.items()) {
      if (stop.signal.aborted) return;
      await verifier.addManifest(item, stop.signal);
    }
  };

  const failed = (error: unknown): void => {
    if (!stop.signal.aborted) warn(`The upkeep of the workspace failed: ${reportError(error).message}`);
  };
  let pending = begin().catch(failed);
  const timer = setInterval(() => {
    pending = pending.then(look).catch(failed);
  }, INTERVAL_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    stop.abort();
    await pending;
    await backups.settled();
  };
}
