/** Temporary folders of a fuzz run, in memory where the system has a folder for that: a million inputs would wear a disk. */
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

/** Also those of threads that were ended. */
export function removeTemporaryFolders(): void {
  for (const name of readdirSync(root)) {
    if (name.startsWith(prefix)) rmSync(join(root, name), { recursive: true, force: true });
  }
}

/** Writes the parts of an input under their names. */
export function writeParts(folder: string, names: readonly string[], input: Input): void {
  for (const [i, name] of names.entries()) writeFileSync(join(folder, name), input[i]);
}

/** A folder to write into that shows what is written beside it. */
export class Cell {
  readonly #outer = temporaryFolder();
  readonly folder = join(this.#outer, "middle", "inner");

  /** Makes the folder anew, empty. */
  reset(): void {
    rmSync(join(this.#outer, "middle"), { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  /**
   * @param known what may lie above the folder
   * @throws CheckError where anything else lies beside the folder or above it
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
