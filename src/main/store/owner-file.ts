/**
 * Who uses a workspace, as a file beside the database that other machines can read.
 *
 * On one machine the lock (`lock.ts`) suffices: the system drops it when the process ends. On a network file system the
 * machines may not see each other's locks, and in a synchronised folder they never do. There the owner's file is renewed
 * at intervals, and another machine is refused for as long as it is; a machine that was switched off is forgotten after
 * some minutes. Times are compared by the file system's own clock, so that two machines' clocks need not agree.
 */
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { EctopyError } from "../../contract/domain/errors.ts";
import { PRIVATE_FILE_MODE, writePrivateFile } from "../base/private-files.ts";

const OWNER_FILE = "workspace.owner";

const identitySchema = z.object({
  pid: z.int(),
  host: z.string(),
  /** Tells two starts of one machine apart, and two machines of one name; empty where the system has none. */
  boot: z.string(),
});
export type OwnerIdentity = z.infer<typeof identitySchema>;

/** How often the file is renewed, and after how long without it the owner is taken for gone. */
export interface OwnerTimes {
  intervalMs: number;
  timeoutMs: number;
}
export const NETWORK_TIMES: OwnerTimes = { intervalMs: 20_000, timeoutMs: 180_000 };
/** Each renewal is uploaded, and comes to the other machine late. */
export const SYNCHRONISED_TIMES: OwnerTimes = { intervalMs: 120_000, timeoutMs: 900_000 };

export interface OwnerOptions {
  identity?: OwnerIdentity;
  /** Null on a disk of this machine, where the lock suffices and nothing is renewed. */
  times: OwnerTimes | null;
  warn: (message: string) => void;
  /** Called once where another machine has taken the workspace meanwhile: nothing may be written any more. */
  onLost: (message: string) => void;
}

export interface OwnerFile {
  release(): void;
}

/** Reads who owns a workspace. @returns null where no one does, or an earlier version wrote another kind of file */
export function readOwner(folder: string): OwnerIdentity | null {
  try {
    return identitySchema.parse(JSON.parse(readFileSync(join(folder, OWNER_FILE), "utf8")));
  } catch {
    return null;
  }
}

export function thisProcess(): OwnerIdentity {
  return { pid: process.pid, host: hostname(), boot: bootId() };
}

/** `process 12`, with its machine where it is another. */
export function ownerInWords({ pid, host }: OwnerIdentity): string {
  return host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
}

/**
 * Writes down that this process owns a workspace. To be called by the holder of its lock.
 * @throws EctopyError `workspace-busy`: another machine uses it
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
        onLost(lost(folder, owner));
      } else if (owner !== null) writePrivateFile(path, text);
      else create(path, text);
    } catch {
      // The network may come back before the time is over.
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

/** The lock of this machine is ours: what a process of this machine left behind means nothing. */
function refuseOtherMachine(
  folder: string,
  identity: OwnerIdentity,
  times: OwnerTimes,
  warn: (message: string) => void,
): void {
  const owner = readOwner(folder);
  if (owner === null || (owner.host === identity.host && owner.boot === identity.boot)) return;
  const age = ageOf(join(folder, OWNER_FILE), folder);
  if (age < times.timeoutMs) throw busy(folder, owner, times);
  warn(
    `The workspace ${folder} was not closed by Ectopy on ${owner.host} (process ${owner.pid}), last heard of ` +
      `${Math.round(age / 60_000)} min ago. It is opened here: make sure that Ectopy does not run there any more.`,
  );
}

/** Milliseconds since a file was written, by the clock of its file system; none where it is in the future. */
function ageOf(path: string, folder: string): number {
  const probe = join(folder, `${OWNER_FILE}.${process.pid}.partial`);
  try {
    create(probe, "");
    return Math.max(0, statSync(probe).mtimeMs - statSync(path).mtimeMs);
  } finally {
    rmSync(probe, { force: true });
  }
}

/** @returns false where the file is there: of two machines at once, one makes it */
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
  const who = owner === null ? "on another machine" : `on ${owner.host} (process ${owner.pid})`;
  return new EctopyError(
    "workspace-busy",
    `The workspace ${folder} is in use by Ectopy ${who}.`,
    `Close it there. If that machine is off, wait ${Math.round(timeoutMs / 60_000)} min, or choose another workspace with --workspace.`,
  );
}

function lost(folder: string, { host, pid }: OwnerIdentity): string {
  return (
    `Ectopy on ${host} (process ${pid}) has opened the workspace ${folder} meanwhile. Nothing is written from here any more: ` +
    "close Ectopy on one of the machines, then start this one again."
  );
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
