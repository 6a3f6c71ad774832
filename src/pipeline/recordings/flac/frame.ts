/**
 * Decodes one frame of a FLAC stream. Each sum stays below 2⁵³, so that doubles are exact: samples of at most 25 bits,
 * coefficients of 15 bits, and an order of 32 give 45 bits.
 *
 * Source: RFC 9639, section 9.
 */
import { BitReader } from "./bit-reader.ts";
import { crc16, crc8 } from "./checksums.ts";

/** Thrown for bytes that are no frame; the caller knows which file it is. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

export interface StreamShape {
  channels: number;
  /** Bits of a sample. */
  bits: number;
  /** Most samples of a channel in a frame. */
  maxBlockSize: number;
}

export interface Frame {
  /** Samples of each channel, all of the same number. */
  channels: Int32Array[];
  /** Bytes of the frame. */
  bytes: number;
}

const SYNC = 0b11_1111_1111_1110;
/** Stereo decorrelation (9.1.3): the code of the first channel assignment that has a difference. */
const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MID_SIDE = 10;
/** Coefficients of the fixed predictors (9.2.5), the latest sample first. */
const FIXED: readonly (readonly number[])[] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

/**
 * Decodes the frame at the start of some bytes.
 * @throws FrameError; OutOfBitsError where the bytes end before the frame
 */
export function decodeFrame(bytes: Uint8Array, shape: StreamShape): Frame {
  const reader = new BitReader(bytes);
  const { blockSize, assignment } = readHeader(reader, bytes, shape);
  const channels = Array.from({ length: shape.channels }, (_, channel) => {
    const isSide = assignment >= LEFT_SIDE && channel === (assignment === SIDE_RIGHT ? 0 : 1);
    return readSubframe(reader, blockSize, shape.bits + (isSide ? 1 : 0));
  });
  reader.skipToByte();
  const end = reader.nextByte;
  if (reader.unsigned(16) !== crc16(bytes, end)) throw new FrameError("its checksum differs");
  if (assignment >= LEFT_SIDE) undoStereo(channels, assignment);
  return { channels, bytes: end + 2 };
}

function readHeader(
  reader: BitReader,
  bytes: Uint8Array,
  { channels, bits, maxBlockSize }: StreamShape,
): { blockSize: number; assignment: number } {
  if (reader.unsigned(14) !== SYNC || reader.unsigned(1) !== 0) throw new FrameError("it has no synchronisation code");
  reader.unsigned(1); // Fixed or variable block size: the order of the frames gives their position.
  const sizeCode = reader.unsigned(4);
  const rateCode = reader.unsigned(4);
  const assignment = reader.unsigned(4);
  const bitsCode = reader.unsigned(3);
  reader.unsigned(1);
  skipCodedNumber(reader);
  const blockSize = readBlockSize(reader, sizeCode);
  reader.unsigned(rateCode === 12 ? 8 : rateCode === 13 || rateCode === 14 ? 16 : 0);
  const end = reader.nextByte;
  if (reader.unsigned(8) !== crc8(bytes, end)) throw new FrameError("the checksum of its header differs");
  if (blockSize > maxBlockSize) throw new FrameError(`it has ${blockSize} samples; ${maxBlockSize} is the limit`);
  const isStereo = assignment >= LEFT_SIDE && assignment <= MID_SIDE;
  if (assignment > MID_SIDE || (isStereo ? 2 : assignment + 1) !== channels)
    throw new FrameError("it has other channels");
  const frameBits = [bits, 8, 12, 0, 16, 20, 24, 32][bitsCode];
  if (frameBits !== bits) throw new FrameError("its samples have other bits");
  return { blockSize, assignment };
}

/** Skips the number of the frame or of its first sample, coded like UTF-8 with up to seven bytes (9.1.5). */
function skipCodedNumber(reader: BitReader): void {
  const first = reader.unsigned(8);
  const ones = Math.clz32(~(first << 24));
  if (ones === 1 || ones > 7) throw new FrameError("its number is damaged");
  for (let i = 1; i < ones; i++) {
    if (reader.unsigned(8) >> 6 !== 0b10) throw new FrameError("its number is damaged");
  }
}

function readBlockSize(reader: BitReader, code: number): number {
  if (code === 0) throw new FrameError("its number of samples is reserved");
  if (code === 1) return 192;
  if (code <= 5) return 576 << (code - 2);
  if (code <= 7) return reader.unsigned(code === 6 ? 8 : 16) + 1;
  return 256 << (code - 8);
}

/** Reads the samples of one channel. @param bits of a sample */
function readSubframe(reader: BitReader, count: number, bits: number): Int32Array {
  if (reader.unsigned(1) !== 0) throw new FrameError("a subframe has no padding bit");
  const type = reader.unsigned(6);
  const wasted = reader.unsigned(1) === 1 ? reader.unary() + 1 : 0;
  const width = bits - wasted;
  if (width <= 0) throw new FrameError("a subframe has no bits");
  const samples = new Int32Array(count);
  if (type === 0) samples.fill(reader.signed(width));
  else if (type === 1) readSigned(reader, samples, 0, count, width);
  else if (type >= 8 && type <= 12) readPredicted(reader, samples, width, type - 8);
  else if (type >= 32) readLinear(reader, samples, width, type - 31);
  else throw new FrameError("a subframe has a reserved type");
  if (wasted > 0) for (let i = 0; i < count; i++) samples[i] <<= wasted;
  return samples;
}

function readSigned(reader: BitReader, samples: Int32Array, from: number, to: number, width: number): void {
  for (let i = from; i < to; i++) samples[i] = reader.signed(width);
}

/** Reads samples by a fixed predictor. */
function readPredicted(reader: BitReader, samples: Int32Array, width: number, order: number): void {
  readWarmUp(reader, samples, width, order);
  readResidual(reader, samples, order);
  predict(samples, FIXED[order], 0);
}

/** Reads samples by a linear predictor whose coefficients are in the stream. */
function readLinear(reader: BitReader, samples: Int32Array, width: number, order: number): void {
  readWarmUp(reader, samples, width, order);
  const precision = reader.unsigned(4) + 1;
  const shift = reader.signed(5);
  if (precision === 16 || shift < 0) throw new FrameError("a predictor is reserved");
  const coefficients = Array.from({ length: order }, () => reader.signed(precision));
  readResidual(reader, samples, order);
  predict(samples, coefficients, shift);
}

function readWarmUp(reader: BitReader, samples: Int32Array, width: number, order: number): void {
  if (order > samples.length) throw new FrameError("a predictor is longer than the frame");
  readSigned(reader, samples, 0, order, width);
}

/** Replaces residuals by samples. @param coefficients the latest sample's first */
function predict(samples: Int32Array, coefficients: readonly number[], shift: number): void {
  const order = coefficients.length;
  const scale = 2 ** -shift;
  for (let i = order; i < samples.length; i++) {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += coefficients[j] * samples[i - 1 - j];
    samples[i] += shift === 0 ? sum : Math.floor(sum * scale);
  }
}

/** Reads residuals as Rice codes, in partitions (9.2.7). */
function readResidual(reader: BitReader, samples: Int32Array, order: number): void {
  const method = reader.unsigned(2);
  if (method > 1) throw new FrameError("a residual is reserved");
  const parameterBits = method === 0 ? 4 : 5;
  const escape = 2 ** parameterBits - 1;
  const partitions = 1 << reader.unsigned(4);
  const size = samples.length / partitions;
  if (!Number.isInteger(size) || size < order) throw new FrameError("partitions don't fit into the frame");
  for (let partition = 0, at = order; partition < partitions; partition++) {
    const end = (partition + 1) * size;
    const parameter = reader.unsigned(parameterBits);
    if (parameter === escape) {
      readSigned(reader, samples, at, end, reader.unsigned(5));
    } else {
      for (let i = at; i < end; i++) {
        const code = reader.unary() * 2 ** parameter + reader.unsigned(parameter);
        samples[i] = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
      }
    }
    at = end;
  }
}

/** Restores left and right in place. */
function undoStereo([first, second]: Int32Array[], assignment: number): void {
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i], second[i]];
    if (assignment === LEFT_SIDE) second[i] = a - b;
    else if (assignment === SIDE_RIGHT) first[i] = a + b;
    else {
      const middle = 2 * a + (b & 1);
      first[i] = (middle + b) / 2;
      second[i] = (middle - b) / 2;
    }
  }
}
