/** The files of a WFDB record in a folder. */
import { EctopyError } from "../../contract/domain/errors.ts";
import { renamedSignalFile } from "../../pipeline/recordings/finding/renamed-signals.ts";
import { parseHeader, type RecordHeader } from "../../pipeline/recordings/wfdb/header.ts";
import type { SourceBytes } from "../../pipeline/recordings/source.ts";
import { decodeText } from "../../pipeline/recordings/text.ts";
import type { SignalFiles } from "../../pipeline/recordings/wfdb/open-signals.ts";
import type { RecordFiles } from "../../pipeline/recordings/wfdb/wfdb-source.ts";
import type { SourceFolder } from "./source-folder.ts";

/** Suffix of the reference annotator in PhysioNet's databases. */
export const ANNOTATOR = "atr";
/** Limit of a header: no real header is as large. */
const MAX_HEADER_BYTES = 1_000_000;
/** Limit of an annotation file: more than the 5 million annotations that are read, which take 0.8 GB as objects. */
export const MAX_ANNOTATION_BYTES = 16_000_000;
/** Limit of a signal file: ten days of three leads at 360 Hz. One lead of it fits into one array on every platform. */
const MAX_SIGNAL_BYTES = 2_000_000_000;
/** Largest size of a sample in all signal formats. */
const MAX_SAMPLE_BYTES = 4;
/** Bytes that a signal file may have beyond those that its header describes: padding, a trailer. */
const MAX_EXTRA_BYTES = 1_000_000;

/**
 * Reads the files of one record. Missing files are omitted: `openRecord` then reports them. Names that differ in small
 * and capital letters alone are found, too.
 * @param annotators suffixes of annotation files; the first one's annotations are the record's
 */
export function loadRecord(
  folder: SourceFolder,
  name: string,
  annotators: readonly string[] = [ANNOTATOR],
): RecordFiles {
  const record = loadSignals(folder, name);
  const segments = segmentNames(record.header, name).flatMap((segment): [string, SignalFiles][] => {
    const files = ifExists(() => loadSignals(folder, segment));
    return files ? [[segment, files]] : [];
  });
  const annotations = annotators.flatMap((annotator): [string, Uint8Array][] => {
    const file = `${name}.${annotator}`;
    const bytes = ifExists(() => readBytes(folder, file, MAX_ANNOTATION_BYTES));
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

function loadSignals(folder: SourceFolder, name: string): SignalFiles {
  const header = readBytes(folder, `${name}.hea`, MAX_HEADER_BYTES);
  const signals = new Map<string, SourceBytes>();
  const renamed = new Map<string, string>();
  const named = signalFiles(header, name);
  for (const [fileName, largest] of named) {
    const open = (file: string): SourceBytes | null => ifExists(() => folder.open(checkedName(folder, file, largest)));
    let bytes = open(fileName);
    const other = bytes ? null : renamedSignalFile(name, fileName, [...named.keys()]);
    if (other !== null && (bytes = open(other)) !== null) renamed.set(fileName, other);
    if (bytes) signals.set(fileName, bytes);
  }
  return { header, signals, ...(renamed.size === 0 ? {} : { renamed }) };
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

/** Returns what `read` returns; null if the file does not exist. */
function ifExists<Read>(read: () => Read): Read | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof EctopyError && error.code === "not-found") return null;
    throw error;
  }
}

function readBytes(folder: SourceFolder, file: string, largest: number): Uint8Array {
  return folder.read(checkedName(folder, file, largest));
}

/**
 * Returns the name of a file as the folder has it.
 * @throws EctopyError `unsupported`: larger than its header can need; as `SourceFolder.sizeOf`
 */
function checkedName(folder: SourceFolder, file: string, largest: number): string {
  const name = folder.nameOf(file);
  const size = folder.sizeOf(name);
  if (size <= largest) return name;
  throw new EctopyError(
    "unsupported",
    `${name} is too large: it has ${size} bytes, and the limit by its header is ${largest}.`,
    "Copy the recording again from its source, or split it into shorter ones.",
  );
}
