/**
 * Identity of a process in the name of a folder, from which another process can determine whether it has ended: its
 * machine, its number, and its start, because numbers are reused.
 */
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";

/** Matches {@link processIdentity} within a name. */
export const IDENTITY = "[0-9a-f]{8}-[0-9]+-[0-9a-z]+";

/** Uncertainty of a computed start, in seconds: clocks are adjusted from time to time. */
const CLOCK_TOLERANCE_S = 120;

/**
 * Returns the identity of this process. It has only letters, digits and hyphens, so every file system accepts it in a
 * name.
 */
export function processIdentity(): string {
  return `${machine()}-${process.pid}-${ownStart()}`;
}

/**
 * Returns whether the process has certainly ended. False if it runs, and if that is unknown: it ran on another machine
 * or in another container, whose processes are not visible from here.
 */
export function hasEnded(identity: string): boolean {
  const [of, pid, start] = identity.split("-");
  if (of !== machine()) return false;
  if (!isRunning(Number(pid))) return true;
  // Its number may belong to another process by now.
  if (process.platform === "linux") {
    const running = linuxStart(Number(pid));
    return running !== null && running !== start;
  }
  return Number.parseInt(start, 36) < Date.now() / 1000 - uptime() - CLOCK_TOLERANCE_S;
}

/** Returns a hash of the machine and its container: a container has separate process numbers. */
function machine(): string {
  let numbering = "";
  try {
    numbering = readlinkSync("/proc/self/ns/pid");
  } catch {
    // Only Linux has namespaces of process numbers.
  }
  return createHash("sha256").update(`${hostname()} ${numbering}`).digest("hex").slice(0, 8);
}

function ownStart(): string {
  const exact = process.platform === "linux" ? linuxStart(process.pid) : null;
  return exact ?? Math.floor(Date.now() / 1000 - process.uptime()).toString(36);
}

/** Returns whether a process of this machine has the number. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process belongs to another user.
    return error instanceof Error && "code" in error && error.code !== "ESRCH";
  }
}

/**
 * Returns the boot and the clock ticks since then (proc(5): field 22 of `stat`), which do not depend on the clock.
 * Returns `ended` for a zombie process; null if it cannot be read.
 */
function linuxStart(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, a name in parentheses, may contain any characters.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "ended" : `${boot}x${fields[19]}`;
  } catch {
    return null;
  }
}
