/**
 * A process and its descendants, from Linux's /proc: a training has a separate process group, so a group is not enough.
 */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** Returns the parent of each running process; zombies are left out. */
function parents(): Map<number, number> {
  const found = new Map<number, number>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      // "PID (name) state parent …": the name may contain any character, even a parenthesis.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state !== "Z") found.set(Number(pid), Number(parent));
    } catch {
      // The process ended meanwhile.
    }
  }
  return found;
}

/** Returns the process, then its children, then theirs. */
export function familyOf(pid: number): number[] {
  const all = [...parents()];
  const family = [pid];
  for (const member of family) family.push(...all.filter(([, parent]) => parent === member).map(([child]) => child));
  return family;
}

/** Kills a process and its descendants at once, so that none can react to the end of another. */
export function killFamily(pid: number): void {
  // A stopped process starts no other.
  signal(pid, "SIGSTOP");
  for (const member of familyOf(pid)) signal(member, "SIGKILL");
}

/** Ignores a process that has ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Waits until all have ended. @returns those that still run after the time limit */
export async function stillRunning(pids: readonly number[], timeoutMs: number): Promise<number[]> {
  for (const end = Date.now() + timeoutMs; ; await setTimeout(10)) {
    const running = parents();
    const left = pids.filter((pid) => running.has(pid));
    if (left.length === 0 || Date.now() > end) return left;
  }
}
