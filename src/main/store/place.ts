/** What has to be done about the place of a workspace before its database is opened: its rights, its file system, its lock. */
import { findStorage } from "../base/storage-facts.ts";
import { storageInWords, type StorageLocation } from "../base/storage-location.ts";
import type { Journal } from "./journal.ts";
import { lockWorkspace } from "./lock.ts";
import { NETWORK_TIMES, SYNCHRONISED_TIMES, type OwnerTimes } from "./owner-file.ts";
import { closeRest, closeToOthers } from "./workspace-rights.ts";

/** The place of a workspace, owned by this process. */
export interface Place {
  /** Of the database. */
  journal: Journal;
  /** Sets what is done where another machine has taken the workspace: nothing may be written any more. */
  onLost(act: () => void): void;
  release(): void;
}

/**
 * Closes a workspace folder to other users, locks it, and warns of a place where its database or its data is less safe.
 * @throws EctopyError `workspace-busy`, `workspace-unusable`, `no-access`
 */
export function takePlace(folder: string, warn: (message: string) => void): Place {
  const wasOpen = closeToOthers(folder, warn);
  const storage = findStorage(folder);
  let stopWriting = (): void => {};
  const lock = lockWorkspace(folder, {
    times: ownerTimes(storage),
    warn,
    onLost: (message) => {
      stopWriting();
      warn(message);
    },
  });
  const words = storageInWords(folder, storage);
  if (words !== null) warn(`${words.message} ${words.fix}`);
  const released = new AbortController();
  // What is left lies behind the closed top folder: it can wait, and a failure is found by `ectopy doctor`.
  if (wasOpen) void closeRest(folder, released.signal).catch(() => {});
  return {
    journal: isShared(storage) ? "rollback" : "wal",
    onLost: (act) => (stopWriting = act),
    release: () => {
      released.abort();
      lock.release();
    },
  };
}

/** Whether other machines, or other programs, reach the files. */
function isShared({ network, synchronised }: StorageLocation): boolean {
  return network !== null || synchronised !== null;
}

function ownerTimes(storage: StorageLocation): OwnerTimes | null {
  if (storage.synchronised !== null) return SYNCHRONISED_TIMES;
  return storage.network === null ? null : NETWORK_TIMES;
}
