/**
 * Which process made a folder, written into its name, so that whoever finds it later knows whether that process is gone: its
 * machine, its number, and when it started, since numbers are used again.
 */
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";

/** Matches {@link processIdentity} within a name. */
export const IDENTITY = "[0-9a-f]{8}-[0-9]+-[0-9a-z]+";

/** Uncertainty of a computed start, in seconds: clocks are set now and then. */
const CLOCK_TOLERANCE_S = 120;

/** Letters, digits and hyphens alone: it fits into a file name everywhere. */
export function processIdentity(): string {
  return `${machine()}-${process.pid}-${ownStart()}`;
}

/**
 * Whether the process is certainly gone. False where it runs, and where that can't be known: it ran on another machine or in
 * another container, whose processes are not seen from here.
 */
export function hasEnded(identity: string): boolean {
  const [of, pid, start] = identity.split("-");
  if (of !== machine()) return false;
  if (!isRunning(Number(pid))) return true;
  // Its number may be another process's by now.
  if (process.platform === "linux") {
    const running = linuxStart(Number(pid));
    return running !== null && running !== start;
  }
  return Number.parseInt(start, 36) < Date.now() / 1000 - uptime() - CLOCK_TOLERANCE_S;
}

/** A container has process numbers of its own. */
function machine(): string {
  let numbering = "";
  try {
    numbering = readlinkSync("/proc/self/ns/pid");
  } catch {
    // Linux alone has them.
  }
  return createHash("sha256").update(`${hostname()} ${numbering}`).digest("hex").slice(0, 8);
}

function ownStart(): string {
  const exact = process.platform === "linux" ? linuxStart(process.pid) : null;
  return exact ?? Math.floor(Date.now() / 1000 - process.uptime()).toString(36);
}

/** Whether a process of this machine has the number. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's.
    return error instanceof Error && "code" in error && error.code !== "ESRCH";
  }
}

/**
 * The boot and the clock ticks since (proc(5): field 22 of `stat`): the same whatever becomes of the clock.
 * @returns `ended` for a process that has ended and was not yet asked after; null where it can't be read
 */
function linuxStart(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, a name in brackets, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "ended" : `${boot}x${fields[19]}`;
  } catch {
    return null;
  }
}
