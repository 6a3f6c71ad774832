/** WFDB records on the disk: which there are in a folder, and the bytes of one. */
import { readdirSync, readFileSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/errors.ts";
import type { Finding } from "../../contract/recordings.ts";
import { parseHeader } from "../../pipeline/recordings/wfdb/header.ts";
import type { RecordFiles } from "../../pipeline/recordings/wfdb/record.ts";
import { systemError } from "../../contract/system-errors.ts";

/** The reference annotator of PhysioNet's databases. */
export const ANNOTATOR = "atr";
/** No header comes near it; a file that is larger is none. */
const LARGEST_HEADER = 1_000_000;
/** Node's limit for one buffer on every platform is above this. */
const LARGEST_FILE = 2_000_000_000;

export interface RecordList {
  /** Where the records lie: the folder given, or the only folder in it that holds records. */
  folder: string;
  /** Names without `.hea`, sorted. */
  names: string[];
  /** What belongs to no single record. */
  findings: Finding[];
}

/**
 * @throws EctopyError `not-found`, `no-access`, `nothing-usable` (no header), `unsupported` (a file, not a folder)
 */
export function listRecords(given: string): RecordList {
  const folder = folderOfRecords(given);
  const files = filesIn(folder);
  const names = headerNames(files);
  return { folder, names, findings: [...orphans(files, names), ...missingFromIndex(folder, files, names)] };
}

/** Reads the files of one record. What is not there stays away: `readRecord` then says what is missing. */
export function loadRecord(folder: string, name: string): RecordFiles {
  const header = readBytes(folder, `${name}.hea`, LARGEST_HEADER).toString("latin1");
  const signals = new Map<string, Uint8Array>();
  for (const fileName of signalFileNames(header, name)) {
    const bytes = readIfThere(folder, fileName);
    if (bytes) signals.set(fileName, bytes);
  }
  return { name, header, signals, annotator: ANNOTATOR, annotations: readIfThere(folder, `${name}.${ANNOTATOR}`) };
}

/** Names of the signal files; none where the header can't be read: that is told by whoever parses it next. */
function signalFileNames(header: string, name: string): string[] {
  try {
    return [...new Set(parseHeader(header, `${name}.hea`).signals.map(({ fileName }) => fileName))];
  } catch (error) {
    if (error instanceof EctopyError) return [];
    throw error;
  }
}

function folderOfRecords(given: string): string {
  let isFolder: boolean;
  try {
    isFolder = statSync(given).isDirectory();
  } catch (error) {
    throw systemError(error, `folder ${given}`);
  }
  if (!isFolder) {
    throw new EctopyError("unsupported", `${given} is a file.`, "Give the folder that holds the recordings.");
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
      ? `There are no WFDB recordings in ${given}: it holds no header (.hea).`
      : `${given} holds ${inside.length} folders with recordings, and none of its own.`,
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

function readIfThere(folder: string, file: string): Buffer | null {
  try {
    return readBytes(folder, file, LARGEST_FILE);
  } catch (error) {
    if (error instanceof EctopyError && error.code === "not-found") return null;
    throw error;
  }
}

function readBytes(folder: string, file: string, largest: number): Buffer {
  const path = join(folder, file);
  try {
    const { size } = statSyncFile(path);
    if (size > largest) {
      throw new EctopyError(
        "unsupported",
        `${file} is too large (${size} bytes).`,
        "Split the recording into shorter ones.",
      );
    }
    return readFileSync(path);
  } catch (error) {
    throw systemError(error, `file ${path}`);
  }
}

/** A pipe or a device in a file's place could be read for ever. */
function statSyncFile(path: string): { size: number } {
  const stats = statSync(path);
  if (!stats.isFile()) {
    throw new EctopyError("damaged-file", `${path} is not a regular file.`, "Put the recording's file in its place.");
  }
  return stats;
}
