/** Reads the samples of an EDF file in blocks: data records interleave the signals, each with its consecutive samples. */
import { MISSING_VALUE, type SampleBlock, type SourceBytes } from "../source.ts";
import type { Segment } from "./annotations.ts";
import type { EdfHeader } from "./header.ts";
import type { EdfLayout } from "./layout.ts";

/** Samples of all signals in a block; a frame with more is a block. */
const BLOCK_SAMPLES = 1 << 16;

export function* readBlocks(
  bytes: SourceBytes,
  header: EdfHeader,
  layout: EdfLayout,
  segments: readonly Segment[],
): Generator<SampleBlock> {
  const { signals, framesPerRecord, partialFrames, wholeRecords } = layout;
  if (signals.length === 0) return;
  const perFrame = signals.reduce((sum, { samplesPerFrame }) => sum + samplesPerFrame, 0);
  const reader = new BlockReader(bytes, header, layout, Math.max(1, Math.floor(BLOCK_SAMPLES / perFrame)));
  let frame = 0;
  for (const segment of segments) {
    yield* reader.missing(frame, segment.frame);
    frame = segment.frame;
    const isCut = partialFrames > 0 && segment.record + segment.records > wholeRecords;
    const frames = segment.records * framesPerRecord - (isCut ? framesPerRecord - partialFrames : 0);
    yield* reader.frames(segment, frames);
    frame += frames;
  }
}

class BlockReader {
  readonly #bytes: SourceBytes;
  readonly #header: EdfHeader;
  readonly #layout: EdfLayout;
  /** Frames of a full block. */
  readonly #capacity: number;
  readonly #samples: Int32Array[];

  constructor(bytes: SourceBytes, header: EdfHeader, layout: EdfLayout, capacity: number) {
    this.#bytes = bytes;
    this.#header = header;
    this.#layout = layout;
    const { wholeRecords, framesPerRecord, partialFrames } = layout;
    this.#capacity = Math.min(capacity, wholeRecords * framesPerRecord + partialFrames);
    this.#samples = layout.signals.map(({ samplesPerFrame }) => new Int32Array(this.#capacity * samplesPerFrame));
  }

  *missing(from: number, to: number): Generator<SampleBlock> {
    if (from < to) for (const samples of this.#samples) samples.fill(MISSING_VALUE);
    for (let at = from; at < to; at += this.#capacity) {
      yield this.#block(at, Math.min(this.#capacity, to - at));
    }
  }

  *frames(segment: Segment, frames: number): Generator<SampleBlock> {
    const { framesPerRecord } = this.#layout;
    // Blocks of whole data records are read at once; larger records in parts.
    const records = Math.floor(this.#capacity / framesPerRecord);
    const step = records > 0 ? records * framesPerRecord : this.#capacity;
    for (let done = 0; done < frames;) {
      const within = done % framesPerRecord;
      const count = Math.min(step, frames - done, records > 0 ? Infinity : framesPerRecord - within);
      const record = segment.record + Math.floor(done / framesPerRecord);
      if (records > 0) this.#readRecords(record, count);
      else this.#readPart(record, within, count);
      yield this.#block(segment.frame + done, count);
      done += count;
    }
  }

  #block(from: number, frames: number): SampleBlock {
    const samples = this.#layout.signals.map(({ samplesPerFrame }, i) =>
      this.#samples[i].subarray(0, frames * samplesPerFrame),
    );
    return { from, samples };
  }

  #readRecords(record: number, frames: number): void {
    const { dataOffset, bytesPerSample } = this.#header;
    const { recordBytes, framesPerRecord, dataEnd, signals } = this.#layout;
    const records = Math.ceil(frames / framesPerRecord);
    const at = dataOffset + record * recordBytes;
    const bytes = this.#bytes.subarray(at, Math.min(at + records * recordBytes, dataEnd));
    for (const [index, { signal, samplesPerFrame }] of signals.entries()) {
      const into = this.#samples[index];
      for (let r = 0; r < records; r++) {
        const from = r * recordBytes + signal.offset * bytesPerSample;
        const count = Math.min(framesPerRecord, frames - r * framesPerRecord) * samplesPerFrame;
        decode(bytes, { from, count, bytesPerSample }, into, r * signal.samplesPerRecord);
      }
    }
  }

  #readPart(record: number, firstFrame: number, frames: number): void {
    const { dataOffset, bytesPerSample } = this.#header;
    const { recordBytes, dataEnd, signals } = this.#layout;
    for (const [index, { signal, samplesPerFrame }] of signals.entries()) {
      const count = frames * samplesPerFrame;
      const first = signal.offset + firstFrame * samplesPerFrame;
      const from = Math.min(dataOffset + record * recordBytes + first * bytesPerSample, dataEnd);
      const bytes = this.#bytes.subarray(from, Math.min(from + count * bytesPerSample, dataEnd));
      decode(bytes, { from: 0, count, bytesPerSample }, this.#samples[index], 0);
    }
  }
}

/** Decodes little-endian integers of 16 or 24 bits; samples after the end of the bytes are missing. */
function decode(
  bytes: Uint8Array,
  { from, count, bytesPerSample }: { from: number; count: number; bytesPerSample: 2 | 3 },
  into: Int32Array,
  at: number,
): void {
  const there = Math.max(0, Math.min(count, Math.floor((bytes.length - from) / bytesPerSample)));
  let byte = from;
  if (bytesPerSample === 2) {
    for (let i = 0; i < there; i++, byte += 2) into[at + i] = ((bytes[byte] | (bytes[byte + 1] << 8)) << 16) >> 16;
  } else {
    for (let i = 0; i < there; i++, byte += 3) {
      into[at + i] = ((bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16)) << 8) >> 8;
    }
  }
  into.fill(MISSING_VALUE, at + there, at + count);
}
