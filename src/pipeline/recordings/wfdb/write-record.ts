/**
 * Writes a recording of any format as a WFDB record: the form in which datasets store recordings (ADR 16).
 *
 * Digital values, gain, baseline, units and samples per frame stay as they are. Samples are stored in format 16, or in 24
 * or 32 where they need more bits. Sources: WFDB Applications Guide, header(5), signal(5) and annot(5).
 */
import { MISSING_VALUE, type RecordingSource, type SampleBlock, type SourceSignal } from "../source.ts";
import { encodeUtf8 } from "../text.ts";
import { storableAnnotations, writeAnnotations } from "./annotations.ts";
import { format16 } from "./formats/16.ts";
import { format24 } from "./formats/24.ts";
import { format32 } from "./formats/32.ts";
import type { SignalFormat } from "./formats/index.ts";
import { oneLine, writeHeader, type SignalHeader } from "./header.ts";
import { checksum16 } from "./sample-blocks.ts";

/** Formats of stored samples, the narrowest first. */
export const STORED_FORMATS: readonly SignalFormat[] = [format16, format24, format32];

/** Thrown where a sample needs a wider format. */
export class SampleTooWideError extends Error {}

/**
 * Encodes the samples of a recording: all signals in one file.
 * @param blocks samples of all signals of the source
 * @returns first sample and checksum of each signal, for the header
 * @throws SampleTooWideError; EctopyError of the source
 */
export function* encodeSamples(
  signals: readonly SourceSignal[],
  blocks: Iterable<SampleBlock>,
  format: SignalFormat,
): Generator<Uint8Array, StoredSums[]> {
  const perFrame = signals.map(({ samplesPerFrame }) => samplesPerFrame);
  const width = perFrame.reduce((sum, samples) => sum + samples, 0);
  const sums = signals.map((): StoredSums => ({ initialValue: null, checksum: 0 }));
  for (const block of blocks) {
    const frames = (block.samples[0]?.length ?? 0) / (perFrame[0] ?? 1);
    const interleaved = new Int32Array(frames * width);
    let start = 0;
    for (const [i, samples] of block.samples.entries()) {
      const stored = { into: interleaved, start, width, perFrame: perFrame[i] };
      const sum = interleave(samples, stored, format);
      sums[i].initialValue ??= interleaved[start];
      sums[i].checksum = (sums[i].checksum + sum) % 65536;
      start += perFrame[i];
    }
    yield format.encode(interleaved);
  }
  return sums;
}

/** First sample of a signal, null without samples, and the sum of all. */
export interface StoredSums {
  initialValue: number | null;
  checksum: number;
}

/** Copies samples into their places in the frames; returns their sum. */
function interleave(
  samples: Int32Array,
  { into, start, width, perFrame }: { into: Int32Array; start: number; width: number; perFrame: number },
  { missing, highest }: SignalFormat,
): number {
  let sum = 0;
  for (let i = 0, frame = start; i < samples.length; frame += width) {
    for (let k = 0; k < perFrame; k++, i++) {
      const sample = samples[i];
      if (sample === MISSING_VALUE) {
        into[frame + k] = missing;
        sum += missing;
      } else {
        if (sample <= missing || sample > highest) throw new SampleTooWideError(`${sample} needs a wider format`);
        into[frame + k] = sample;
        sum += sample;
      }
    }
  }
  return sum;
}

/**
 * Returns the header of a stored recording, in UTF-8.
 * @param name safe name (`safeRecordName`)
 */
export function storedHeader(
  source: RecordingSource,
  name: string,
  format: SignalFormat,
  sums: readonly StoredSums[],
): Uint8Array {
  const signals = source.signals.map((signal, i) => storedSignal(signal, `${name}.dat`, format, sums[i]));
  const exact = source.signals.flatMap(({ baseline }, i) =>
    Number.isInteger(baseline) ? [] : [`${EXACT_BASELINE} ${i + 1}: ${baseline}`],
  );
  const header = writeHeader({
    name,
    rate: source.frameRate,
    counterRate: null,
    baseCounter: 0,
    length: source.frames,
    ...startFields(source.startsAt),
    signals,
    segments: null,
    comments: [...exact, ...storedComments(source.comments)],
  });
  return encodeUtf8(header);
}

/**
 * Comment with the exact baseline of a signal: header(5) has integers alone, and other readers of WFDB read the nearest
 * one.
 */
const EXACT_BASELINE = "Ectopy: exact baseline of signal";
const EXACT_BASELINE_LINE = /^Ectopy: exact baseline of signal (\d{1,4}): (-?\d[\d.e+-]{0,30})$/;

/** Takes the exact baselines out of a header's comments into its signals. */
export function takeExactBaselines(header: { signals: SignalHeader[]; comments: string[] }): void {
  header.comments = header.comments.filter((comment) => {
    const [, number, value] = EXACT_BASELINE_LINE.exec(comment) ?? [];
    const signal = header.signals[Number(number) - 1];
    if (signal === undefined || Math.round(Number(value)) !== signal.baseline) return true;
    signal.baseline = Number(value);
    return false;
  });
}

function storedSignal(
  { lead, units, gain, baseline, samplesPerFrame }: SourceSignal,
  fileName: string,
  format: SignalFormat,
  { initialValue, checksum }: StoredSums,
): SignalHeader {
  return {
    fileName,
    format: format.code,
    samplesPerFrame,
    skew: 0,
    byteOffset: 0,
    gain,
    calibrated: true,
    baseline: Math.round(baseline),
    // header(5): without a unit, a signal is in mV.
    units: oneLine(units).replaceAll(" ", "_") || "NU",
    resolution: 8 * format.bytesFor(1),
    zero: 0,
    initialValue: initialValue ?? 0,
    checksum: checksum16(checksum),
    blockSize: 0,
    description: oneLine(lead),
  };
}

/** Characters of all comments: a header has at most 1 MB. */
const MAX_COMMENT_CHARACTERS = 200_000;

function storedComments(comments: readonly string[]): string[] {
  let left = MAX_COMMENT_CHARACTERS;
  return comments.map(oneLine).filter((comment) => (left -= comment.length + 3) >= 0);
}

/** Returns the fields of ISO 8601 in a header; header(5) has no date without a time. */
function startFields(startsAt: string | null): { startTime: string; startDate: string } {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d(?:\.\d{1,6})?)/.exec(startsAt ?? "");
  if (parts === null) return { startTime: "", startDate: "" };
  const [, year, month, day, startTime] = parts;
  return { startTime, startDate: `${day}/${month}/${year}` };
}

/** Returns the annotation files of a stored recording by annotator. */
export function storedAnnotations({ annotators, rate, frameRate }: RecordingSource): Map<string, Uint8Array> {
  // The note has nine decimals.
  const timeResolution = rate === frameRate ? null : Number(rate.toFixed(9));
  return new Map(
    annotators.map(({ annotator, annotations }) => {
      const { storable, definitions } = storableAnnotations(annotations);
      return [annotator, writeAnnotations(storable, { timeResolution, definitions })];
    }),
  );
}
