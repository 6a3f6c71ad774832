/**
 * Leaves free text out of a record's files, where the names of patients and physicians may stand, and changes nothing
 * else: every sample, beat and time stays as it is.
 *
 * Removed: comment lines of the header; texts of annotations, such as notes; bytes of a signal file before its first
 * sample (the header of an EDF file, with the patient's name, lies there where a WFDB header describes one); bytes after
 * the annotations' end mark. Kept: texts that are codes (rhythm, ST and T-wave changes) and what an annotation file says
 * of its own format; file and record names, lead names, the recording's date and time.
 */
import { extension, latin1, note } from "./annotations.ts";
import { commentCode, highestCode } from "./codes.ts";
import { parseHeader } from "./header.ts";
import type { RecordFiles } from "./record.ts";
import type { SignalBytes } from "./signals.ts";

const RHYTHM_CODE = 28;
const ST_CHANGE_CODE = 18;
const T_CHANGE_CODE = 19;
/** Such as `(AFIB` or `ST0+120`: printable, without spaces. */
const CODED_TEXT = /^[\x21-\x7e]{1,20}$/;

/** @param files of a sound record: damaged ones come back with the damage */
export function withoutPersonalText(files: RecordFiles): RecordFiles {
  return {
    ...files,
    header: withoutComments(files.header),
    signals: withoutPrologs(files),
    annotations: files.annotations && withoutNotes(files.annotations),
  };
}

/** A header's text without its comment lines. */
export function withoutComments(header: string): string {
  const lines = header.match(/[^\r\n]*(?:\r\n|\n|\r|$)/g) ?? [];
  return lines.filter((line) => !line.trim().startsWith("#")).join("");
}

/** Annotations without their texts, but for codes and notes on the file's own format. */
export function withoutNotes(bytes: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [];
  let from = 0;
  let at = 0;
  /** Of the annotation that a text would belong to; 0: none. */
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
    const text = latin1(bytes.subarray(at, at + length));
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

/** A long interval follows its code, in so many bytes. */
const SKIP_BYTES = 4;

function staysInFile(code: number, text: string, defining: boolean): boolean {
  if (code === commentCode) {
    const ofFormat = note.resolution.test(text) || text === note.begin || text === note.end;
    return ofFormat || (defining && note.definition.test(text));
  }
  return [RHYTHM_CODE, ST_CHANGE_CODE, T_CHANGE_CODE].includes(code) && CODED_TEXT.test(text);
}

/** Signal files whose bytes before the first sample are zeros. */
function withoutPrologs({ name, header, signals }: RecordFiles): Map<string, SignalBytes> {
  const cleaned = new Map(signals);
  for (const { fileName, byteOffset } of parseHeader(header, `${name}.hea`).signals) {
    const bytes = cleaned.get(fileName);
    if (bytes !== undefined && byteOffset > 0) cleaned.set(fileName, withoutProlog(bytes, byteOffset));
  }
  return cleaned;
}

/** @param length bytes at the beginning that are zeros */
function withoutProlog(bytes: SignalBytes, length: number): SignalBytes {
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
