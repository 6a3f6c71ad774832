/**
 * Copies one record into a dataset and verifies the copy: exactly the verified files are stored, even if the original
 * changes.
 */
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { RecordHealth } from "../../contract/domain/recordings.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { damagedRecord } from "../../pipeline/recordings/wfdb/health.ts";
import { withoutPersonalText } from "../../pipeline/recordings/wfdb/personal-text.ts";
import { checkRecord, type RecordFiles } from "../../pipeline/recordings/wfdb/record.ts";
import type { StoredFile } from "../store/manifest.ts";
import { FileBytes, piecesOf } from "./file-bytes.ts";
import type { RecordInput, RecordStored } from "./beat-tasks.ts";
import { loadRecord } from "./record-files.ts";

/**
 * Stores a record; its health reports damage.
 * @throws EctopyError `disk-full`, `no-access` if the copy cannot be written
 */
export function storeRecord(input: RecordInput): RecordStored {
  const loaded = tryLoad(input);
  if ("health" in loaded) return { health: loaded.health, files: [] };
  const { files } = loaded;
  // There is no file to copy: the header cannot be parsed, or all files that it names are missing.
  if (files.signals.size === 0) return { health: checkRecord(files), files: [] };
  try {
    return storeVerified(files, input);
  } catch (error) {
    throw systemError(error, "the copy of the recordings in the workspace");
  } finally {
    rmSync(input.staging, { recursive: true, force: true });
  }
}

/** Loads a record. Files that cannot be opened count as damage: the record is reported, and the import continues. */
function tryLoad({ folder, name }: RecordInput): { files: RecordFiles } | { health: RecordHealth } {
  try {
    return { files: loadRecord(folder, name) };
  } catch (error) {
    if (!(error instanceof EctopyError)) throw error;
    return { health: damagedRecord(name, error.message, error.fix) };
  }
}

function storeVerified(files: RecordFiles, { staging, destination, withoutComments }: RecordInput): RecordStored {
  const kept = withoutComments ? withoutPersonalText(files) : files;
  mkdirSync(staging, { recursive: true });
  const stored: StoredFile[] = [];
  const signals = new Map<string, FileBytes>();
  for (const [name, bytes] of kept.signals) {
    const path = join(staging, name);
    stored.push(write(path, name, piecesOf(bytes)));
    signals.set(name, new FileBytes(path, bytes.length));
  }
  const health = checkRecord({ ...files, signals });
  if (!health.usable) return { health, files: [] };
  const texts = new Map<string, Uint8Array>([[`${files.name}.hea`, Buffer.from(kept.header, "latin1")]]);
  if (kept.annotations) texts.set(`${files.name}.${files.annotator}`, kept.annotations);
  for (const [name, bytes] of texts) stored.push(write(join(staging, name), name, [bytes]));
  for (const { name } of stored) keep(join(staging, name), join(destination, name));
  return { health: withoutComments ? { ...health, comments: [] } : health, files: stored };
}

function write(path: string, name: string, pieces: Iterable<Uint8Array>): StoredFile {
  const hash = createHash("sha256");
  let bytes = 0;
  const descriptor = openSync(path, "wx");
  try {
    for (const piece of pieces) {
      for (let written = 0; written < piece.length;) written += writeSync(descriptor, piece, written);
      hash.update(piece);
      bytes += piece.length;
    }
  } finally {
    closeSync(descriptor);
  }
  return { name, bytes, sha256: hash.digest("hex") };
}

/** Syncs a file to the disk and moves it to its destination, so that no sync is pending when the folder is renamed. */
function keep(from: string, to: string): void {
  const descriptor = openSync(from, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  // Records may share a signal file: each of them moves the same file.
  renameSync(from, to);
}
