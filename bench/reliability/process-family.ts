/** A process and all that it started, as Linux lists them: a training has a process group of its own, so a group is not enough. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** The parent of each process that runs. Those that have ended and were not yet asked after (zombies) do not. */
function parents(): Map<number, number> {
  const found = new Map<number, number>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      // "PID (name) state parent …": the name may hold anything, even a parenthesis.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state !== "Z") found.set(Number(pid), Number(parent));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** The process first, then its children, then theirs. */
export function familyOf(pid: number): number[] {
  const all = [...parents()];
  const family = [pid];
  for (const member of family) family.push(...all.filter(([, parent]) => parent === member).map(([child]) => child));
  return family;
}

/** Kills a process and all that it started, at once: none is left to notice that another is gone. */
export function killFamily(pid: number): void {
  // Stopped, it starts no more.
  signal(pid, "SIGSTOP");
  for (const member of familyOf(pid)) signal(member, "SIGKILL");
}

/** One that has ended is well. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Waits until none of them runs. @returns those that still run after the time */
export async function stillRunning(pids: readonly number[], timeoutMs: number): Promise<number[]> {
  for (const end = Date.now() + timeoutMs; ; await setTimeout(10)) {
    const running = parents();
    const left = pids.filter((pid) => running.has(pid));
    if (left.length === 0 || Date.now() > end) return left;
  }
}
