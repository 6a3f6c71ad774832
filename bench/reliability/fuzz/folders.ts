/**
 * Temporary folders of a fuzz run, in memory if the system has a folder for it: a million inputs would wear out a disk.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, type Input } from "./target.ts";

const MEMORY = "/dev/shm";
const root = existsSync(MEMORY) ? MEMORY : tmpdir();
const prefix = `ectopy-fuzz-${process.pid}-`;

export function temporaryFolder(): string {
  return mkdtempSync(join(root, prefix));
}

/** Removes them, with those of ended threads. */
export function removeTemporaryFolders(): void {
  for (const name of readdirSync(root)) {
    if (name.startsWith(prefix)) rmSync(join(root, name), { recursive: true, force: true });
  }
}

/** Writes the parts of an input under their names. */
export function writeParts(folder: string, names: readonly string[], input: Input): void {
  for (const [i, name] of names.entries()) writeFileSync(join(folder, name), input[i]);
}

/** A folder to write into; files written beside it are detected. */
export class Cell {
  readonly #outer = temporaryFolder();
  readonly folder = join(this.#outer, "middle", "inner");

  /** Creates the folder again, empty. */
  reset(): void {
    rmSync(join(this.#outer, "middle"), { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  /**
   * @param known files that may lie above the folder
   * @throws CheckError if another file lies beside or above the folder
   */
  checkConfined(known: readonly string[] = []): void {
    const found = [...readdirSync(this.#outer), ...readdirSync(join(this.#outer, "middle"))];
    const outside = found.filter((name) => name !== "middle" && name !== "inner" && !known.includes(name));
    check(outside.length === 0, `files outside of the folder: ${outside.join(", ")}`);
  }

  remove(): void {
    rmSync(this.#outer, { recursive: true, force: true });
  }
}
