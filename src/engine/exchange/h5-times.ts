/**
 * Clears the times in an HDF5 file's object headers, so that the same content gives the same bytes. HDF5's library
 * writes the current time into each header, and h5wasm can't turn this off (`H5Pset_obj_track_times`).
 */
import { Dataset, Group, type File } from "h5wasm";
import { lookup3 } from "./lookup3.ts";

/** Object header, version 2 (HDF5 File Format Specification 3.0, IV.A.1.b): signature, version, flags. */
const SIGNATURE = "OHDR";
const VERSION = 2;
const VERSION_OFFSET = 4;
const FLAGS_OFFSET = 5;
/** Access, modification, change and birth: 32 bits each, in seconds since 1970. */
const TIMES_OFFSET = 6;
const TIMES_BYTES = 16;
/** Flag: the times are stored. */
const TIMES_FLAG = 0b10_0000;
/** Flag: the limits for storing attributes outside the header are stored, two times 16 bits. */
const PHASE_CHANGE_FLAG = 0b1_0000;
const PHASE_CHANGE_BYTES = 4;
/** Mask: logarithm of the width of the field with the first chunk's size. */
const SIZE_WIDTH_FLAGS = 0b11;
const CHECKSUM_BYTES = 4;
const MAX_PREFIX_BYTES = TIMES_OFFSET + TIMES_BYTES + PHASE_CHANGE_BYTES + 8;

/**
 * Returns the addresses of all object headers in an open file, in bytes from its start. HDF5 provides them: an object
 * reference (`H5R_OBJECT1`) is the address of the object's header.
 */
export function headerAddresses(h5: File): number[] {
  return [h5, ...h5.paths().map((path) => h5.get(path))].map((object) => {
    if (!(object instanceof Group || object instanceof Dataset))
      throw new Error("The file has other than its objects.");
    // A plain array, unlike its type.
    return Number(Buffer.from(object.create_reference().ref_data).readBigUInt64LE());
  });
}

/**
 * Sets all times in the bytes of a file to 0, which HDF5 reads as unknown.
 * @param addresses by {@link headerAddresses}
 */
export function clearTimes(file: Buffer, addresses: readonly number[]): void {
  for (const address of addresses) clearHeader(file, address);
}

function clearHeader(file: Buffer, address: number): void {
  const prefix = file.subarray(address, address + MAX_PREFIX_BYTES);
  if (prefix.toString("latin1", 0, VERSION_OFFSET) !== SIGNATURE || prefix[VERSION_OFFSET] !== VERSION) {
    throw new Error(`There is no object header of version ${VERSION} at byte ${address}.`);
  }
  const flags = prefix[FLAGS_OFFSET];
  if ((flags & TIMES_FLAG) === 0) return;
  const sizeOffset = TIMES_OFFSET + TIMES_BYTES + ((flags & PHASE_CHANGE_FLAG) === 0 ? 0 : PHASE_CHANGE_BYTES);
  const sizeBytes = 1 << (flags & SIZE_WIDTH_FLAGS);
  // No valid header has 4 GiB.
  const chunkBytes = prefix.readUIntLE(sizeOffset, Math.min(sizeBytes, 4));
  const header = file.subarray(address, address + sizeOffset + sizeBytes + chunkBytes + CHECKSUM_BYTES);
  header.fill(0, TIMES_OFFSET, TIMES_OFFSET + TIMES_BYTES);
  const checked = header.subarray(0, -CHECKSUM_BYTES);
  header.writeUInt32LE(lookup3(checked), checked.length);
}
