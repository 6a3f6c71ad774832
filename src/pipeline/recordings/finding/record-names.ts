/** Gives the recordings of an import names that differ, also where two folders have a record of the same name. */
import { safeRecordName } from "../record-name.ts";

/**
 * Returns the stored name of each recording: its own where no other has it, else its folder and its name.
 * @param taken names that the dataset has already
 */
export function storedNames(
  recordings: readonly { place: string; name: string }[],
  taken: Iterable<string> = [],
): string[] {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const counts = new Map<string, number>();
  for (const name of [...used, ...recordings.map((recording) => recording.name.toLowerCase())]) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return recordings.map(({ place, name }) => {
    const isShared = (counts.get(name.toLowerCase()) ?? 0) > 1;
    const stored = safeRecordName(isShared && place !== "" ? `${place.replaceAll("/", "-")}-${name}` : name, used);
    used.add(stored.toLowerCase());
    return stored;
  });
}
