/**
 * Owner file of a workspace: it names the owning process, beside the database, so that other machines can read it.
 *
 * On one machine the lock (`lock.ts`) suffices: the system releases it when the process ends. On a network file system
 * the machines may not see each other's locks, and in a synchronised folder they never do. There the owner file is
 * renewed at intervals, and other machines are refused while it is. A machine that was switched off loses the workspace
 * after some minutes. Times are compared by the file system's clock, so that the clocks of two machines need not agree.
 */
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { EctopyError } from "../../contract/domain/errors.ts";
import { ageOf } from "../base/file-age.ts";
import { PRIVATE_FILE_MODE, writePrivateFile } from "../base/private-files.ts";
import { logger } from "../base/logger.ts";

const log = logger("store");

const OWNER_FILE = "workspace.owner";

const identitySchema = z.object({
  pid: z.int(),
  host: z.string(),
  /**
   * Distinguishes two starts of one machine, and two machines with the same name; empty if the system has no such
   * identifier.
   */
  boot: z.string(),
});
export type OwnerIdentity = z.infer<typeof identitySchema>;

/**
 * Interval between two renewals of the owner file, and time without a renewal after which the owner counts as ended.
 */
export interface OwnerTimes {
  intervalMs: number;
  timeoutMs: number;
}
export const NETWORK_TIMES: OwnerTimes = { intervalMs: 20_000, timeoutMs: 180_000 };
/** Longer times: each renewal is uploaded, and reaches the other machine with a delay. */
export const SYNCHRONISED_TIMES: OwnerTimes = { intervalMs: 120_000, timeoutMs: 900_000 };

export interface OwnerOptions {
  identity?: OwnerIdentity;
  /** Null on a disk of this machine, where the lock suffices and the file is not renewed. */
  times: OwnerTimes | null;
  warn: (message: string) => void;
  /** Called once if another machine has taken over the workspace: this process must not write any more. */
  onLost: (message: string) => void;
}

export interface OwnerFile {
  release(): void;
}

/** Returns the owner of a workspace; null if there is none, or an earlier version wrote the file in another format. */
export function readOwner(folder: string): OwnerIdentity | null {
  try {
    return identitySchema.parse(JSON.parse(readFileSync(join(folder, OWNER_FILE), "utf8")));
  } catch {
    return null;
  }
}

/** Returns the identity of this process. */
export function thisProcess(): OwnerIdentity {
  return { pid: process.pid, host: hostname(), boot: bootId() };
}

/** Describes an owner: `process 12`, with the name of its machine if it is another one. */
export function describeOwner({ pid, host }: OwnerIdentity): string {
  return host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
}

/**
 * Writes the owner file for this process. Only the holder of the lock may call it.
 * @throws EctopyError `workspace-busy` if another machine uses the workspace
 */
export function claimWorkspace(folder: string, options: OwnerOptions): OwnerFile {
  const { identity = thisProcess(), times, warn, onLost } = options;
  const path = join(folder, OWNER_FILE);
  const text = `${JSON.stringify(identity)}\n`;
  if (times === null) {
    writePrivateFile(path, text);
    return { release: () => rmSync(path, { force: true }) };
  }
  refuseOtherMachine(folder, identity, times, warn);
  rmSync(path, { force: true });
  if (!create(path, text)) throw busy(folder, readOwner(folder), times);
  const timer = setInterval(() => {
    try {
      const owner = readOwner(folder);
      if (owner !== null && !isSame(owner, identity)) {
        clearInterval(timer);
        onLost(takenOver(folder, owner));
      } else if (owner !== null) writePrivateFile(path, text);
      else create(path, text);
    } catch (error) {
      log.warning("The workspace's owner file could not be read or written", error);
      // The network may recover before the timeout.
    }
  }, times.intervalMs);
  timer.unref();
  return {
    release: () => {
      clearInterval(timer);
      const owner = readOwner(folder);
      if (owner !== null && isSame(owner, identity)) rmSync(path, { force: true });
    },
  };
}

/**
 * Refuses an owner on another machine. An owner on this machine has ended, because this process holds the machine's
 * lock.
 */
function refuseOtherMachine(
  folder: string,
  identity: OwnerIdentity,
  times: OwnerTimes,
  warn: (message: string) => void,
): void {
  const owner = readOwner(folder);
  if (owner === null || (owner.host === identity.host && owner.boot === identity.boot)) return;
  const age = ageOf(join(folder, OWNER_FILE), join(folder, `${OWNER_FILE}.${process.pid}.partial`));
  if (age < times.timeoutMs) throw busy(folder, owner, times);
  warn(
    `Ectopy on ${owner.host} (process ${owner.pid}) did not close the workspace ${folder}; its last sign was ` +
      `${Math.round(age / 60_000)} min ago. The workspace is opened here: make sure that Ectopy no longer runs there.`,
  );
}

/** Creates a file. @returns false if it exists: of two machines at the same time, only one creates it */
function create(path: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(path, "wx", PRIVATE_FILE_MODE);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return true;
}

function isSame(a: OwnerIdentity, b: OwnerIdentity): boolean {
  return a.host === b.host && a.boot === b.boot && a.pid === b.pid;
}

function busy(folder: string, owner: OwnerIdentity | null, { timeoutMs }: OwnerTimes): EctopyError {
  const place = owner === null ? "on another machine" : `on ${owner.host} (process ${owner.pid})`;
  return new EctopyError(
    "workspace-busy",
    `The workspace ${folder} is in use by Ectopy ${place}.`,
    `Close it there. If that machine is off, wait ${Math.round(timeoutMs / 60_000)} min, or choose another workspace with --workspace.`,
  );
}

function takenOver(folder: string, { host, pid }: OwnerIdentity): string {
  return (
    `Ectopy on ${host} (process ${pid}) has opened the workspace ${folder} in the meantime. This process writes no more data: ` +
    "close Ectopy on one of the machines, then restart Ectopy here."
  );
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
