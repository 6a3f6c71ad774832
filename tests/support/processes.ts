/** Lists processes of the system: the children of a process, and whether a process still runs. */
import { execFileSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";

export const NO_PROCESS_LIST = "Windows has no `ps`, and no signals";

/** Returns the process ids of the children of a process. */
export function childrenOf(parent: number): number[] {
  return execFileSync("ps", ["-Ao", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, ppid]) => ppid === parent)
    .map(([pid]) => pid)
    .filter((pid) => isRunning(pid));
}

/** Whether a process still runs. A zombie, which ended but was not reaped yet, does not. */
export function isRunning(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .startsWith("Z");
  } catch {
    return false; // ps lists nothing
  }
}

/** Expects a process to end by itself within a time, in ms. */
export async function expectEnded(pid: number, within: number): Promise<void> {
  const until = performance.now() + within;
  while (isRunning(pid) && performance.now() < until) await setTimeout(50);
  expect(isRunning(pid), `process ${pid} still runs`).toBe(false);
}
