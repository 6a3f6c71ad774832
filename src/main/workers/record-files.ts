/** WFDB records on the disk: the records of a folder, and the files of one record. */
import { existsSync, readdirSync, readFileSync, statSync, type Dirent, type Stats } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { Finding } from "../../contract/domain/recordings.ts";
import { parseHeader, type RecordHeader } from "../../pipeline/recordings/wfdb/header.ts";
import type { SourceBytes } from "../../pipeline/recordings/source.ts";
import { decodeText } from "../../pipeline/recordings/text.ts";
import type { SignalFiles } from "../../pipeline/recordings/wfdb/open-signals.ts";
import type { RecordFiles } from "../../pipeline/recordings/wfdb/wfdb-source.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { FileBytes } from "./file-bytes.ts";

/** Suffix of the reference annotator in PhysioNet's databases. */
export const ANNOTATOR = "atr";
/** Limit of a header: no real header is as large. */
const MAX_HEADER_BYTES = 1_000_000;
/** Limit of an annotation file: more than the 5 million annotations that are read, which take 0.8 GB as objects. */
const MAX_ANNOTATION_BYTES = 16_000_000;
/** Limit of a signal file: ten days of three leads at 360 Hz. One lead of it fits into one array on every platform. */
const MAX_SIGNAL_BYTES = 2_000_000_000;
/** Largest size of a sample in all signal formats. */
const MAX_SAMPLE_BYTES = 4;
/** Bytes that a signal file may have beyond those that its header describes: padding, a trailer. */
const MAX_EXTRA_BYTES = 1_000_000;

export interface RecordList {
  /** Folder of the records: the given folder, or the only folder in it that holds records. */
  folder: string;
  /** Names without `.hea`, sorted. */
  names: string[];
  /** Findings on the whole folder, not on one record. */
  findings: Finding[];
}

/**
 * Lists the records of a folder.
 * @param shown name of the folder for messages
 * @throws EctopyError `not-found`, `no-access`, `nothing-usable` (no header), `unsupported` (a file, not a folder)
 */
export function listRecords(given: string, shown = given): RecordList {
  const folder = folderOfRecords(given, shown);
  const files = filesIn(folder);
  const names = headerNames(files);
  return { folder, names, findings: [...orphans(files, names), ...missingFromIndex(folder, files, names)] };
}

/**
 * Reads the files of one record. Missing files are omitted: `openRecord` then reports them. Names that differ in small
 * and capital letters alone are found, too.
 * @param annotators suffixes of annotation files; the first one's annotations are the record's
 */
export function loadRecord(folder: string, name: string, annotators: readonly string[] = [ANNOTATOR]): RecordFiles {
  const findName = nameFinder(folder);
  const record = loadSignals(folder, name, findName);
  const segments = segmentNames(record.header, name).flatMap((segment): [string, SignalFiles][] => {
    const files = ifExists(() => loadSignals(folder, segment, findName));
    return files ? [[segment, files]] : [];
  });
  const annotations = annotators.flatMap((annotator): [string, Uint8Array][] => {
    const file = `${name}.${annotator}`;
    const bytes = ifExists(() => readBytes(folder, findName(file), MAX_ANNOTATION_BYTES));
    return bytes ? [[annotator, bytes]] : [];
  });
  const [annotator = ANNOTATOR] = annotators;
  const others = annotations.filter(([each]) => each !== annotator);
  return {
    name,
    ...record,
    annotator,
    annotations: annotations.find(([each]) => each === annotator)?.[1] ?? null,
    ...(others.length === 0 ? {} : { otherAnnotations: new Map(others) }),
    ...(segments.length === 0 ? {} : { segments: new Map(segments) }),
  };
}

function loadSignals(folder: string, name: string, findName: (file: string) => string): SignalFiles {
  const header = readBytes(folder, findName(`${name}.hea`), MAX_HEADER_BYTES);
  const signals = new Map<string, SourceBytes>();
  for (const [fileName, largest] of signalFiles(header, name)) {
    const found = findName(fileName);
    const bytes = ifExists(() => new FileBytes(join(folder, found), sizeOf(folder, found, largest)));
    if (bytes) signals.set(fileName, bytes);
  }
  return { header, signals };
}

/** Returns a function that finds a file's name on the disk: the same name, or one in other small and capital letters. */
function nameFinder(folder: string): (file: string) => string {
  let names: Map<string, string> | undefined;
  return (file) => {
    if (existsSync(join(folder, file))) return file;
    names ??= new Map(filesIn(folder).map((each) => [each.toLowerCase(), each]));
    return names.get(file.toLowerCase()) ?? file;
  };
}

/**
 * Returns the names of the signal files, and the largest size of each in bytes, so that a few lines of a header cannot
 * cause gigabytes to be read. Empty if the header cannot be parsed: the next parser reports that.
 */
function signalFiles(header: Uint8Array, name: string): Map<string, number> {
  const largest = new Map<string, number>();
  const { signals = [], length } = tryHeader(header, name);
  for (const { fileName, byteOffset, samplesPerFrame, skew } of signals) {
    const before = largest.get(fileName) ?? byteOffset + MAX_EXTRA_BYTES;
    // If the header does not give the length, the file determines it.
    const bytes = typeof length === "number" ? (length + skew) * samplesPerFrame * MAX_SAMPLE_BYTES : MAX_SIGNAL_BYTES;
    largest.set(fileName, Math.min(before + bytes, MAX_SIGNAL_BYTES));
  }
  return largest;
}

function segmentNames(header: Uint8Array, name: string): string[] {
  const { segments } = tryHeader(header, name);
  return [...new Set(segments?.map((segment) => segment.name).filter((segment) => segment !== "~"))];
}

/** Parses a header; nothing where it cannot be parsed. */
function tryHeader(header: Uint8Array, name: string): Partial<RecordHeader> {
  try {
    return parseHeader(decodeText(header), `${name}.hea`);
  } catch (error) {
    if (error instanceof EctopyError) return {};
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
    throw new EctopyError("unsupported", `${shown} is a file.`, "Choose the folder with the recordings.");
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
      ? `There are no WFDB recordings in ${shown}: it contains no header (.hea).`
      : `${shown} contains ${inside.length} folders with recordings, but no recordings itself.`,
    inside.length === 0
      ? "Choose the folder with the .hea, .dat and .atr files."
      : "Choose one of these folders: each becomes a separate dataset.",
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

/** Returns a finding on signal and annotation files without a header. */
function orphans(files: readonly string[], names: readonly string[]): Finding[] {
  const known = new Set(names);
  const lone = files.filter((file) => /\.(dat|atr)$/.test(file) && !known.has(file.slice(0, -".dat".length)));
  if (lone.length === 0) return [];
  return [
    {
      severity: "warning",
      message: `${lone.length === 1 ? "A file has" : `${lone.length} files have`} no header: ${lone.slice(0, 5).join(", ")}${lone.length > 5 ? ", …" : ""}.`,
      fix: "Copy the .hea files into the same folder and import it again.",
    },
  ];
}

/** Returns a finding on missing records that the folder's index (`RECORDS`) names. */
function missingFromIndex(folder: string, files: readonly string[], names: readonly string[]): Finding[] {
  if (!files.includes("RECORDS")) return [];
  const indexed = readBytes(folder, "RECORDS", MAX_HEADER_BYTES).toString("latin1").split(/\s+/);
  const missing = indexed.filter((name) => name !== "" && !name.includes("/") && !names.includes(name));
  if (missing.length === 0) return [];
  return [
    {
      severity: "warning",
      message: `RECORDS names ${missing.length === 1 ? "a missing record" : `${missing.length} missing records`}: ${missing.slice(0, 5).join(", ")}${missing.length > 5 ? ", …" : ""}.`,
      fix: "Copy the folder again if you need them.",
    },
  ];
}

/** Returns what `read` returns; null if the file does not exist. */
function ifExists<Read>(read: () => Read): Read | null {
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

/**
 * Returns the size of a file.
 * @throws EctopyError `unsupported`: larger than its header can need; `damaged-file`: a pipe or a device, whose end
 * never comes
 */
function sizeOf(folder: string, file: string, largest: number): number {
  let stats: Stats;
  try {
    stats = statSync(join(folder, file));
  } catch (error) {
    throw systemError(error, `file ${file}`);
  }
  if (!stats.isFile()) {
    throw new EctopyError("damaged-file", `${file} is not a regular file.`, "Replace it by the recording's file.");
  }
  if (stats.size > largest) {
    throw new EctopyError(
      "unsupported",
      `${file} is too large: it has ${stats.size} bytes, and the limit by its header is ${largest}.`,
      "Copy the recording again from its source, or split it into shorter ones.",
    );
  }
  return stats.size;
}
