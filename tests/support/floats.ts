/** Arrays of float32: their encoding as text for Python, and their largest difference. */

export function encodeFloats({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}

export function decodeFloats(text: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);
}

/** Returns the largest difference between two numbers at the same index. */
export function largestDifference(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  return Math.max(
    ...a.map((values, i) =>
      Array.from(values).reduce((most, value, k) => Math.max(most, Math.abs(value - b[i][k])), 0),
    ),
  );
}
