/** Bob Jenkins' hash `lookup3` (`hashlittle`, burtleburtle.net/bob/c/lookup3.c), HDF5's checksum of metadata. */

/** Returns the hash, 32 bits unsigned. */
export function lookup3(bytes: Uint8Array): number {
  const start = (0xdeadbeef + bytes.length) | 0;
  let [a, b, c] = [start, start, start];
  if (bytes.length === 0) return c >>> 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The last block is mixed differently, even if it is complete.
  const last = BLOCK_BYTES * (Math.ceil(bytes.length / BLOCK_BYTES) - 1);
  for (let at = 0; at < last; at += BLOCK_BYTES) {
    a = (a + view.getInt32(at, true)) | 0;
    b = (b + view.getInt32(at + 4, true)) | 0;
    c = (c + view.getInt32(at + 8, true)) | 0;
    a = (a - c) ^ rotated(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotated(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotated(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotated(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotated(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotated(b, 4);
    b = (b + a) | 0;
  }
  const rest = new Uint8Array(BLOCK_BYTES);
  rest.set(bytes.subarray(last));
  const words = new DataView(rest.buffer);
  a = (a + words.getInt32(0, true)) | 0;
  b = (b + words.getInt32(4, true)) | 0;
  c = (c + words.getInt32(8, true)) | 0;
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  c = ((c ^ b) - rotated(b, 24)) | 0;
  return c >>> 0;
}

const BLOCK_BYTES = 12;

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
