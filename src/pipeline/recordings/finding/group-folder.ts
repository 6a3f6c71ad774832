/**
 * Groups the files of one folder by recording: WFDB records by their headers, other formats by the registry. Files that
 * belong to no recording are listed with the reason.
 */
import type { LeftOutReason } from "../../../contract/domain/inspection.ts";
import { renamedSignalFile } from "./renamed-signals.ts";
import { headerNames, type HeaderNames } from "./wfdb-names.ts";

export const WFDB = "wfdb";

/** A recording in its folder, before it is opened. */
export interface FolderRecording {
  /** Name of the record in its folder. */
  name: string;
  /** {@link WFDB}, or the identifier of a format in the registry. */
  format: string;
  /** Names of its files, the one that is opened first. */
  files: string[];
  /** Suffixes of its annotation files in small letters, sorted; WFDB alone. */
  annotators: string[];
}

export interface FolderGroups {
  recordings: FolderRecording[];
  leftOut: { file: string; reason: LeftOutReason }[];
  /** Names of the segments of records of several segments: they are no separate recordings. */
  segments: string[];
  /** Records that the folder's index (`RECORDS`) names, relative to the folder. */
  index: string[];
}

export interface FolderReader {
  /** Returns the text of a header or an index, up to a limit; null: it cannot be read. */
  text: (file: string) => string | null;
  /** Returns whether a file ends like a WFDB annotation file, with an end mark. */
  endsLikeAnnotations: (file: string) => boolean;
  /** Returns whether a signal file has the signature of another format, which its header then does not describe. */
  isOfOtherFormat: (file: string) => boolean;
  /** Groups the files that no WFDB record has by the other formats. */
  others: (files: readonly string[]) => { recordings: FolderRecording[]; others: string[] };
}

/** File of a database that lists its records. */
const INDEX = "RECORDS";
/** Suffixes of common annotators: such a file is one even where its end was cut off. */
const KNOWN_ANNOTATORS = new Set(["atr", "qrs", "ecg", "ari", "man", "wqrs", "gqrs", "pwave", "rst", "stf", "ann"]);
/** Suffixes of signal files of WFDB, which need a header. */
const SIGNAL_SUFFIXES = new Set(["dat", "xyz"]);
const ARCHIVES = new Set(["zip", "gz", "tgz", "bz2", "xz", "tar", "7z", "rar"]);
/** Files that describe a database or a recording: nobody misses them. */
const DOCUMENTS = /^(?:readme|license|records|annotators|sha\d+sums|md5sums|index|subject[-_]info|changelog|robots)/i;
const DOCUMENT_SUFFIXES = new Set(
  "txt md html htm pdf json xws png jpg jpeg svg gif css js py m c h doc docx xls xlsx rtf tex ini log yml yaml".split(
    " ",
  ),
);

export function suffixOf(file: string): string {
  const dot = file.lastIndexOf(".");
  return dot > 0 ? file.slice(dot + 1).toLowerCase() : "";
}

function stemOf(file: string): string {
  const dot = file.lastIndexOf(".");
  return dot > 0 ? file.slice(0, dot) : file;
}

/** @param files names of the files of the folder, without junk */
export function groupFolder(files: readonly string[], reader: FolderReader): FolderGroups {
  const byLowerName = new Map(files.map((file) => [file.toLowerCase(), file]));
  const isOther = (signalFile: string): boolean => {
    const file = byLowerName.get(signalFile.toLowerCase());
    return file !== undefined && reader.isOfOtherFormat(file);
  };
  const allNamed = files
    .filter((file) => suffixOf(file) === "hea")
    .map((file) => [file, presentNames(file, headerNames(reader.text(file) ?? ""), byLowerName)] as const);
  const named = new Map(allNamed.filter(([, { signalFiles }]) => !signalFiles.some(isOther)));
  const headers = [...named.keys()];
  const lower = (names: Iterable<string>): Set<string> => new Set([...names].map((name) => name.toLowerCase()));
  const segments = lower([...named.values()].flatMap((names) => names.segments));
  const signalFiles = lower([...named.values()].flatMap((names) => names.signalFiles));
  const taken = new Set<string>(headers);
  for (const file of files) if (signalFiles.has(file.toLowerCase())) taken.add(file);

  const stems = lower(headers.map(stemOf));
  const annotatorsOf = new Map<string, string[]>();
  for (const file of files) {
    const stem = stemOf(file).toLowerCase();
    if (taken.has(file) || !stems.has(stem) || !isAnnotationFile(file, reader)) continue;
    taken.add(file);
    annotatorsOf.set(stem, [...(annotatorsOf.get(stem) ?? []), file]);
  }

  const found = (names: readonly string[]): string[] =>
    names.flatMap((name) => byLowerName.get(name.toLowerCase()) ?? []);
  const signalsOf = (header: string): string[] => found(named.get(header)?.signalFiles ?? []);
  const recordings = headers
    .filter((file) => !segments.has(stemOf(file).toLowerCase()))
    .map((header): FolderRecording => {
      const annotations = annotatorsOf.get(stemOf(header).toLowerCase()) ?? [];
      const parts = found((named.get(header)?.segments ?? []).map((segment) => `${segment}.hea`));
      return {
        name: stemOf(header),
        format: WFDB,
        files: [...new Set([header, ...annotations, ...[header, ...parts].flatMap(signalsOf), ...parts])],
        annotators: annotations.map(suffixOf).sort(),
      };
    });
  const { recordings: ofOthers, others } = reader.others(files.filter((file) => !taken.has(file)));
  return {
    recordings: [...recordings, ...ofOthers],
    leftOut: others.flatMap((file) => {
      const reason = reasonOf(file);
      return reason === null ? [] : [{ file, reason }];
    }),
    segments: [...named.values()].flatMap((names) => names.segments),
    index: files.includes(INDEX) ? (reader.text(INDEX) ?? "").split(/\s+/).filter((name) => name !== "") : [],
  };
}

/** Returns what a header names, with the signal files that were renamed under their present names. */
function presentNames(header: string, names: HeaderNames, byLowerName: ReadonlyMap<string, string>): HeaderNames {
  const { signalFiles } = names;
  const present = signalFiles.map((file) => {
    if (byLowerName.has(file.toLowerCase())) return file;
    const renamed = renamedSignalFile(stemOf(header), file, signalFiles);
    return renamed !== null && byLowerName.has(renamed.toLowerCase()) ? renamed : file;
  });
  return { ...names, signalFiles: present };
}

function isAnnotationFile(file: string, { endsLikeAnnotations }: FolderReader): boolean {
  const suffix = suffixOf(file);
  if (!/^[a-z][a-z0-9]*$/.test(suffix) || SIGNAL_SUFFIXES.has(suffix)) return false;
  if (DOCUMENT_SUFFIXES.has(suffix) || ARCHIVES.has(suffix)) return false;
  return KNOWN_ANNOTATORS.has(suffix) || endsLikeAnnotations(file);
}

/** Returns null for a document, which is no part of a recording. */
function reasonOf(file: string): LeftOutReason | null {
  const suffix = suffixOf(file);
  if (SIGNAL_SUFFIXES.has(suffix) || suffix === "atr" || suffix === "qrs") return "no-header";
  if (ARCHIVES.has(suffix)) return "archive";
  return DOCUMENT_SUFFIXES.has(suffix) || DOCUMENTS.test(file) ? null : "not-a-recording";
}
