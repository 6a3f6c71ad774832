/** Reads a record of a stored dataset, and refuses files that have changed since they were stored. */
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { RecordFiles } from "../../pipeline/recordings/wfdb/wfdb-source.ts";
import type { SourceBytes } from "../../pipeline/recordings/source.ts";
import { isAsStored } from "../store/manifest.ts";
import { DiskFolder } from "./disk-folder.ts";
import { piecesOf } from "./file-bytes.ts";
import { loadRecord } from "./record-files.ts";

/**
 * Loads a stored record.
 * @param annotator suffix of its annotation file; by default `atr`
 * @throws EctopyError `damaged-file` if a file has changed; else as {@link loadRecord}
 */
export function loadStoredRecord(folder: string, name: string, annotator?: string): RecordFiles {
  const files = loadRecord(new DiskFolder(folder), name, annotator === undefined ? undefined : [annotator]);
  for (const [file, bytes] of contentsOf(files)) {
    if (isAsStored(folder, file, piecesOf(bytes))) continue;
    throw new EctopyError(
      "damaged-file",
      `${join(folder, file)} has changed since it was stored.`,
      "Import the same recordings again: they replace the damaged ones.",
    );
  }
  return files;
}

/** Returns the contents of a record's files by name, as they are on the disk. */
function contentsOf({ name, header, signals, annotator, annotations }: RecordFiles): Map<string, SourceBytes> {
  const contents = new Map<string, SourceBytes>([[`${name}.hea`, header], ...signals]);
  if (annotations) contents.set(`${name}.${annotator}`, annotations);
  return contents;
}
