/**
 * FLAC stream: decodes the frames that hold some samples, so that a recording of days need not fit into memory.
 *
 * Source: RFC 9639, section 8.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { SourceBytes } from "../source.ts";
import { OutOfBitsError } from "./bit-reader.ts";
import { decodeFrame, FrameError, type Frame, type StreamShape } from "./frame.ts";

const SIGNATURE = "fLaC";
const STREAM_INFO_BYTES = 34;
/** Metadata before the frames: pictures and tags of music are larger, a recording has none. */
const MAX_METADATA_BLOCKS = 128;
/** Largest resolution: the difference of two channels then has 25 bits. */
const MAX_BITS = 24;
/** Bytes of a frame beside its samples: headers of the frame and of eight subframes, with their coefficients. */
const FRAME_OVERHEAD_BYTES = 1024;

export class FlacStream {
  readonly channels: number;
  readonly bits: number;
  /** Samples of each channel. */
  readonly length: number;
  readonly #bytes: SourceBytes;
  readonly #file: string;
  readonly #shape: StreamShape;
  /** Positions of the known frames: their first byte, and their first sample. */
  readonly #frames: { byte: number; sample: number }[];
  /** The frame that was decoded last. */
  #latest: { index: number; frame: Frame } | undefined;

  /**
   * @param file name for messages
   * @throws EctopyError `damaged-file`, `unsupported`
   */
  constructor(bytes: SourceBytes, file: string) {
    this.#bytes = bytes;
    this.#file = file;
    const { info, end } = this.#readMetadata();
    this.#shape = {
      maxBlockSize: (info[2] << 8) | info[3],
      channels: ((info[12] >> 1) & 7) + 1,
      bits: (((info[12] & 1) << 4) | (info[13] >> 4)) + 1,
    };
    this.channels = this.#shape.channels;
    this.bits = this.#shape.bits;
    if (this.bits > MAX_BITS) {
      throw new EctopyError(
        "unsupported",
        `${file} has FLAC samples of ${this.bits} bits; at most ${MAX_BITS} are read.`,
        "Convert the record to format 32 (with WFDB's xform, for example) and import it again.",
      );
    }
    this.#frames = [{ byte: end, sample: 0 }];
    const stated = (info[13] & 15) * 2 ** 32 + new DataView(info.buffer, info.byteOffset).getUint32(14);
    // 0: unknown (8.2).
    this.length = stated === 0 ? this.#countSamples() : stated;
  }

  /**
   * Calls a function with the decoded frames that hold some samples.
   * @param take receives the samples of the channels, and the number of the first of them
   * @throws EctopyError `damaged-file`
   */
  read(from: number, to: number, take: (channels: readonly Int32Array[], first: number) => void): void {
    for (let index = this.#indexOf(from); from < to; index++) {
      const { frame, sample } = this.#decode(index);
      take(frame.channels, sample);
      from = sample + frame.channels[0].length;
    }
  }

  /** Returns the number of the last known frame that begins at a sample or before it. */
  #indexOf(sample: number): number {
    let [low, high] = [0, this.#frames.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#frames[middle].sample <= sample) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #decode(index: number): { frame: Frame; sample: number } {
    const { byte, sample } = this.#frames[index];
    if (this.#latest?.index !== index) {
      const { channels, bits, maxBlockSize } = this.#shape;
      const most = Math.ceil((maxBlockSize * channels * (bits + 1)) / 8) + FRAME_OVERHEAD_BYTES;
      const bytes = this.#bytes.subarray(byte, Math.min(this.#bytes.length, byte + most));
      try {
        this.#latest = { index, frame: decodeFrame(bytes, this.#shape) };
      } catch (error) {
        const isCut = error instanceof OutOfBitsError;
        if (!isCut && !(error instanceof FrameError)) throw error;
        throw this.#damaged(`the frame at byte ${byte} ${isCut ? "is cut" : `can't be decoded: ${error.message}`}`);
      }
    }
    const { frame } = this.#latest;
    if (index === this.#frames.length - 1) {
      this.#frames.push({ byte: byte + frame.bytes, sample: sample + frame.channels[0].length });
    }
    return { frame, sample };
  }

  #countSamples(): number {
    for (let index = 0; this.#frames[index].byte < this.#bytes.length; index++) this.#decode(index);
    return this.#frames.at(-1)!.sample;
  }

  #readMetadata(): { info: Uint8Array; end: number } {
    const at = (from: number, count: number): Uint8Array => {
      if (from + count > this.#bytes.length) throw this.#damaged("its metadata are cut");
      return this.#bytes.subarray(from, from + count).slice();
    };
    if (!isFlac(at(0, 4))) throw this.#damaged(`it does not begin with ${SIGNATURE}`);
    const first = at(4, 4);
    const info = at(8, STREAM_INFO_BYTES);
    if ((first[0] & 0x7f) !== 0 || sizeOf(first) !== STREAM_INFO_BYTES)
      throw this.#damaged("it has no stream information");
    let end = 8 + STREAM_INFO_BYTES;
    let isLast = first[0] >= 0x80;
    for (let blocks = 1; !isLast; blocks++) {
      if (blocks > MAX_METADATA_BLOCKS) throw this.#damaged(`it has more than ${MAX_METADATA_BLOCKS} metadata blocks`);
      const head = at(end, 4);
      isLast = head[0] >= 0x80;
      end += 4 + sizeOf(head);
    }
    return { info, end };
  }

  #damaged(what: string): EctopyError {
    return new EctopyError(
      "damaged-file",
      `${this.#file} is no sound FLAC file: ${what}.`,
      "Copy the record again from its source, or exclude it.",
    );
  }
}

/** Returns whether the first four bytes of a file are those of a FLAC stream. */
export function isFlac(firstBytes: Uint8Array): boolean {
  return String.fromCharCode(...firstBytes) === SIGNATURE;
}

function sizeOf(head: Uint8Array): number {
  return (head[1] << 16) | (head[2] << 8) | head[3];
}
