/** Compares the indexes of databases (`RECORDS`) with the recordings that were found. */
import type { Finding } from "../../../contract/domain/recordings.ts";
import type { FolderGroups } from "./group-folder.ts";

type PlacedGroups = Pick<FolderGroups, "recordings" | "segments" | "index"> & { place: string };

/** Returns a finding on records that an index names, and that are missing. */
export function missingFromIndexes(groups: readonly PlacedGroups[]): Finding[] {
  const known = new Set(
    groups.flatMap(({ place, recordings, segments }) =>
      [...recordings.map(({ name }) => name), ...segments].map((name) => joined(place, name)),
    ),
  );
  const files = new Set(
    groups.flatMap(({ place, recordings }) =>
      recordings.flatMap((each) => each.files.map((file) => joined(place, file))),
    ),
  );
  const missing = groups.flatMap(({ place, index }) =>
    index.filter((name) => {
      const path = joined(place, name);
      // An index may name a folder, which has a separate index.
      return !name.endsWith("/") && !known.has(path) && !files.has(path);
    }),
  );
  if (missing.length === 0) return [];
  return [
    {
      severity: "warning",
      message: `RECORDS names ${missing.length === 1 ? "a missing record" : `${missing.length} missing records`}: ${missing.slice(0, 5).join(", ")}${missing.length > 5 ? ", …" : ""}.`,
      fix: "Copy the folder again if you need them.",
    },
  ];
}

function joined(place: string, name: string): string {
  return place === "" ? name : `${place}/${name}`;
}
