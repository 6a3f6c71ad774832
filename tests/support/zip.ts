/**
 * Writes ZIP files for tests: uncompressed entries, with names and attributes that no ordinary program writes.
 * APPNOTE.TXT 4.3.
 */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  name: string;
  bytes: Uint8Array;
  /** Unix mode, such as 0o120777 for a link. */
  mode?: number;
  deflate?: boolean;
  /** General-purpose flags; 1: the entry is encrypted. */
  flags?: number;
  /** Stated offset of the local header, instead of the true one. */
  offset?: number;
}

export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, mode = 0o100644, deflate = false, flags = 0, offset: statedOffset } of entries) {
    const nameBytes = Buffer.from(name);
    const data = deflate ? deflateRawSync(bytes) : Buffer.from(bytes);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(flags, 2);
    shared.writeUInt16LE(deflate ? 8 : 0, 4);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    locals.push(Buffer.from("PK\x03\x04", "latin1"), shared, nameBytes, data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(statedOffset ?? offset, 10);
    // Made by Unix (3).
    directory.push(Buffer.from("PK\x01\x02\x14\x03", "latin1"), shared, rest, nameBytes);
    offset += 30 + nameBytes.length + data.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
