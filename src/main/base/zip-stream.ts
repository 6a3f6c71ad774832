/** Writes ZIP files as a stream: each file is read, compressed and sent piece by piece. */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { crc32, createDeflateRaw } from "node:zlib";

/** A file to archive. */
export interface ZipSource {
  /** Path in the archive, with `/`. */
  name: string;
  path: string;
  modifiedAt: Date;
}

/** Sizes and offsets have 32 bits: no ZIP64 is written. */
export const MAX_ZIP_BYTES = 2 ** 32 - 2 ** 24;
export const MAX_ZIP_FILES = 2 ** 16 - 2;

/** Sizes and checksum follow the data (bit 3); names are UTF-8 (bit 11). APPNOTE.TXT 4.4.4. */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** Version 2.0 of the format: folders and deflate. */
const VERSION = 20;
const LOCAL_HEADER = 0x04034b50;
const DATA_DESCRIPTOR = 0x08074b50;
const CENTRAL_HEADER = 0x02014b50;
const CENTRAL_END = 0x06054b50;

interface Written extends ZipSource {
  crc: number;
  compressed: number;
  size: number;
  offset: number;
}

/**
 * Returns a ZIP file of the sources, in their order.
 * @param sources at most {@link MAX_ZIP_FILES}, of {@link MAX_ZIP_BYTES} together
 */
export async function* zipStream(sources: readonly ZipSource[]): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let offset = 0;
  for (const source of sources) {
    const header = localHeader(source);
    yield header;
    const of: Written = { ...source, crc: 0, compressed: 0, size: 0, offset };
    for await (const chunk of deflated(of)) {
      of.compressed += chunk.length;
      yield chunk;
    }
    yield descriptor(of);
    offset += header.length + of.compressed + DESCRIPTOR_BYTES;
    written.push(of);
  }
  const entries = written.map(centralHeader);
  const size = entries.reduce((sum, { length }) => sum + length, 0);
  yield Buffer.concat([...entries, centralEnd(written.length, size, offset)]);
}

/** Reads and compresses a file, and sums up its size and checksum. */
async function* deflated(of: Written): AsyncGenerator<Buffer> {
  const read = createReadStream(of.path);
  read.on("data", (chunk) => {
    of.crc = crc32(chunk, of.crc);
    of.size += chunk.length;
  });
  const deflate = createDeflateRaw();
  const compressed = pipeline(read, deflate);
  // The loop below receives the same error.
  compressed.catch(() => {});
  for await (const chunk of deflate) yield chunk as Buffer;
  await compressed;
}

function localHeader({ name, modifiedAt }: ZipSource): Buffer {
  const encoded = Buffer.from(name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(DEFLATE, 8);
  header.writeUInt32LE(dosTime(modifiedAt), 10);
  header.writeUInt16LE(encoded.length, 26);
  return Buffer.concat([header, encoded]);
}

const DESCRIPTOR_BYTES = 16;

function descriptor({ crc, compressed, size }: Written): Buffer {
  const bytes = Buffer.alloc(DESCRIPTOR_BYTES);
  bytes.writeUInt32LE(DATA_DESCRIPTOR, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeUInt32LE(compressed, 8);
  bytes.writeUInt32LE(size, 12);
  return bytes;
}

function centralHeader({ name, modifiedAt, crc, compressed, size, offset }: Written): Buffer {
  const encoded = Buffer.from(name);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(CENTRAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(DEFLATE, 10);
  header.writeUInt32LE(dosTime(modifiedAt), 12);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(compressed, 20);
  header.writeUInt32LE(size, 24);
  header.writeUInt16LE(encoded.length, 28);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, encoded]);
}

function centralEnd(files: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(CENTRAL_END, 0);
  end.writeUInt16LE(files, 8);
  end.writeUInt16LE(files, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** Returns the local time in MS-DOS format, with a resolution of two seconds. */
function dosTime(at: Date): number {
  const date = ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate();
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
  return ((date << 16) | time) >>> 0;
}
