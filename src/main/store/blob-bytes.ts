/** Typed arrays as BLOBs: little-endian, like every machine that Ectopy supports. */

/** Returns the bytes of an array. */
export function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Copies bytes, which may not be aligned for numbers of 32 bits. */
export function ownBytes(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
