/**
 * Samples of a signal file that is compressed by FLAC, as the bytes of an uncompressed one: signal after signal in each
 * frame, each sample with the whole bytes of its format (508: 1, 516: 2, 524: 3), low byte first.
 *
 * Source: signal(5), formats 508, 516 and 524: each signal of the file is a channel of the stream. The byte offset in
 * the header counts samples of a channel, as wfdb-python reads it.
 */
import { FlacStream } from "../flac/stream.ts";
import type { SourceBytes } from "../source.ts";
import { damaged } from "./faults.ts";

/** Formats of samples compressed by FLAC, with the bytes of a sample. */
export const FLAC_FORMATS: ReadonlyMap<number, 1 | 2 | 3> = new Map<number, 1 | 2 | 3>([
  [508, 1],
  [516, 2],
  [524, 3],
]);

/** Samples that any file may announce: 64 MB at 16 bits. */
const FREE_SAMPLES = 32_000_000;
/** Announced samples for each byte beyond them: a flat lead has some 400 of them in a byte. */
const MAX_SAMPLES_PER_BYTE = 1000;

export interface FlacLayout {
  fileName: string;
  /** A key of {@link FLAC_FORMATS}. */
  format: number;
  /** Samples of each signal in a frame, which must be the same number. */
  samplesPerFrame: readonly number[];
  /** Samples of each channel before the first frame. */
  offset: number;
}

export class FlacSamples implements SourceBytes {
  readonly length: number;
  readonly #stream: FlacStream;
  readonly #sampleBytes: number;
  readonly #perFrame: number;
  readonly #offset: number;

  /** @throws EctopyError `damaged-file`, `unsupported` */
  constructor(bytes: SourceBytes, { fileName, format, samplesPerFrame, offset }: FlacLayout) {
    const stream = new FlacStream(bytes, fileName);
    this.#stream = stream;
    this.#sampleBytes = FLAC_FORMATS.get(format)!;
    this.#perFrame = samplesPerFrame[0];
    this.#offset = offset;
    refuseOther(stream, { fileName, format, samplesPerFrame, offset });
    if (stream.length * stream.channels > FREE_SAMPLES + MAX_SAMPLES_PER_BYTE * bytes.length) {
      throw damaged(
        `The FLAC file ${fileName} announces ${stream.length} samples, but has only ${bytes.length} bytes.`,
      );
    }
    const frames = Math.floor(Math.max(0, stream.length - offset) / this.#perFrame);
    this.length = frames * this.#perFrame * stream.channels * this.#sampleBytes;
  }

  /** @throws EctopyError `damaged-file` */
  subarray(from: number, to: number): Uint8Array {
    const size = this.#sampleBytes;
    const frameBytes = size * this.#perFrame * this.#stream.channels;
    const firstFrame = Math.floor(from / frameBytes);
    const endFrame = Math.ceil(Math.min(to, this.length) / frameBytes);
    const block = new Uint8Array((endFrame - firstFrame) * frameBytes);
    const start = this.#offset + firstFrame * this.#perFrame;
    const end = this.#offset + endFrame * this.#perFrame;
    this.#stream.read(start, end, (channels, first) => {
      const last = Math.min(end, first + channels[0].length);
      for (let sample = Math.max(start, first); sample < last; sample++) {
        const inBlock = sample - start;
        const frame = Math.floor(inBlock / this.#perFrame);
        let at = frame * frameBytes + (inBlock - frame * this.#perFrame) * size;
        for (const channel of channels) {
          const value = channel[sample - first];
          for (let byte = 0; byte < size; byte++) block[at + byte] = value >> (8 * byte);
          at += size * this.#perFrame;
        }
      }
    });
    return block.subarray(from - firstFrame * frameBytes, Math.min(to, this.length) - firstFrame * frameBytes);
  }
}

function refuseOther({ channels, bits }: FlacStream, { fileName, format, samplesPerFrame }: FlacLayout): void {
  const what = samplesPerFrame.some((each) => each !== samplesPerFrame[0])
    ? "signals of different rates, which FLAC can't hold"
    : channels !== samplesPerFrame.length
      ? `${channels} channels, and its header has ${samplesPerFrame.length} signals`
      : bits > format - 500
        ? `samples of ${bits} bits, and its header has format ${format}`
        : undefined;
  if (what === undefined) return;
  throw damaged(`The FLAC file ${fileName} has ${what}.`);
}
