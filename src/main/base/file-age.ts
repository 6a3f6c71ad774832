/** Age of a file by the clock of its file system. */
import { rmSync, statSync, writeFileSync } from "node:fs";
import { PRIVATE_FILE_MODE } from "./private-files.ts";

/**
 * Returns the milliseconds since a file or folder was written, by the clock of its file system: the clocks of two machines
 * need not agree. Returns 0 if that time is in the future.
 * @param probe path of a file in the same file system, which is created and deleted
 * @throws the system's error
 */
export function ageOf(path: string, probe: string): number {
  try {
    // Not left by an ended process with the same number.
    rmSync(probe, { force: true });
    writeFileSync(probe, "", { mode: PRIVATE_FILE_MODE });
    return Math.max(0, statSync(probe).mtimeMs - statSync(path).mtimeMs);
  } finally {
    rmSync(probe, { force: true });
  }
}
