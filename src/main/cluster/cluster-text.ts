/**
 * Text form of what a cluster folder stores: JSON with the values that JSON lacks. Float32Arrays become `{"$f32": BASE64}`, NaN
 * and the infinities `{"$number": NAME}`.
 */

/** Returns one line without a line break. Keys of objects must not begin with `$`. */
export function clusterText(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Float32Array) {
      return { $f32: Buffer.from(each.buffer, each.byteOffset, each.byteLength).toString("base64") };
    }
    return typeof each === "number" && !Number.isFinite(each) ? { $number: String(each) } : each;
  });
}

/** Parses what {@link clusterText} returned. @throws SyntaxError */
export function parseClusterText(text: string): unknown {
  return JSON.parse(text, (_, each: unknown) => {
    if (typeof each !== "object" || each === null) return each;
    if ("$number" in each) return Number(each.$number);
    // Copied, so that the values are aligned to 4 bytes.
    if ("$f32" in each) return new Float32Array(new Uint8Array(Buffer.from(String(each.$f32), "base64")).buffer);
    return each;
  });
}
