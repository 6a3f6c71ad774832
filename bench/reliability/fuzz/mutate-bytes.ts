/**
 * Mutations of bytes and text: bits, machine words, truncation, moved and repeated ranges, keywords of a format,
 * numbers at their limits.
 */
import type { RandomStream } from "../../../src/pipeline/random.ts";
import { utf8 } from "./target.ts";

/** Longest input that a mutation grows, in bytes. */
const MAX_LENGTH_BYTES = 1 << 20;
const LONG_REPEAT_BYTES = 200_000;
/** One in this number of mutations repeats a short range many times, against parsers that nest or backtrack. */
const LONG_REPEAT_ODDS = 1500;

const machineWords = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/**
 * Numbers where parsers and arithmetic break: 0, limits of 16, 31, 32 and 53 bits, beyond floats, subnormal, not
 * numbers.
 */
export const extremeNumbers = [
  ...["0", "-0", "-1", "1", "0.5", "1e-320", "1e-40", "1e40", "1e308", "-1e308", "1e999", "NaN", "Infinity"],
  ...["255", "256", "1023", "32767", "-32768", "65536", "2147483647", "-2147483648", "2147483648", "4294967295"],
  ...["4294967296", "9007199254740991", "9007199254740993", "18446744073709551616", "0x10", "1_000", "٣", "00012"],
];

type Mutation = (bytes: Uint8Array, random: RandomStream) => Uint8Array;

const anyMutations: readonly Mutation[] = [flipBit, flipBit, setByte, setByte, setWord, truncate, cut, repeat, move];
const textMutations: readonly Mutation[] = [replaceNumber, replaceNumber, replaceNumber];

export interface MutationSource {
  tokens: readonly string[];
  isText: boolean;
  /** The same field of another example. */
  other: Uint8Array;
}

export function mutateBytes(bytes: Uint8Array, source: MutationSource, random: RandomStream): Uint8Array {
  if (random.below(LONG_REPEAT_ODDS) === 0) return repeatLong(bytes, source.tokens, random);
  const choice = random.below(10);
  if (choice < 2 && source.tokens.length > 0) return putToken(bytes, source.tokens, random);
  if (choice === 2) return splice(bytes, source.other, random);
  const mutations = source.isText && choice < 6 ? textMutations : anyMutations;
  return mutations[random.below(mutations.length)](bytes, random).subarray(0, MAX_LENGTH_BYTES);
}

function offsetIn(bytes: Uint8Array, random: RandomStream): number {
  return random.below(bytes.length + 1);
}

function flipBit(bytes: Uint8Array, random: RandomStream): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(random.below(256));
  const out = new Uint8Array(bytes);
  out[random.below(out.length)] ^= 1 << random.below(8);
  return out;
}

function setByte(bytes: Uint8Array, random: RandomStream): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(random.below(256));
  const out = new Uint8Array(bytes);
  out[random.below(out.length)] = random.below(256);
  return out;
}

/** Writes a word of 2 or 4 bytes with a limit value, in either byte order. */
function setWord(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const size = random.below(2) === 0 ? 2 : 4;
  if (bytes.length < size) return bytes;
  const out = new Uint8Array(bytes);
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const value = machineWords[random.below(machineWords.length)];
  const at = random.below(out.length - size + 1);
  const isLittleEndian = random.below(4) > 0;
  if (size === 2) view.setUint16(at, value & 0xffff, isLittleEndian);
  else view.setUint32(at, value, isLittleEndian);
  return out;
}

function truncate(bytes: Uint8Array, random: RandomStream): Uint8Array {
  return bytes.subarray(0, offsetIn(bytes, random));
}

function range(bytes: Uint8Array, random: RandomStream): [from: number, to: number] {
  const from = offsetIn(bytes, random);
  // Short ranges are as likely as long ones.
  const longest = 1 + random.below(bytes.length - from + 1);
  return [from, Math.min(bytes.length, from + random.below(longest + 1))];
}

function cut(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const [from, to] = range(bytes, random);
  return joined(bytes.subarray(0, from), bytes.subarray(to));
}

function repeat(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const [from, to] = range(bytes, random);
  const times = 1 + random.below(4);
  const pieces = Array.from({ length: times }, () => bytes.subarray(from, to));
  return joined(bytes.subarray(0, to), ...pieces, bytes.subarray(to));
}

function move(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const [from, to] = range(bytes, random);
  const moved = bytes.subarray(from, to);
  const rest = joined(bytes.subarray(0, from), bytes.subarray(to));
  const at = offsetIn(rest, random);
  return joined(rest.subarray(0, at), moved, rest.subarray(at));
}

function splice(bytes: Uint8Array, other: Uint8Array, random: RandomStream): Uint8Array {
  const [from, to] = range(bytes, random);
  const [otherFrom, otherTo] = range(other, random);
  return joined(bytes.subarray(0, from), other.subarray(otherFrom, otherTo), bytes.subarray(to));
}

function putToken(bytes: Uint8Array, tokens: readonly string[], random: RandomStream): Uint8Array {
  const token = Buffer.from(tokens[random.below(tokens.length)], "utf8");
  const at = offsetIn(bytes, random);
  const replaced = random.below(2) === 0 ? 0 : token.length;
  return joined(bytes.subarray(0, at), token, bytes.subarray(at + replaced));
}

function repeatLong(bytes: Uint8Array, tokens: readonly string[], random: RandomStream): Uint8Array {
  const at = offsetIn(bytes, random);
  const ownRange = bytes.subarray(at, at + 1 + random.below(8));
  const unit = tokens.length > 0 && random.below(2) === 0 ? utf8(tokens[random.below(tokens.length)]) : ownRange;
  if (unit.length === 0) return bytes;
  const long = new Uint8Array(unit.length * Math.ceil((1 + random.below(LONG_REPEAT_BYTES)) / unit.length));
  for (let i = 0; i < long.length; i += unit.length) long.set(unit, i);
  return joined(bytes.subarray(0, at), long, bytes.subarray(at));
}

/** Replaces a number of the text by an extreme one. */
function replaceNumber(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const isDigit = (at: number): boolean => bytes[at] >= 0x30 && bytes[at] <= 0x39;
  let from = offsetIn(bytes, random);
  while (from < bytes.length && !isDigit(from)) from++;
  if (from >= bytes.length) return setByte(bytes, random);
  let to = from;
  while (to < bytes.length && isDigit(to)) to++;
  while (from > 0 && isDigit(from - 1)) from--;
  const number = extremeNumbers[random.below(extremeNumbers.length)];
  return joined(bytes.subarray(0, from), utf8(number), bytes.subarray(to));
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
