/**
 * One file of a ZIP archive: its bytes, whole or in part. Each byte that is returned belongs to a file whose size and
 * CRC-32 are those of the directory; the first bytes alone are not checked.
 *
 * Source: APPNOTE.TXT 6.3.10 (PKWARE), 4.3.7, 4.4.5 and 4.4.7.
 */
import { createReadStream, createWriteStream, closeSync, openSync, readSync } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { FileBytes, piecesOf } from "./file-bytes.ts";

export interface ZipEntry {
  /** Name of the file in its folder. */
  name: string;
  /** Position of its local header in the archive. */
  offset: number;
  /** Bytes in the archive, and unpacked. */
  packed: number;
  size: number;
  method: number;
  crc: number;
}

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;
const LOCAL_HEADER_SIGNATURE = 0x04034b50;
/**
 * Packed bytes that are unpacked for the first bytes of a file, one attempt after another: DEFLATE reaches a ratio of
 * 1032, so that the first attempts bound the memory of the last one.
 */
const FIRST_PACKED_BYTES = [1 << 12, 1 << 14, 1 << 16];

export class ZipEntryReader {
  readonly #path: string;
  readonly #archive: string;

  /**
   * @param path of the archive
   * @param archive its name for messages
   */
  constructor(path: string, archive: string) {
    this.#path = path;
    this.#archive = archive;
  }

  /** Returns whether a file can be read in blocks without unpacking it. */
  isStored({ method }: ZipEntry): boolean {
    return method === STORED;
  }

  /** Unpacks a file into memory. @throws EctopyError `damaged-file`, `unsupported`, `no-access`, `not-found` */
  read(entry: ZipEntry): Uint8Array {
    const packed = this.#packedBytes(entry, entry.packed);
    const bytes = entry.method === STORED ? packed : this.#inflate(entry, packed);
    if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw this.#changed(entry);
    return bytes;
  }

  /** Opens an uncompressed file, after its CRC-32 was compared. @throws EctopyError as {@link read} */
  open(entry: ZipEntry): FileBytes {
    const bytes = new FileBytes(this.#path, entry.size, { start: this.#dataStart(entry), name: entry.name });
    let sum = 0;
    for (const piece of piecesOf(bytes)) sum = crc32(piece, sum);
    if (sum !== entry.crc) throw this.#changed(entry);
    return bytes;
  }

  /** Returns the first bytes of a file; fewer where its data are damaged. @throws EctopyError as {@link read} */
  firstBytes(entry: ZipEntry, bytes: number): Uint8Array {
    if (entry.method === STORED) return this.#packedBytes(entry, Math.min(bytes, entry.packed));
    let found: Uint8Array = new Uint8Array();
    for (const most of FIRST_PACKED_BYTES) {
      const packed = this.#packedBytes(entry, Math.min(most, entry.packed));
      try {
        // A flush takes what the bytes so far give, instead of an error about the missing end.
        found = plain(inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH }));
      } catch {
        return found.subarray(0, bytes);
      }
      if (found.length >= bytes || most >= entry.packed) break;
    }
    return found.subarray(0, bytes);
  }

  /**
   * Unpacks a file into a new file, in blocks.
   * @throws EctopyError as {@link read}; `disk-full`, `no-access` if the new file can't be written
   */
  async extract(entry: ZipEntry, path: string): Promise<void> {
    const start = this.#dataStart(entry);
    let bytes = 0;
    let sum = 0;
    const counter = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        sum = crc32(chunk, sum);
        done(bytes > entry.size ? this.#changed(entry) : null, chunk);
      },
    });
    const sink = createWriteStream(path, { flags: "wx" });
    let written: unknown;
    sink.on("error", (error) => (written ??= error));
    try {
      await pipeline(
        createReadStream(this.#path, { start, end: start + Math.max(1, entry.packed) - 1 }),
        createInflateRaw(),
        counter,
        sink,
      );
    } catch (error) {
      const failed = systemError(error, error === written ? `a temporary copy of ${entry.name}` : this.#archive);
      throw failed instanceof EctopyError ? failed : this.#changed(entry, error);
    }
    if (bytes !== entry.size || sum !== entry.crc) throw this.#changed(entry);
  }

  #inflate(entry: ZipEntry, packed: Uint8Array): Uint8Array {
    try {
      return plain(inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) }));
    } catch (error) {
      throw this.#changed(entry, error);
    }
  }

  /** @throws EctopyError `unsupported`: compressed by another method than DEFLATE */
  #dataStart(entry: ZipEntry): number {
    if (entry.method !== STORED && entry.method !== DEFLATED) {
      throw new EctopyError(
        "unsupported",
        `${entry.name} in ${this.#archive} is compressed by method ${entry.method}; 0 (stored) and 8 (deflate) are read.`,
        `Unpack ${this.#archive}, and import the folder.`,
      );
    }
    const header = Buffer.from(this.#bytes(entry, entry.offset, LOCAL_HEADER_BYTES));
    if (header.readUInt32LE(0) !== LOCAL_HEADER_SIGNATURE) throw this.#changed(entry);
    return entry.offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  }

  #packedBytes(entry: ZipEntry, bytes: number): Uint8Array {
    return this.#bytes(entry, this.#dataStart(entry), bytes);
  }

  #bytes(entry: ZipEntry, from: number, bytes: number): Uint8Array {
    const block = new Uint8Array(bytes);
    try {
      const descriptor = openSync(this.#path, "r");
      try {
        for (let filled = 0; filled < bytes;) {
          const read = readSync(descriptor, block, filled, bytes - filled, from + filled);
          if (read === 0) throw this.#changed(entry);
          filled += read;
        }
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      throw systemError(error, `file ${this.#archive}`);
    }
    return block;
  }

  #changed({ name }: ZipEntry, cause?: unknown): EctopyError {
    return new EctopyError(
      "damaged-file",
      `${name} in ${this.#archive} is damaged: its bytes differ from the size and checksum in the archive.`,
      `Copy ${this.#archive} again from its source.`,
      { cause },
    );
  }
}

/** Returns the bytes of a Buffer, whose `slice` has another meaning. */
function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}
