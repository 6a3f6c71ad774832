/**
 * Headers of ISHNE Holter files: signals (`ISHNE1.0`) and annotations (`ANN  1.0`) have the same one.
 *
 * Source: F. Badilini for the ISHNE Standard Output Format Task Force, "The ISHNE Holter standard output file format",
 * Annals of Noninvasive Electrocardiology 3 (1998), 263–266. Little-endian; 512 bytes after signature and checksum, then
 * a block of text of any length.
 */
import type { Finding } from "../../../contract/domain/recordings.ts";
import { note, warning } from "../messages.ts";
import { copyOf } from "../files.ts";
import type { SourceBytes } from "../source.ts";
import { decodeText } from "../text.ts";
import { damaged } from "../wfdb/faults.ts";

export const HEADER_BYTES = 522;
/** Bytes before the ones that the checksum covers. */
const CHECKSUM_FROM = 10;
const MAX_LEADS = 12;
/** Longest text block that is read, in bytes. */
const MAX_TEXT_BYTES = 1 << 16;
export const signatures = { signals: "ISHNE1.0", annotations: "ANN" } as const;

/** Table 1 of the specification. */
const leadNames = [
  ...["", "Generic", "X", "Y", "Z", "I", "II", "III", "aVR", "aVL", "aVF"],
  ...["V1", "V2", "V3", "V4", "V5", "V6", "ES", "AS", "AI"],
];
const pacemakers = [
  "none",
  "type unknown",
  "single-chamber unipolar",
  "dual-chamber unipolar",
  "single-chamber bipolar",
  "dual-chamber bipolar",
];

export interface IshneHeader {
  /** Length of the text block. */
  textBytes: number;
  /** Number of samples in the header, of one lead or of all: writers differ. */
  samples: number;
  /** Byte of the first sample. */
  dataOffset: number;
  leads: { lead: string; /** Nanovolts of a digital unit; 0 or less: unknown. */ resolution: number }[];
  /** In Hz. */
  rate: number;
  startsAt: string | null;
  comments: string[];
  findings: Finding[];
}

export function isIshne(bytes: Uint8Array, signature: string = signatures.signals): boolean {
  return bytes.length >= HEADER_BYTES && textOf(bytes, 0, 8).startsWith(signature);
}

/** @throws EctopyError `damaged-file`, with the byte */
export function parseIshneHeader(bytes: SourceBytes, file: string, signature: string): IshneHeader {
  if (bytes.length < HEADER_BYTES) {
    throw damaged(`${file} ends inside its header: it has ${bytes.length} of ${HEADER_BYTES} bytes.`);
  }
  const fixed = copyOf(bytes, 0, HEADER_BYTES);
  if (!isIshne(fixed, signature)) throw damaged(`${file}, byte 0: this is no ISHNE header (${signature}).`);
  const view = new DataView(fixed.buffer);
  const short = (at: number): number => view.getInt16(at, true);
  const findings: Finding[] = [];
  const leadCount = short(156);
  if (leadCount < 1 || leadCount > MAX_LEADS)
    throw damaged(`${file}, byte 156: ${leadCount} leads; ISHNE has 1 to 12.`);
  const rate = short(272);
  if (rate <= 0) throw damaged(`${file}, byte 272: the sampling rate is ${rate} Hz.`);
  const stated = { textBytes: view.getInt32(10, true), dataOffset: view.getInt32(22, true) };
  const isSound = stated.textBytes >= 0 && HEADER_BYTES + stated.textBytes <= bytes.length;
  const textBytes = isSound ? stated.textBytes : 0;
  const dataOffset = HEADER_BYTES + textBytes;
  // Annotation files often keep the offsets of the signals' file.
  if (!isSound || (stated.dataOffset !== dataOffset && signature === signatures.signals)) {
    findings.push(
      warning(
        `${file}, byte 10: the header's text has ${stated.textBytes} bytes, and its data begin at byte ` +
          `${stated.dataOffset}; they were read from byte ${dataOffset}.`,
        "",
        "header",
      ),
    );
  }
  checkChecksum(bytes, view.getUint16(8, true), dataOffset, file, findings);
  return {
    textBytes,
    samples: view.getInt32(14, true),
    dataOffset,
    leads: Array.from({ length: leadCount }, (_, i) => {
      return { lead: leadNames[short(158 + 2 * i)] ?? "", resolution: short(206 + 2 * i) };
    }),
    rate,
    startsAt: startOf(short),
    comments: commentsOf(
      fixed,
      short,
      bytes.subarray(HEADER_BYTES, HEADER_BYTES + Math.min(textBytes, MAX_TEXT_BYTES)),
    ),
    findings,
  };
}

function checkChecksum(bytes: SourceBytes, stated: number, end: number, file: string, findings: Finding[]): void {
  if (end - CHECKSUM_FROM > MAX_TEXT_BYTES + HEADER_BYTES) return;
  const computed = crc16(bytes.subarray(CHECKSUM_FROM, end));
  if (computed === stated) return;
  findings.push(
    stated === 0
      ? note(`${file} has no checksum.`, "checksum")
      : warning(
          `${file}, byte 8: the header's checksum is ${hex(stated)}, and its bytes have ${hex(computed)}.`,
          "Compare the file with its source.",
          "checksum",
        ),
  );
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, "0");
}

/** CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF (the specification's appendix). */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

type Short = (at: number) => number;

function startOf(short: Short): string | null {
  const date = dateOf(short, 138);
  const time = [150, 152, 154].map(short);
  if (date === null || time[0] < 0 || time[0] > 23 || time.slice(1).some((part) => part < 0 || part > 59)) return null;
  return `${date}T${time.map((part) => String(part).padStart(2, "0")).join(":")}`;
}

/** Day, month, year. */
function dateOf(short: Short, at: number): string | null {
  const [day, month, year] = [short(at), short(at + 2), short(at + 4)];
  if (day < 1 || day > 31 || month < 1 || month > 12 || year < 1850 || year > 9999) return null;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function commentsOf(fixed: Uint8Array, short: Short, text: Uint8Array): string[] {
  const born = dateOf(short, 132);
  const recorded = dateOf(short, 138);
  // ISO dates compare as text: the birthday of the year has passed or not.
  const isBefore = born !== null && recorded !== null && recorded.slice(5) < born.slice(5);
  const age =
    born === null || recorded === null
      ? -1
      : Number(recorded.slice(0, 4)) - Number(born.slice(0, 4)) - (isBefore ? 1 : 0);
  const sex = ["", "M", "F"][short(128)] ?? "";
  const summary = [...(age >= 0 && age < 130 ? [`Age: ${age}`] : []), ...(sex === "" ? [] : [`Sex: ${sex}`])];
  const named: [string, string][] = [
    ["Name", `${textOf(fixed, 28, 40)} ${textOf(fixed, 68, 40)}`.trim()],
    ["ID", textOf(fixed, 108, 20)],
    ["Pacemaker", short(230) > 0 ? (pacemakers[short(230)] ?? "") : ""],
    ["Recorder", textOf(fixed, 232, 40)],
    ["Owner", textOf(fixed, 274, 80)],
    ["Copyright", textOf(fixed, 354, 80)],
  ];
  const lines = textOf(text, 0, text.length, /[\r\n]+/);
  return [
    ...(summary.length > 0 ? [summary.join("  ")] : []),
    ...named.filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}`),
    ...(lines === ""
      ? []
      : lines
          .split("\n")
          .map((line) => line.trim())
          .filter((line) => line !== "")),
  ];
}

/** Returns text up to the first zero. @param lines what ends a line; by default text has one */
function textOf(bytes: Uint8Array, from: number, length: number, lines?: RegExp): string {
  const field = bytes.subarray(from, from + length);
  const end = field.indexOf(0);
  const text = decodeText(end < 0 ? field : field.subarray(0, end));
  return (lines === undefined ? text.replace(/\s+/g, " ") : text.split(lines).join("\n")).trim();
}
