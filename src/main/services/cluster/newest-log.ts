/** Logs of workers, in the cluster folder. */
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

const MAX_BYTES = 20_000;

/** Returns the end of the log that was written last; empty where there is none. */
export function newestLog(folder: string): string {
  try {
    const [newest] = readdirSync(folder)
      .map((name) => join(folder, name))
      .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    return newest === undefined ? "" : endOf(newest);
  } catch {
    return ""; // The executor may not have written one yet.
  }
}

function endOf(path: string): string {
  const { size } = statSync(path);
  const bytes = Buffer.alloc(Math.min(size, MAX_BYTES));
  const file = openSync(path, "r");
  try {
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
  } finally {
    closeSync(file);
  }
  return bytes.toString("utf8");
}
