/**
 * Samples of a record in blocks: decodes its signal files side by side, so that recordings of days need not fit into
 * memory, and checks them against the header.
 *
 * Source: WFDB Applications Guide, header(5) and signal(5).
 */
import {
  MISSING_WIDE_SAMPLE,
  missingSampleOf,
  type Finding,
  type Signal,
} from "../../../contract/domain/recordings.ts";
import type { SampleBlock } from "../source.ts";
import type { SignalHeader } from "./header.ts";
import type { GroupedSignals, GroupMember, SignalGroup } from "./signal-groups.ts";

/** Samples of a file per block: small enough for the processor's first-level cache, large enough to make calls cheap. */
const BLOCK_SAMPLES = 8192;
/** Multiple of the samples that any format packs together. */
const PACKED = 6;

/** A signal while it is read. */
interface Reading {
  group: SignalGroup;
  member: GroupMember;
  /** Destination of the samples, with the value of a missing one. */
  samples: Signal["samples"];
  missing: number;
  /** Sum of the samples so far modulo 2¹⁶, missing ones as stored. */
  sum: number;
  first: number;
  /** Latest sample, to which a difference is added. */
  latest: number;
}

/** Check of the samples against the header. */
export interface SampleCheck {
  /** Whether the samples are those that the header's checksums describe. */
  isWhole: boolean;
  /** Receives signals that do not match them. */
  findings: Finding[];
}

/**
 * Yields the samples of signals.
 * @param numbers signals of the header, in the order of the blocks
 */
export function* sampleBlocks(
  grouped: GroupedSignals,
  numbers: readonly number[],
  check: SampleCheck,
): Generator<SampleBlock> {
  const step = framesPerBlock(grouped);
  const { frames } = grouped;
  const blocks = numbers.map((number) => new Int32Array(step * memberOf(grouped, number).header.samplesPerFrame));
  const decoder = new FrameDecoder(grouped, numbers, blocks, step);
  for (let from = 0; from < frames; from += step) {
    const count = Math.min(step, frames - from);
    decoder.decode(from, count, 0);
    yield {
      from,
      samples: blocks.map((samples) =>
        count === step ? samples : samples.subarray(0, (samples.length / step) * count),
      ),
    };
  }
  decoder.check(check);
}

/**
 * Returns all samples of signals: 16-bit ones from the formats that have no more bits, else 32-bit ones.
 * @param numbers signals of the header, in the order of the result
 */
export function wholeSamples(
  grouped: GroupedSignals,
  numbers: readonly number[],
  check: SampleCheck,
): Signal["samples"][] {
  const step = framesPerBlock(grouped);
  const { frames } = grouped;
  const whole = numbers.map((number) => {
    const { format } = groupOf(grouped, number);
    const length = frames * memberOf(grouped, number).header.samplesPerFrame;
    return format.highest < 2 ** 15 && !format.differences ? new Int16Array(length) : new Int32Array(length);
  });
  const decoder = new FrameDecoder(grouped, numbers, whole, step);
  for (let from = 0; from < frames; from += step) decoder.decode(from, Math.min(step, frames - from), from);
  decoder.check(check);
  return whole;
}

/** Returns the frames of a block: a multiple of those that any format packs together, or all. */
function framesPerBlock({ groups, frames }: GroupedSignals): number {
  const widest = Math.max(...groups.map(({ frameSamples }) => frameSamples));
  return Math.min(frames, Math.max(PACKED, Math.floor(BLOCK_SAMPLES / widest / PACKED) * PACKED));
}

function groupOf({ groups }: GroupedSignals, number: number): SignalGroup {
  return groups.find(({ members }) => members.some(({ index }) => index === number))!;
}

function memberOf(grouped: GroupedSignals, number: number): GroupMember {
  return groupOf(grouped, number).members.find(({ index }) => index === number)!;
}

/** Decodes signals of a record from its start on. */
class FrameDecoder {
  readonly #frames: number;
  readonly #step: number;
  readonly #readings: readonly Reading[];
  /** Readings of each group with its latest decoded samples. */
  readonly #groups: readonly { group: SignalGroup; readings: readonly Reading[]; chunk: Int32Array }[];

  /** @param step largest number of frames that are decoded at once */
  constructor(grouped: GroupedSignals, numbers: readonly number[], into: readonly Signal["samples"][], step: number) {
    this.#frames = grouped.frames;
    this.#step = step;
    this.#readings = numbers.map((number, i): Reading => {
      const member = memberOf(grouped, number);
      const latest = member.header.initialValue ?? 0;
      const missing = missingSampleOf(into[i]);
      return { group: groupOf(grouped, number), member, samples: into[i], missing, sum: 0, first: 0, latest };
    });
    this.#groups = grouped.groups.flatMap((group) => {
      const readings = this.#readings.filter((reading) => reading.group === group);
      return readings.length === 0
        ? []
        : [{ group, readings, chunk: new Int32Array((step + PACKED) * group.frameSamples) }];
    });
    for (const { readings, chunk } of this.#groups) for (const reading of readings) this.#skip(reading, chunk);
  }

  /**
   * Decodes the next frames.
   * @param at position of the first frame in the destinations
   */
  decode(from: number, count: number, at: number): void {
    for (const { group, readings, chunk } of this.#groups) {
      let decoded = Number.NaN;
      let start = 0;
      for (const reading of readings) {
        const { skew, samplesPerFrame } = reading.member.header;
        const frame = from + skew;
        const frames = Math.max(0, Math.min(count, group.frames - frame));
        if (frame !== decoded) start = decodeFrames(group, frame, frames, chunk);
        decoded = frame;
        takeSamples(reading, { chunk, start, frames, isFirst: frame === 0, to: at * samplesPerFrame });
        reading.samples.fill(reading.missing, (at + frames) * samplesPerFrame, (at + count) * samplesPerFrame);
      }
    }
  }

  /** Compares what was decoded with the header's checksums and initial values. */
  check({ isWhole, findings }: SampleCheck): void {
    if (isWhole) for (const reading of this.#readings) checkSamples(reading, this.#frames, findings);
  }

  /** Reads the samples before sample 0, which belong to the checksum and to the differences. */
  #skip(reading: Reading, chunk: Int32Array): void {
    const { group, member } = reading;
    const { skew } = member.header;
    for (let frame = 0; frame < skew; frame += this.#step) {
      const frames = Math.max(0, Math.min(this.#step, skew - frame, group.frames - frame));
      const start = decodeFrames(group, frame, frames, chunk);
      takeSamples(reading, { chunk, start, frames, isFirst: frame === 0, to: 0 });
    }
  }
}

/** Decodes frames; returns the position of the first one's first sample in the chunk. */
function decodeFrames(group: SignalGroup, frame: number, frames: number, chunk: Int32Array): number {
  if (frames === 0) return 0;
  const { format, bytes, byteOffset, frameSamples } = group;
  const first = frame * frameSamples;
  // Decoding starts where a group of packed samples starts.
  const start = first % format.packed;
  const from = byteOffset + format.bytesFor(first - start);
  const count = start + frames * frameSamples;
  format.decode(bytes.subarray(from, from + format.bytesFor(count)), 0, count, chunk);
  return start;
}

interface Decoded {
  chunk: Int32Array;
  start: number;
  frames: number;
  /** Whether the first of these frames is the first in the file. */
  isFirst: boolean;
  /** Position in the destination. */
  to: number;
}

/** Copies a signal's samples from a chunk; adds to their sum. */
function takeSamples(reading: Reading, { chunk, start, frames, isFirst, to: position }: Decoded): void {
  const { group, member, samples, missing: marked } = reading;
  const { samplesPerFrame } = member.header;
  const { frameSamples, format } = group;
  // A sum of differences marks no missing sample. This value is kept as it is: NaN would make each comparison one of
  // numbers with 64 bits.
  const missing = format.differences ? MISSING_WIDE_SAMPLE : format.missing;
  if (frames === 0) return;
  let at = start + member.at;
  if (format.differences) addDifferences(reading, chunk, at, frames);
  if (isFirst) reading.first = chunk[at];
  let sum = 0;
  let to = position;
  if (samplesPerFrame === 1) {
    for (const end = to + frames; to < end; to++, at += frameSamples) {
      const sample = chunk[at];
      sum += sample;
      samples[to] = sample === missing ? marked : sample;
    }
  } else {
    for (let frame = 0; frame < frames; frame++, at += frameSamples) {
      for (let i = 0; i < samplesPerFrame; i++) {
        const sample = chunk[at + i];
        sum += sample;
        samples[to++] = sample === missing ? marked : sample;
      }
    }
  }
  // Modulo 2¹⁶, so that the sum of a long recording stays exact.
  reading.sum = (reading.sum + sum) % 65536;
}

/** Replaces a signal's differences in a chunk by its samples; nothing marks a missing one. */
function addDifferences(reading: Reading, chunk: Int32Array, start: number, frames: number): void {
  const { group, member } = reading;
  let { latest } = reading;
  for (let frame = 0, at = start; frame < frames; frame++, at += group.frameSamples) {
    for (let i = 0; i < member.header.samplesPerFrame; i++) chunk[at + i] = latest = (latest + chunk[at + i]) | 0;
  }
  reading.latest = latest;
}

/** Returns the low 16 bits of a sum of samples in a header's format: −32768 to 32767. */
export function checksum16(sum: number): number {
  return ((sum % 65536) << 16) >> 16;
}

function checkSamples({ group, member, sum, first }: Reading, frames: number, findings: Finding[]): void {
  const { header, index } = member;
  // A part of the samples has another sum: the finding on the file's length says so.
  if (group.frames < frames) return;
  const isSum = header.checksum === null || checksum16(sum) === checksum16(header.checksum);
  const isFirst = header.initialValue === null || first === header.initialValue;
  if (isSum && isFirst) return;
  findings.push(isUnset(header) ? unsetFinding(header, index) : mismatchFinding(header, index, { sum, isSum, first }));
}

/** Returns whether a converter left initial value and checksum at 0. */
function isUnset({ initialValue, checksum }: SignalHeader): boolean {
  return (initialValue ?? 0) === 0 && (checksum ?? 0) === 0;
}

function unsetFinding({ fileName }: SignalHeader, index: number): Finding {
  return {
    code: "checksum",
    severity: "note",
    message: `${fileName}: the header has no checksum of signal ${index + 1} (0), so its samples can't be verified.`,
    fix: "",
  };
}

function mismatchFinding(
  { fileName, checksum, initialValue }: SignalHeader,
  index: number,
  { sum, isSum, first }: { sum: number; isSum: boolean; first: number },
): Finding {
  const what = isSum
    ? `the first sample of signal ${index + 1} is ${first}, but the header has ${initialValue}.`
    : `the samples of signal ${index + 1} have the checksum ${checksum16(sum)}, but the header has ${checksum}.`;
  return {
    code: "checksum",
    severity: "warning",
    message: `${fileName}: ${what}`,
    fix: "Compare the record with its source: either the samples or the header have changed.",
  };
}
