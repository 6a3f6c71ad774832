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

/** Copies a range of bytes: a block is valid until the next call, and `Buffer.slice` does not copy. */
export function copyOf(bytes: SourceBytes, from: number, to: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.subarray(from, to));
}
