/** Derives how a utility process ended from the one number that Electron reports. */
import { constants } from "node:os";
import type { ProcessEnd } from "../workers/processes/start-process.ts";

/** Signals that end a process. */
const ENDING = ["SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGSEGV", "SIGTERM"] as const;

/**
 * @param code given to `process.exit`; of a process that ended in another way, its status as `waitpid` has it: a signal
 * in the
 *   lowest seven bits, above them one bit for a core dump, or else the status from bit 8 on
 */
export function endOf(code: number, platform: NodeJS.Platform = process.platform): ProcessEnd {
  if (platform === "win32") return { status: code, signal: null };
  if (code > 0xff) return { status: code >> 8, signal: null };
  const signal = ENDING.find((name) => constants.signals[name] === (code & 0x7f));
  return signal === undefined ? { status: code, signal: null } : { status: null, signal };
}
