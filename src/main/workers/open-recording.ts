/** Opens a recording that was found in a folder, of any format. */
import { WFDB } from "../../pipeline/recordings/finding/group-folder.ts";
import { inflateSync } from "node:zlib";
import { recordingFormat } from "../../pipeline/recordings/formats.ts";
import type { RecordingSource, SourceBytes } from "../../pipeline/recordings/source.ts";
import { openRecord } from "../../pipeline/recordings/wfdb/wfdb-source.ts";
import type { FoundRecording } from "./find-recordings.ts";
import { ANNOTATOR, loadRecord } from "./record-files.ts";
import type { SourceFolder } from "./source-folder.ts";

/** What is needed to open a recording in its folder. */
export type RecordingPlace = Pick<FoundRecording, "name" | "format" | "files" | "annotators">;

/**
 * Returns the annotators of a recording, the one whose annotations are the recording's first.
 * @param chosen undefined: `atr`, else the first
 */
export function annotatorsInOrder(available: readonly string[], chosen?: string): string[] {
  const first = chosen ?? (available.includes(ANNOTATOR) ? ANNOTATOR : (available[0] ?? ANNOTATOR));
  return [first, ...available.filter((annotator) => annotator !== first)];
}

/**
 * Opens a recording.
 * @throws EctopyError `damaged-file`, `unsupported`, `not-found`, `nothing-usable`, `no-access`
 */
export function openRecording(
  folder: SourceFolder,
  { name, format, files, annotators }: RecordingPlace,
  annotator?: string,
): RecordingSource {
  if (format === WFDB) return openRecord(loadRecord(folder, name, annotatorsInOrder(annotators, annotator)));
  const [main] = files;
  const bytes = new Map<string, SourceBytes>(files.map((file) => [file, folder.open(file)]));
  return recordingFormat(format).open(main, bytes, { inflate: inflated });
}

function inflated(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  return inflateSync(bytes, { maxOutputLength });
}
