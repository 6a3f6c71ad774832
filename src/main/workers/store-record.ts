/**
 * Stores one recording in a dataset (ADR 16). A WFDB record that is stored under its name is copied byte for byte; every
 * other recording is written as a WFDB record while it is read. The files are verified before they are kept.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { systemError } from "../../contract/domain/system-errors.ts";
import { withLeads } from "../../pipeline/recordings/chosen-leads.ts";
import { hashed } from "../../pipeline/recordings/identity/hashed-source.ts";
import { isSafeRecordName } from "../../pipeline/recordings/record-name.ts";
import type { RecordingSource } from "../../pipeline/recordings/source.ts";
import { isFlac } from "../../pipeline/recordings/flac/stream.ts";
import { withoutPersonalText, withoutTexts } from "../../pipeline/recordings/wfdb/personal-text.ts";
import { openRecord, type RecordFiles } from "../../pipeline/recordings/wfdb/wfdb-source.ts";
import type { StoredFile } from "../store/manifest.ts";
import { FileBytes, piecesOf } from "./file-bytes.ts";
import type { RecordInput, RecordStored } from "./beat-tasks.ts";
import { annotatorsOf, damagedInspection, examine, type RecordInspected } from "./inspect-recording.ts";
import { ANNOTATOR, loadRecord } from "./record-files.ts";
import { writeFile } from "./write-file.ts";
import { writeRecord } from "./write-record.ts";

type Destination = Pick<RecordInput, "destination" | "staging" | "withoutComments" | "leads">;

/**
 * Stores a WFDB record; its health reports damage.
 * @throws EctopyError `disk-full`, `no-access` if the copy cannot be written
 */
export function storeRecord(input: RecordInput): RecordStored {
  const { folder, name, storedName = name, annotators, leads } = input;
  let files: RecordFiles;
  try {
    files = loadRecord(folder, name, annotators);
  } catch (error) {
    return refusedRecord(storedName, error);
  }
  if (isStoredAsIs(files, storedName) && hasOnly(files, leads))
    return inStaging(input, () => copyVerified(files, input));
  const originalName = storedName === name ? undefined : name;
  const { annotator } = files;
  return storeSource(() => openRecord(files), { ...input, storedName, annotator, originalName });
}

/**
 * Stores a recording of any format; its health reports damage.
 * @param open opens the recording
 * @throws EctopyError `disk-full`, `no-access` if the recording cannot be written
 */
export function storeSource(
  open: () => RecordingSource,
  {
    storedName,
    annotator,
    originalName,
    ...input
  }: Destination & {
    /** Safe name (`safeRecordName`). */
    storedName: string;
    /** Annotator whose annotations are the recording's; undefined: the source's first. */
    annotator: string | undefined;
    /** Name in its source, where the stored name is another. */
    originalName?: string | undefined;
  },
): RecordStored {
  return inStaging(input, () => {
    let written;
    let facts: Omit<RecordInspected, "health">;
    try {
      const chosen = withLeads(open(), input.leads ?? []);
      const { source, hashes } = hashed(input.withoutComments ? withoutTexts(chosen) : chosen);
      const used = annotator ?? source.annotators[0]?.annotator ?? ANNOTATOR;
      written = writeRecord(source, { folder: input.staging, name: storedName, annotator: used });
      facts = { hashes: hashes(), annotators: annotatorsOf(source) };
    } catch (error) {
      return refusedRecord(storedName, error);
    }
    const { health, files } = written;
    keepAll(files, input);
    const details = { ...health.details, ...(originalName === undefined ? {} : { originalName }) };
    return { health: Object.keys(details).length === 0 ? health : { ...health, details }, ...facts, files };
  });
}

/** Reports a recording that cannot be read: the import continues. @throws any other error */
function refusedRecord(name: string, error: unknown): RecordStored {
  return { ...damagedInspection(name, error), files: [] };
}

/** Does some work with the record's staging folder, which is removed afterwards. */
export function inStaging(input: Pick<RecordInput, "staging">, work: () => RecordStored): RecordStored {
  try {
    mkdirSync(input.staging, { recursive: true });
    return work();
  } catch (error) {
    throw systemError(error, "the copy of the recordings in the workspace");
  } finally {
    rmSync(input.staging, { recursive: true, force: true });
  }
}

/**
 * Returns whether a record is copied byte for byte: it has one segment, a safe name, and signal files called like it, so
 * that no other record has a file of the same name. Files that are compressed by FLAC would be decoded for each view.
 */
function isStoredAsIs(files: RecordFiles, storedName: string): boolean {
  const { name, signals, segments } = files;
  if (name !== storedName || !isSafeRecordName(name) || segments !== undefined || signals.size === 0) return false;
  return [...signals].every(
    ([file, bytes]) => file.slice(0, file.lastIndexOf(".")) === name && !isFlac(bytes.subarray(0, 4)),
  );
}

/** Returns whether a record has the chosen leads alone; true where all leads are chosen. */
function hasOnly(files: RecordFiles, leads: readonly string[] | undefined): boolean {
  if (leads === undefined) return true;
  try {
    const source = openRecord(files);
    return withLeads(source, leads) === source;
  } catch {
    return false; // Storing it reports why.
  }
}

function copyVerified(files: RecordFiles, input: RecordInput): RecordStored {
  const { staging, withoutComments } = input;
  const kept = withoutComments ? withoutPersonalText(files) : files;
  const stored: StoredFile[] = [];
  const signals = new Map<string, FileBytes>();
  for (const [name, bytes] of kept.signals) {
    const path = join(staging, name);
    stored.push(writeFile(path, name, piecesOf(bytes)));
    signals.set(name, new FileBytes(path, bytes.length));
  }
  const { health, ...facts } = examine(() => openRecord({ ...files, signals }), files.name, files.annotator);
  if (!health.usable) return { health, ...facts, files: [] };
  const texts = new Map<string, Uint8Array>([[`${files.name}.hea`, kept.header], ...annotationFiles(kept)]);
  for (const [name, bytes] of texts) stored.push(writeFile(join(staging, name), name, [bytes]));
  keepAll(stored, input);
  return { health: withoutComments ? { ...health, comments: [] } : health, ...facts, files: stored };
}

function annotationFiles({ name, annotator, annotations, otherAnnotations }: RecordFiles): [string, Uint8Array][] {
  const others = [...(otherAnnotations ?? [])].map(([other, bytes]): [string, Uint8Array] => [
    `${name}.${other}`,
    bytes,
  ]);
  return annotations ? [[`${name}.${annotator}`, annotations], ...others] : others;
}

/** Moves files from the staging folder to the dataset's. */
export function keepAll(
  files: readonly StoredFile[],
  { staging, destination }: Pick<Destination, "staging" | "destination">,
): void {
  for (const { name } of files) keep(join(staging, name), join(destination, name));
}

/** Syncs a file to the disk and moves it to its destination, so that no sync is pending when the folder is renamed. */
function keep(from: string, to: string): void {
  const descriptor = openSync(from, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(from, to);
}
