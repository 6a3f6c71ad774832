/**
 * Annotation files in AHA format, of the AHA Database for Evaluation of Ventricular Arrhythmia Detectors.
 *
 * Source: WFDB Applications Guide, annot(5), and WFDB library, `annot.c` (`getann`) and `ecgmap.h` (`ammap`). Each
 * annotation has 16 bytes: 0, the AHA code, the sample number (high 16 bits first, each low byte first), a serial number
 * from 1, the sub-type, the signal, and six bytes of text. A byte 0xff ends the file.
 */
import type { Annotation, Finding } from "../../../contract/domain/recordings.ts";
import { decodeText } from "../text.ts";

/** Bytes of an annotation, and of its text. */
const ANNOTATION_BYTES = 16;
const TEXT_BYTES = 6;
const END = 0xff;

/** Symbols of AHA codes. */
const SYMBOLS: Readonly<Record<string, string>> = {
  N: "N",
  V: "V",
  F: "F",
  R: "r",
  E: "E",
  P: "/",
  Q: "Q",
  O: '"',
  U: "~",
  "[": "[",
  "]": "]",
};

/** Sub-type of a signal that can't be read, for the code U. */
const UNREADABLE = -1;

/**
 * Returns whether a file is in AHA format: it begins with a 0 and an AHA code, and so does its second annotation. In
 * MIT's format, these bytes are an annotation such as `*` at sample 0, or `T` at 512.
 */
export function isAhaFile(bytes: Uint8Array): boolean {
  const second = bytes.at(ANNOTATION_BYTES);
  return startsLikeAha(bytes[0], bytes[1]) && (second === 0 || second === END || second === undefined);
}

/** Returns whether the first two bytes of a file are those of an annotation in AHA format. */
export function startsLikeAha(first: number | undefined, second: number | undefined): boolean {
  return first === 0 && second !== undefined && /^[NVFREPQOU]$/.test(String.fromCharCode(second));
}

/** Parses an annotation file in AHA format. @param findings receives what is odd */
export function parseAhaAnnotations(bytes: Uint8Array, file: string, findings: Finding[]): Annotation[] {
  const annotations: Annotation[] = [];
  const word = (at: number): number => bytes[at] | (bytes[at + 1] << 8);
  let at = 0;
  let unknown = 0;
  for (; at + ANNOTATION_BYTES <= bytes.length && bytes[at] !== END; at += ANNOTATION_BYTES) {
    const code = String.fromCharCode(bytes[at + 1]);
    const sample = word(at + 2) * 65536 + word(at + 4);
    const symbol = SYMBOLS[code];
    if (bytes[at] !== 0 || symbol === undefined || sample > 2 ** 31 - 1) {
      unknown++;
      continue;
    }
    const subtype = (bytes[at + 8] << 24) >> 24;
    annotations.push({
      sample,
      symbol,
      subtype: code === "U" && subtype === 0 ? UNREADABLE : subtype,
      channel: bytes[at + 9],
      num: 0,
      aux: textAt(bytes, at + ANNOTATION_BYTES - TEXT_BYTES),
    });
  }
  if (bytes[at] !== END) {
    findings.push({
      severity: "warning",
      message: `${file} has no end mark: it may be truncated.`,
      fix: "Compare it with the file it was copied from.",
    });
  }
  if (unknown > 0) {
    findings.push({
      severity: "warning",
      message: `${file} has ${unknown} annotations without an AHA code; they were ignored.`,
      fix: "Compare it with the file it was copied from.",
    });
  }
  return annotations;
}

/** Returns a file in AHA format without the texts of its annotations. */
export function withoutAhaTexts(bytes: Uint8Array): Uint8Array {
  const kept = bytes.slice();
  let at = 0;
  for (; at + ANNOTATION_BYTES <= kept.length && kept[at] !== END; at += ANNOTATION_BYTES) {
    kept.fill(0, at + ANNOTATION_BYTES - TEXT_BYTES, at + ANNOTATION_BYTES);
  }
  return kept[at] === END ? kept.subarray(0, at + 1) : kept.subarray(0, at);
}

function textAt(bytes: Uint8Array, at: number): string {
  const text = bytes.subarray(at, at + TEXT_BYTES);
  const end = text.indexOf(0);
  return decodeText(end < 0 ? text : text.subarray(0, end));
}
