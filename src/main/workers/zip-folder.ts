/**
 * Files of a recording in a ZIP file. Small files are unpacked into memory, uncompressed ones are read where they are,
 * and large ones are unpacked into a temporary folder: of a large archive, only one recording is unpacked at a time.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { withSystemErrors } from "../../contract/domain/system-errors.ts";
import type { SourceBytes } from "../../pipeline/recordings/source.ts";
import { FileBytes } from "./file-bytes.ts";
import type { SourceFolder } from "./source-folder.ts";
import { ZipEntryReader, type ZipEntry } from "./zip-entry.ts";

/** Files in one folder of a ZIP file. */
export interface ZippedFolder {
  /** Path of the archive. */
  path: string;
  /** Its name for messages. */
  archive: string;
  entries: readonly ZipEntry[];
  /** A folder for temporary files; it is removed with the import. */
  scratch: string;
}

/** Limit of the files of a recording in memory, packed and unpacked: each worker thread may hold as much. */
const MAX_MEMORY_BYTES = 32_000_000;
/** Size, packed and unpacked, below which a file is read whole where only its first bytes are needed. */
const MAX_SMALL_BYTES = 4_000_000;

export class ZipFolder implements SourceFolder {
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #reader: ZipEntryReader;
  readonly #scratch: string;
  #folder: string | undefined;
  /** Files on the disk, and errors of those that are damaged, by name. */
  readonly #extracted = new Map<string, FileBytes | EctopyError>();
  #names: Map<string, string> | undefined;

  constructor({ path, archive, entries, scratch }: ZippedFolder) {
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    this.#reader = new ZipEntryReader(path, archive);
    this.#scratch = scratch;
  }

  /**
   * Unpacks the compressed files that exceed the limit of memory together with the files before them. An error of a
   * damaged one is reported when it is opened.
   * @throws EctopyError `disk-full`, `no-access`
   */
  async extractLargeFiles(): Promise<void> {
    let bytes = 0;
    for (const entry of this.#entries.values()) {
      if (this.#reader.isStored(entry)) continue;
      bytes += entry.size + entry.packed;
      if (bytes <= MAX_MEMORY_BYTES) continue;
      bytes -= entry.size + entry.packed;
      await this.#extract(entry);
    }
  }

  async removeExtracted(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  nameOf(file: string): string {
    if (this.#entries.has(file)) return file;
    this.#names ??= new Map([...this.#entries.keys()].map((each) => [each.toLowerCase(), each]));
    return this.#names.get(file.toLowerCase()) ?? file;
  }

  sizeOf(file: string): number {
    return this.#entry(file).size;
  }

  read(file: string): Uint8Array {
    return this.#reader.read(this.#entry(file));
  }

  open(file: string): SourceBytes {
    const extracted = this.#extracted.get(file);
    if (extracted instanceof EctopyError) throw extracted;
    if (extracted !== undefined) return extracted;
    const entry = this.#entry(file);
    return this.#reader.isStored(entry) ? this.#reader.open(entry) : this.#reader.read(entry);
  }

  firstBytes(file: string, bytes: number): Uint8Array | null {
    const entry = this.#entry(file);
    const isSmall = entry.size + entry.packed <= MAX_SMALL_BYTES;
    const whole = isSmall ? ifReadable(() => this.#reader.read(entry)) : null;
    // Of a damaged file, the first bytes say which format it has; opening it reports the damage.
    return whole?.subarray(0, bytes) ?? ifReadable(() => this.#reader.firstBytes(entry, bytes));
  }

  lastBytes(file: string, bytes: number): Uint8Array | null {
    const { size, packed } = this.#entry(file);
    if (size + packed > MAX_MEMORY_BYTES) return null;
    return ifReadable(() => this.read(file).subarray(Math.max(0, size - bytes)));
  }

  async #extract(entry: ZipEntry): Promise<void> {
    this.#folder ??= await withSystemErrors("a temporary folder", () => mkdtemp(join(this.#scratch, "record-")));
    // A number as its name: a name in an archive may be none on this system.
    const path = join(this.#folder, String(this.#extracted.size));
    try {
      await this.#reader.extract(entry, path);
      this.#extracted.set(entry.name, new FileBytes(path, entry.size, { name: entry.name }));
    } catch (error) {
      if (!(error instanceof EctopyError) || !["damaged-file", "unsupported"].includes(error.code)) throw error;
      await rm(path, { force: true });
      this.#extracted.set(entry.name, error);
    }
  }

  #entry(file: string): ZipEntry {
    const entry = this.#entries.get(file);
    if (entry !== undefined) return entry;
    throw new EctopyError("not-found", `Not found: file ${file}.`, "Check the path.");
  }
}

function ifReadable(read: () => Uint8Array): Uint8Array | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof EctopyError) return null;
    throw error;
  }
}
