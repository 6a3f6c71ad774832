/** Gives the app's window and other programs priority over a process that computes for minutes. */
import { constants, getPriority, setPriority } from "node:os";

const LOWERED = constants.priority.PRIORITY_BELOW_NORMAL;

/**
 * Lowers the priority of this process and of the threads that it starts from now on. One that is lower already stays.
 * Where the system refuses, standard error says so, and the process continues at its priority.
 *
 * Linux's autogroups, which share the processor by sessions, are left as they are: a desktop's control groups replace them, and
 * a session's share would starve a training beside a busy terminal.
 */
export function lowerPriority(): void {
  try {
    if (getPriority() < LOWERED) setPriority(LOWERED);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
  }
}
