import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it that are missing.
 * @param mode of those that are made; the system's where it is left out
 * @throws the system's error, such as EROFS where the file system can't be written
 */
export function makeFolder(path: string, mode?: number): void {
  try {
    mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    // Node says ENOENT where a file system refuses the first missing folder; the folder above it says why.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      accessSync(lastThere(resolve(path)), constants.W_OK);
    }
    throw error;
  }
}

function lastThere(path: string): string {
  return existsSync(path) ? path : lastThere(dirname(path));
}
