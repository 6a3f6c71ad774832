/** Ends a process in order, with a message, after an error that nothing caught. */
import { writeSync } from "node:fs";
import { BUG_STATUS, describeError } from "../../contract/domain/errors.ts";

const STANDARD_ERROR = 2;

/**
 * Calls `end` for the first uncaught exception or rejection. The process is then in an unknown state: `end` closes what
 * it must and ends the process. A second uncaught error ends it at once.
 */
export function onUncaught(end: (error: unknown) => void): void {
  let ending = false;
  const listen = (error: unknown): void => {
    if (ending) {
      writeError(`While closing: ${describeError(error)}`);
      process.exit(BUG_STATUS);
    }
    ending = true;
    end(error);
  };
  process.on("uncaughtException", listen);
  // Electron's main process would only print a warning.
  process.on("unhandledRejection", listen);
}

/**
 * Writes the trace to standard error, the message last, and ends the process: for processes whose parent stores all
 * results.
 */
export function endOnUncaught(): void {
  onUncaught((error) => {
    const trace = error instanceof Error ? (error.stack ?? "") : "";
    writeError(trace === "" ? describeError(error) : `${trace}\n${describeError(error)}`);
    process.exit(BUG_STATUS);
  });
}

/** Writes to standard error synchronously, before the process ends. */
export function writeError(text: string): void {
  try {
    writeSync(STANDARD_ERROR, `${text}\n`);
  } catch {
    // The other end is closed.
  }
}
