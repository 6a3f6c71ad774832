/**
 * Annotation files of ISHNE (`.ann`): an ISHNE header, the sample of the first beat, then four bytes for each beat.
 *
 * Source: THEW, "ISHNE annotation format" (thew-project.org/papers/ishneAnn.pdf): label, a byte for internal use, and the
 * samples since the previous beat (unsigned). `!` is a timeout: 65,535 samples passed without a beat.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation, Finding } from "../../../contract/domain/recordings.ts";
import { note, warning } from "../messages.ts";
import { copyOf } from "../files.ts";
import type { SourceBytes } from "../source.ts";
import { latestSample } from "../wfdb/annotations.ts";
import { damaged } from "../wfdb/faults.ts";
import { parseIshneHeader, signatures } from "./header.ts";

const MAX_ANNOTATIONS = 5_000_000;
const BLOCK_BYTES = 1 << 16;
const RECORD_BYTES = 4;

/** WFDB's symbol of each label; artefacts and calibration pulses are no beats. */
const symbols: Readonly<Record<string, string>> = {
  N: "N",
  V: "V",
  S: "S",
  B: "B",
  P: "/",
  U: "Q",
  X: "|",
};

export interface IshneAnnotations {
  annotations: Annotation[];
  /** Rate of the header, in Hz. */
  rate: number;
  findings: Finding[];
}

/** @throws EctopyError `damaged-file`, with the byte; `unsupported` for more than five million annotations */
export function parseIshneAnnotations(bytes: SourceBytes, file: string): IshneAnnotations {
  const header = parseIshneHeader(bytes, file, signatures.annotations);
  const from = header.dataOffset + RECORD_BYTES;
  if (bytes.length < from) throw damaged(`${file} ends before its first beat at byte ${header.dataOffset}.`);
  const first = copyOf(bytes, header.dataOffset, from);
  const count = Math.floor((bytes.length - from) / RECORD_BYTES);
  if (count > MAX_ANNOTATIONS) {
    throw new EctopyError(
      "unsupported",
      `${file} has more than ${MAX_ANNOTATIONS} annotations.`,
      "Import a shorter part of the recording.",
    );
  }
  const { findings } = header;
  const annotations: Annotation[] = [];
  let sample = new DataView(first.buffer).getUint32(0, true);
  let timeouts = 0;
  let calibrations = 0;
  for (let at = from; at < from + count * RECORD_BYTES; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, Math.min(at + BLOCK_BYTES, from + count * RECORD_BYTES));
    for (let i = 0; i + RECORD_BYTES <= block.length; i += RECORD_BYTES) {
      sample += block[i + 2] | (block[i + 3] << 8);
      if (sample > latestSample)
        throw damaged(`${file}, byte ${at + i}: a beat has the impossible sample number ${sample}.`);
      const label = String.fromCharCode(block[i]);
      if (label === "!") timeouts++;
      else if (label === "C") calibrations++;
      else {
        const symbol = symbols[label];
        const internal = block[i + 1] > 0x20 && block[i + 1] < 0x7f ? String.fromCharCode(block[i + 1]) : "";
        const aux = symbol === undefined ? `ISHNE label ${quoteLabel(block[i])}` : internal;
        annotations.push({ sample, symbol: symbol ?? '"', subtype: 0, channel: 0, num: 0, aux });
      }
    }
  }
  if (timeouts > 0) findings.push(note(`${file} has ${timeouts} timeouts of 65,535 samples without a beat.`));
  if (calibrations > 0) findings.push(note(`${file}: ${calibrations} calibration pulses were excluded.`));
  const rest = (bytes.length - from) % RECORD_BYTES;
  if (rest > 0) findings.push(warning(`${file} ends inside a beat at byte ${bytes.length - rest}.`, "", "truncated"));
  return { annotations, rate: header.rate, findings };
}

function quoteLabel(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? `“${String.fromCharCode(byte)}”` : String(byte);
}
