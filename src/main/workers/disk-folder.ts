/** Folder with the files of recordings on the disk. */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  type Stats,
} from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { FileBytes } from "./file-bytes.ts";
import type { SourceFolder } from "./source-folder.ts";

export class DiskFolder implements SourceFolder {
  readonly #folder: string;
  #names: Map<string, string> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  nameOf(file: string): string {
    if (existsSync(this.#path(file))) return file;
    this.#names ??= new Map(this.#files().map((each) => [each.toLowerCase(), each]));
    return this.#names.get(file.toLowerCase()) ?? file;
  }

  sizeOf(file: string): number {
    let stats: Stats;
    try {
      stats = statSync(this.#path(file));
    } catch (error) {
      throw systemError(error, `file ${file}`);
    }
    if (!stats.isFile()) {
      throw new EctopyError("damaged-file", `${file} is not a regular file.`, "Replace it by the recording's file.");
    }
    return stats.size;
  }

  read(file: string): Uint8Array {
    this.sizeOf(file);
    try {
      return readFileSync(this.#path(file));
    } catch (error) {
      throw systemError(error, `file ${file}`);
    }
  }

  open(file: string): FileBytes {
    return new FileBytes(this.#path(file), this.sizeOf(file));
  }

  firstBytes(file: string, bytes: number): Uint8Array | null {
    return readPart(this.#path(file), () => 0, bytes);
  }

  lastBytes(file: string, bytes: number): Uint8Array | null {
    return readPart(this.#path(file), (size) => Math.max(0, size - bytes), bytes);
  }

  #path(file: string): string {
    return join(this.#folder, file);
  }

  #files(): string[] {
    try {
      const entries = readdirSync(this.#folder, { withFileTypes: true });
      return entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => entry.name)
        .sort();
    } catch (error) {
      throw systemError(error, `folder ${this.#folder}`);
    }
  }
}

/**
 * Reads a part of a regular file.
 * @param startOf returns its first byte for the size of the file
 * @returns null for a pipe, a device, or a file that can't be read
 */
function readPart(path: string, startOf: (size: number) => number, bytes: number): Uint8Array | null {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK, opening a pipe waits for a writer.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return null;
    const start = startOf(stats.size);
    const buffer = new Uint8Array(Math.min(bytes, Math.max(0, stats.size - start)));
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, start));
  } catch {
    return null;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
