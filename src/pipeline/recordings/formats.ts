/**
 * All file formats of recordings. A format recognises a file by its name and first bytes, names the other files of the
 * recording, and opens them.
 *
 * A folder is read in two steps: {@link findRecordings} groups its files by recording, and `open` reads one of them.
 */
import { EctopyError } from "../../contract/domain/errors.ts";
import { matFormat } from "./challenge-mat/format.ts";
import { beatRowsFormat, delimitedFormat } from "./delimited/format.ts";
import { aecgFormat } from "./aecg/format.ts";
import { dicomFormat } from "./dicom/format.ts";
import { edfFormat } from "./edf/format.ts";
import type { RecordingFormat, RecordingFile } from "./format.ts";
import { ishneFormat } from "./ishne/format.ts";
import { mortaraFormat } from "./mortara/format.ts";
import { recordingName } from "./messages.ts";

/** All formats, in the order in which they are asked: those with a signature come first. */
export const recordingFormats: readonly RecordingFormat[] = [
  edfFormat,
  ishneFormat,
  dicomFormat,
  matFormat,
  aecgFormat,
  mortaraFormat,
  beatRowsFormat,
  delimitedFormat,
];

/** Files of one recording. */
export interface FoundRecording {
  name: string;
  format: RecordingFormat;
  /** The file that {@link RecordingFormat.open} begins with. */
  main: string;
  /** Names of all files, the main one first. */
  files: string[];
}

/** @throws EctopyError `unsupported` where no format has the identifier */
export function recordingFormat(id: string): RecordingFormat {
  const found = recordingFormats.find((format) => format.id === id);
  if (found !== undefined) return found;
  const names = recordingFormats.map((format) => format.id).join(", ");
  throw new EctopyError("unsupported", `There is no format ${id}.`, `Choose one of: ${names}.`);
}

/** Returns whether the rows of a file are beats: it is a table, and no recording. */
export function isBeatTable({ format }: { format: string }): boolean {
  return recordingFormats.some(({ id, holds }) => id === format && holds === "beats");
}

/** Returns the format that recognises a file; undefined: none does. */
export function recognise(file: RecordingFile): RecordingFormat | undefined {
  return recordingFormats.find((format) => format.recognises(file.name, file.firstBytes));
}

/**
 * Groups the files of one folder by recording.
 * @param files all files of the folder; their first bytes, at best {@link FIRST_BYTES} of them
 * @returns recordings in the order of the files, and the names of files that belong to none
 */
export function findRecordings(files: readonly RecordingFile[]): { recordings: FoundRecording[]; others: string[] } {
  const names = files.map(({ name }) => name);
  const taken = new Set<string>();
  const recordings: FoundRecording[] = [];
  const recognised = files.map((file) => ({ file, format: recognise(file) }));
  for (const format of recordingFormats) {
    for (const { file, format: own } of recognised) {
      if (own !== format || taken.has(file.name)) continue;
      const companions = format.companions(file, names).filter((name) => name !== file.name && !taken.has(name));
      const all = [file.name, ...new Set(companions)];
      for (const name of all) taken.add(name);
      recordings.push({ name: recordingName(file.name), format, main: file.name, files: all });
    }
  }
  const order = new Map(names.map((name, index) => [name, index]));
  recordings.sort((a, b) => order.get(a.main)! - order.get(b.main)!);
  return { recordings, others: names.filter((name) => !taken.has(name)) };
}
