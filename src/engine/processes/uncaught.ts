/** The last resort of a process: an error that nothing caught ends it in order, never in silence. */
import { writeSync } from "node:fs";
import { BUG_STATUS, describeError } from "../../contract/domain/errors.ts";

const STANDARD_ERROR = 2;

/**
 * Calls back for the first exception or rejection that nothing caught. The process is in an unknown state then: the listener
 * closes what it must and ends the process. A second one ends it at once.
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
  // Electron's main process would only warn of these.
  process.on("unhandledRejection", listen);
}

/** Writes the trace on standard error, the message last, and ends: for processes whose parent keeps what matters. */
export function endOnUncaught(): void {
  onUncaught((error) => {
    const trace = error instanceof Error ? (error.stack ?? "") : "";
    writeError(trace === "" ? describeError(error) : `${trace}\n${describeError(error)}`);
    process.exit(BUG_STATUS);
  });
}

/** Synchronously, so that it is out before the process ends. */
export function writeError(text: string): void {
  try {
    writeSync(STANDARD_ERROR, `${text}\n`);
  } catch {
    // The other end is closed: nobody reads it.
  }
}
