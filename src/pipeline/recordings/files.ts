/** Files of a recording, by name. */
import { EctopyError } from "../../contract/domain/errors.ts";
import type { SourceBytes } from "./source.ts";

/** Returns the bytes of a file. @throws EctopyError `not-found` */
export function fileOf(files: ReadonlyMap<string, SourceBytes>, name: string): SourceBytes {
  const bytes = files.get(name);
  if (bytes !== undefined) return bytes;
  throw new EctopyError("not-found", `The file ${name} is missing.`, "Add it to the folder, and import it again.");
}

/** Returns the names that equal one in lower case: Windows and old recorders change the case. */
export function namesLike(names: readonly string[], name: string): string[] {
  return names.filter((each) => each.toLowerCase() === name.toLowerCase());
}

/** Bytes that are copied at once: a reader of blocks keeps a block of the length that was asked for. */
const COPIED_BYTES = 1 << 20;

/** Copies a range of bytes: a block is valid until the next call, and `Buffer.slice` does not copy. */
export function copyOf(bytes: SourceBytes, from: number, to: number): Uint8Array<ArrayBuffer> {
  const end = Math.min(to, bytes.length);
  const copy = new Uint8Array(Math.max(0, end - from));
  for (let at = from; at < end; at += COPIED_BYTES) {
    copy.set(bytes.subarray(at, Math.min(end, at + COPIED_BYTES)), at - from);
  }
  return copy;
}
