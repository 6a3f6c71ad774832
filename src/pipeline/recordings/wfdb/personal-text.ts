/**
 * Removes free text from a record's files, because it may include names of patients and physicians. Samples, beats and
 * times do not change.
 *
 * Removed: comment lines of the header; texts of annotations, such as notes; bytes of a signal file before its first
 * sample (the header of an EDF file with the patient's name, if a WFDB header describes an EDF file); bytes after the
 * annotations' end mark. Kept: texts that are codes (rhythm, ST and T-wave changes), and notes on the annotation file's
 * format; file and record names, lead names, date and time of the recording.
 */
import { isAhaFile, withoutAhaTexts } from "./aha-annotations.ts";
import { auxText, extension, note } from "./annotations.ts";
import { codeOfSymbol, commentCode, highestCode } from "./codes.ts";
import { parseHeader } from "./header.ts";
import type { RecordingSource, SourceBytes } from "../source.ts";
import { decodeText, encodeUtf8 } from "../text.ts";
import type { RecordFiles } from "./wfdb-source.ts";

const RHYTHM_CODE = 28;
const ST_CHANGE_CODE = 18;
const T_CHANGE_CODE = 19;
/** A code such as `(AFIB` or `ST0+120`: printable, without spaces. */
const CODED_TEXT = /^[\x21-\x7e]{1,20}$/;

/** Removes free text. @param files files of an undamaged record; damage is kept */
export function withoutPersonalText(files: RecordFiles): RecordFiles {
  const others = [...(files.otherAnnotations ?? [])].map(([name, bytes]) => [name, withoutNotes(bytes)] as const);
  return {
    ...files,
    header: encodeUtf8(withoutComments(decodeText(files.header))),
    signals: withoutPrologs(files),
    annotations: files.annotations && withoutNotes(files.annotations),
    ...(others.length === 0 ? {} : { otherAnnotations: new Map(others) }),
  };
}

/** Returns a recording of any format without its comments and without texts of annotations that are no codes. */
export function withoutTexts(source: RecordingSource): RecordingSource {
  const annotators = source.annotators.map(({ annotator, annotations }) => ({
    annotator,
    annotations: annotations.map((each) =>
      staysInFile(codeOfSymbol(each.symbol) ?? 0, each.aux, false) ? each : { ...each, aux: "" },
    ),
  }));
  const { name, format, frameRate, frames, rate, startsAt, signals } = source;
  return {
    ...{ name, format, frameRate, frames, rate, startsAt, signals, annotators },
    comments: [],
    // Findings grow while samples are read.
    get findings() {
      return source.findings;
    },
    blocks: () => source.blocks(),
  };
}

/** Removes the comment lines of a header. */
export function withoutComments(header: string): string {
  const lines = header.match(/[^\r\n]*(?:\r\n|\n|\r|$)/g) ?? [];
  return lines.filter((line) => !line.trim().startsWith("#")).join("");
}

/** Removes the texts of annotations, except for codes and notes on the file's format. */
export function withoutNotes(bytes: Uint8Array): Uint8Array {
  if (isAhaFile(bytes)) return withoutAhaTexts(bytes);
  const kept: Uint8Array[] = [];
  let from = 0;
  let at = 0;
  /** Code of the annotation that the next text belongs to; 0: none. */
  let code = 0;
  let defining = false;
  while (at + 2 <= bytes.length) {
    const value = bytes[at] | (bytes[at + 1] << 8);
    const next = value >> 10;
    if (value === 0) {
      kept.push(bytes.subarray(from, at + 2));
      return concatenated(kept);
    }
    if (next <= highestCode) code = next;
    const start = at;
    at += 2;
    if (next === extension.skip) at += SKIP_BYTES;
    if (next !== extension.aux) continue;
    const length = value & 0xff;
    const text = auxText(bytes.subarray(at, at + length));
    at += length + (length & 1);
    if (text === note.begin) defining = true;
    if (text === note.end) defining = false;
    if (staysInFile(code, text, defining)) continue;
    kept.push(bytes.subarray(from, start));
    from = at;
  }
  kept.push(bytes.subarray(from));
  return concatenated(kept);
}

/** Bytes of a long interval, which follow its code. */
const SKIP_BYTES = 4;

function staysInFile(code: number, text: string, defining: boolean): boolean {
  if (code === commentCode) {
    const ofFormat = note.resolution.test(text) || text === note.begin || text === note.end;
    return ofFormat || (defining && note.definition.test(text));
  }
  return [RHYTHM_CODE, ST_CHANGE_CODE, T_CHANGE_CODE].includes(code) && CODED_TEXT.test(text);
}

/** Returns the signal files with zeros before the first sample. */
function withoutPrologs({ name, header, signals }: RecordFiles): Map<string, SourceBytes> {
  const cleaned = new Map(signals);
  for (const { fileName, byteOffset } of parseHeader(decodeText(header), `${name}.hea`).signals) {
    const bytes = cleaned.get(fileName);
    if (bytes !== undefined && byteOffset > 0) cleaned.set(fileName, withoutProlog(bytes, byteOffset));
  }
  return cleaned;
}

/** Replaces the first bytes by zeros. @param length number of these bytes */
function withoutProlog(bytes: SourceBytes, length: number): SourceBytes {
  return {
    length: bytes.length,
    subarray(from, to) {
      const piece = bytes.subarray(from, to);
      return from < length ? new Uint8Array(piece).fill(0, 0, length - from) : piece;
    },
  };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
