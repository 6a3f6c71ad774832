/** Creation of folders, with the reason of a refusal. */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Creates a folder and the missing folders above it.
 * @param mode access rights of the created folders; the system's default if it is omitted
 * @throws the system's error, such as EROFS if the file system is read-only
 */
export function makeFolder(path: string, mode?: number): void {
  try {
    mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    // Node reports ENOENT if a file system refuses the first missing folder; the folder above it gives the reason.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      accessSync(deepestExisting(resolve(path)), constants.W_OK);
    }
    throw error;
  }
}

function deepestExisting(path: string): string {
  return existsSync(path) ? path : deepestExisting(dirname(path));
}
