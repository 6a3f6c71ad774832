/** Names of stored records: safe as file names on every system, and as record names of WFDB. */

const SAFE_NAME = /^[\w-]{1,100}$/;
/** Length of a name that is made from another: numbers that keep names apart fit behind it. */
const MAX_MADE_LENGTH = 90;

/** Returns whether a record can be stored under its name: letters, digits, `_` and `-`. */
export function isSafeRecordName(name: string): boolean {
  return SAFE_NAME.test(name);
}

/**
 * Returns a safe name for a record: its name where that is safe, else one made from it.
 * @param taken names of other records, in small letters: file systems may not distinguish capital letters
 */
export function safeRecordName(name: string, taken: ReadonlySet<string> = new Set()): string {
  const plain = name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const made = plain
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, MAX_MADE_LENGTH);
  const first = isSafeRecordName(name) ? name : made === "" ? "record" : made;
  let safe = first;
  for (let number = 2; taken.has(safe.toLowerCase()); number++) safe = `${first.slice(0, MAX_MADE_LENGTH)}_${number}`;
  return safe;
}
