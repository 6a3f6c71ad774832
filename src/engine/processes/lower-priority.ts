/** Gives the app's window and other programs priority over a process that computes for minutes. */
import { readFileSync, writeFileSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";

/** Nice value of Linux and macOS; Windows has classes of priority, which Node derives from it. */
const LOWERED = constants.priority.PRIORITY_BELOW_NORMAL;

/**
 * Lowers the priority of this process and of the threads that it starts from now on. One that is lower already stays.
 * Where the system refuses, standard error says so, and the process continues at its priority.
 *
 * Linux's autogroups share the processor by sessions, and a nice value counts only within one (sched(7)): a process that
 * leads its own session lowers the session too.
 */
export function lowerPriority(): void {
  try {
    if (getPriority() < LOWERED) setPriority(LOWERED);
    if (process.platform === "linux" && leadsSession()) lowerAutogroup();
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
  }
}

/** The session is the fourth field after the name in parentheses, which may hold spaces (proc_pid_stat(5)). */
function leadsSession(): boolean {
  const stat = readFileSync("/proc/self/stat", "latin1");
  const [, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(session) === process.pid;
}

/** Changes nothing on a kernel without autogroups. */
function lowerAutogroup(): void {
  let group;
  try {
    group = readFileSync("/proc/self/autogroup", "latin1");
  } catch {
    return;
  }
  const nice = /nice (-?\d+)/.exec(group);
  if (nice !== null && Number(nice[1]) < LOWERED) writeFileSync("/proc/self/autogroup", String(LOWERED));
}
