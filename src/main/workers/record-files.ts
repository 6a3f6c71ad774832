/** WFDB records on the disk: which there are in a folder, and the bytes of one. */
import { readdirSync, readFileSync, statSync, type Dirent, type Stats } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { Finding } from "../../contract/domain/recordings.ts";
import { parseHeader } from "../../pipeline/recordings/wfdb/header.ts";
import type { RecordFiles } from "../../pipeline/recordings/wfdb/record.ts";
import type { SignalBytes } from "../../pipeline/recordings/wfdb/signals.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { FileBytes } from "./file-bytes.ts";

/** The reference annotator of PhysioNet's databases. */
export const ANNOTATOR = "atr";
/** No header comes near it; a file that is larger is none. */
const LARGEST_HEADER = 1_000_000;
/** More than the 5 million annotations that are read, which take 0.8 GB as objects. */
const LARGEST_ANNOTATIONS = 16_000_000;
/** Ten days of three leads at 360 Hz. A lead of it fits into one array on every platform. */
const LARGEST_FILE = 2_000_000_000;
/** No signal format takes more for a sample. */
const LARGEST_SAMPLE = 4;
/** So much may stand in a signal file beside what its header describes: padding, a trailer. */
const ROOM = 1_000_000;

export interface RecordList {
  /** Where the records lie: the folder given, or the only folder in it that holds records. */
  folder: string;
  /** Names without `.hea`, sorted. */
  names: string[];
  /** What belongs to no single record. */
  findings: Finding[];
}

/**
 * @param shown what the user calls the folder, for messages
 * @throws EctopyError `not-found`, `no-access`, `nothing-usable` (no header), `unsupported` (a file, not a folder)
 */
export function listRecords(given: string, shown = given): RecordList {
  const folder = folderOfRecords(given, shown);
  const files = filesIn(folder);
  const names = headerNames(files);
  return { folder, names, findings: [...orphans(files, names), ...missingFromIndex(folder, files, names)] };
}

/** Reads the files of one record. What is not there stays away: `parseRecord` then says what is missing. */
export function loadRecord(folder: string, name: string): RecordFiles {
  const header = readBytes(folder, `${name}.hea`, LARGEST_HEADER).toString("latin1");
  const signals = new Map<string, SignalBytes>();
  for (const [fileName, largest] of signalFiles(header, name)) {
    const bytes = ifThere(() => new FileBytes(join(folder, fileName), sizeOf(folder, fileName, largest)));
    if (bytes) signals.set(fileName, bytes);
  }
  const annotations = ifThere(() => readBytes(folder, `${name}.${ANNOTATOR}`, LARGEST_ANNOTATIONS));
  return { name, header, signals, annotator: ANNOTATOR, annotations };
}

/**
 * Names of the signal files, and how many bytes each may have, so that a few lines of header can't ask for gigabytes. None
 * where the header can't be read: that is told by whoever parses it next.
 */
function signalFiles(text: string, name: string): Map<string, number> {
  const largest = new Map<string, number>();
  try {
    const { signals, length } = parseHeader(text, `${name}.hea`);
    for (const { fileName, byteOffset, samplesPerFrame, skew } of signals) {
      const before = largest.get(fileName) ?? byteOffset + ROOM;
      // A length that the header does not give is taken from the file.
      const bytes = length === null ? LARGEST_FILE : (length + skew) * samplesPerFrame * LARGEST_SAMPLE;
      largest.set(fileName, Math.min(before + bytes, LARGEST_FILE));
    }
    return largest;
  } catch (error) {
    if (error instanceof EctopyError) return new Map();
    throw error;
  }
}

function folderOfRecords(given: string, shown: string): string {
  let isFolder: boolean;
  try {
    isFolder = statSync(given).isDirectory();
  } catch (error) {
    throw systemError(error, `folder ${shown}`);
  }
  if (!isFolder) {
    throw new EctopyError("unsupported", `${shown} is a file.`, "Give the folder that holds the recordings.");
  }
  if (headerNames(filesIn(given)).length > 0) return given;
  const inside = entries(given)
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(given, entry.name))
    .filter((folder) => headerNames(filesIn(folder)).length > 0);
  if (inside.length === 1) return inside[0];
  throw new EctopyError(
    "nothing-usable",
    inside.length === 0
      ? `There are no WFDB recordings in ${shown}: it holds no header (.hea).`
      : `${shown} holds ${inside.length} folders with recordings, and none of its own.`,
    inside.length === 0
      ? "Give the folder that holds the .hea, .dat and .atr files."
      : "Give one of them: each becomes a dataset of its own.",
  );
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw systemError(error, `folder ${folder}`);
  }
}

function filesIn(folder: string): string[] {
  return entries(folder)
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function headerNames(files: readonly string[]): string[] {
  return files.filter((file) => file.endsWith(".hea")).map((file) => file.slice(0, -".hea".length));
}

/** Signal and annotation files without a header. */
function orphans(files: readonly string[], names: readonly string[]): Finding[] {
  const known = new Set(names);
  const lone = files.filter((file) => /\.(dat|atr)$/.test(file) && !known.has(file.slice(0, -".dat".length)));
  if (lone.length === 0) return [];
  return [
    {
      severity: "warning",
      message: `${lone.length === 1 ? "A file has" : `${lone.length} files have`} no header: ${lone.slice(0, 5).join(", ")}${lone.length > 5 ? ", …" : ""}.`,
      fix: "Copy the .hea files beside them and import the folder again.",
    },
  ];
}

/** Records that the folder's index (`RECORDS`) names and that are not there. */
function missingFromIndex(folder: string, files: readonly string[], names: readonly string[]): Finding[] {
  if (!files.includes("RECORDS")) return [];
  const indexed = readBytes(folder, "RECORDS", LARGEST_HEADER).toString("latin1").split(/\s+/);
  const missing = indexed.filter((name) => name !== "" && !name.includes("/") && !names.includes(name));
  if (missing.length === 0) return [];
  return [
    {
      severity: "warning",
      message: `RECORDS names ${missing.length === 1 ? "a record that is" : `${missing.length} records that are`} not there: ${missing.slice(0, 5).join(", ")}${missing.length > 5 ? ", …" : ""}.`,
      fix: "Copy the folder again if you need them.",
    },
  ];
}

function ifThere<Read>(read: () => Read): Read | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof EctopyError && error.code === "not-found") return null;
    throw error;
  }
}

function readBytes(folder: string, file: string, largest: number): Buffer {
  sizeOf(folder, file, largest);
  try {
    return readFileSync(join(folder, file));
  } catch (error) {
    throw systemError(error, `file ${file}`);
  }
}

/** @throws EctopyError `unsupported`: more than it could need; `damaged-file`: a pipe or a device, which could be read for ever */
function sizeOf(folder: string, file: string, largest: number): number {
  let stats: Stats;
  try {
    stats = statSync(join(folder, file));
  } catch (error) {
    throw systemError(error, `file ${file}`);
  }
  if (!stats.isFile()) {
    throw new EctopyError("damaged-file", `${file} is not a regular file.`, "Put the recording's file in its place.");
  }
  if (stats.size > largest) {
    throw new EctopyError(
      "unsupported",
      `${file} is too large: it has ${stats.size} bytes, and ${largest} is the most that it could need.`,
      "Copy the record again from where it came from, or split it into shorter ones.",
    );
  }
  return stats.size;
}
