/** Location of a workspace, claimed before its database is opened: access rights, kind of file system, lock. */
import { findStorage } from "../base/storage-facts.ts";
import { describeStorage, type StorageLocation } from "../base/storage-location.ts";
import type { Journal } from "./journal.ts";
import { lockWorkspace } from "./lock.ts";
import { NETWORK_TIMES, SYNCHRONISED_TIMES, type OwnerTimes } from "./owner-file.ts";
import { closeRest, closeToOthers } from "./workspace-rights.ts";
import { logger } from "../base/logger.ts";

const log = logger("store");

/** Location of a workspace that this process owns. */
export interface ClaimedLocation {
  /** Journal for the database. */
  journal: Journal;
  /** Sets the action after another machine has taken over the workspace: this process must not write any more. */
  onLost(act: () => void): void;
  release(): void;
}

/**
 * Closes a workspace folder to other users, locks it, and warns of a location where database or data are less safe.
 * @throws EctopyError `workspace-busy`, `workspace-unusable`, `no-access`
 */
export function claimLocation(folder: string, warn: (message: string) => void): ClaimedLocation {
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
  const risk = describeStorage(folder, storage);
  if (risk !== null) warn(`${risk.message} ${risk.fix}`);
  const released = new AbortController();
  // The other files are behind the closed top folder: they can wait, and `ectopy doctor` finds a failure.
  if (wasOpen)
    void closeRest(folder, released.signal).catch((error: unknown) => {
      log.warning("Access rights of stored files could not be set", error);
    });
  return {
    journal: isShared(storage) ? "rollback" : "wal",
    onLost: (act) => (stopWriting = act),
    release: () => {
      released.abort();
      lock.release();
    },
  };
}

/** Returns whether other machines or other programs access the files. */
function isShared({ network, synchronised }: StorageLocation): boolean {
  return network !== null || synchronised !== null;
}

function ownerTimes(storage: StorageLocation): OwnerTimes | null {
  if (storage.synchronised !== null) return SYNCHRONISED_TIMES;
  return storage.network === null ? null : NETWORK_TIMES;
}
