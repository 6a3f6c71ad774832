/**
 * Samples of a record in blocks: decodes its signal files side by side, so that recordings of days need not fit into
 * memory, and checks them against the header.
 *
 * Source: WFDB Applications Guide, header(5) and signal(5).
 */
import type { Finding } from "../../../contract/domain/recordings.ts";
import { MISSING_VALUE, type SampleBlock } from "../source.ts";
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
  /** Samples of the current block. */
  samples: Int32Array;
  /** Sum of the samples so far modulo 2¹⁶, missing ones as stored. */
  sum: number;
  first: number;
  /** Latest sample, to which a difference is added. */
  latest: number;
}

/**
 * Yields the samples of signals.
 * @param numbers signals of the header, in the order of the blocks
 * @param check isWhole: the samples are those that the header's checksums describe; findings: receives signals that do
 *   not match them
 */
export function* sampleBlocks(
  { groups, frames }: GroupedSignals,
  numbers: readonly number[],
  { isWhole, findings }: { isWhole: boolean; findings: Finding[] },
): Generator<SampleBlock> {
  const widest = Math.max(...groups.map(({ frameSamples }) => frameSamples));
  const step = Math.min(frames, Math.max(PACKED, Math.floor(BLOCK_SAMPLES / widest / PACKED) * PACKED));
  const readings = numbers.map((number) => startReading(groups, number, step));
  const chunks = new Map(groups.map((group) => [group, new Int32Array((step + PACKED) * group.frameSamples)]));
  for (const reading of readings) skipSkew(reading, chunks.get(reading.group)!);
  for (let from = 0; from < frames; from += step) {
    const count = Math.min(step, frames - from);
    for (const [group, chunk] of chunks) {
      const members = readings.filter((reading) => reading.group === group);
      let decoded = Number.NaN;
      let start = 0;
      for (const reading of members) {
        const frame = from + reading.member.header.skew;
        const there = Math.max(0, Math.min(count, group.frames - frame));
        if (frame !== decoded) start = decodeFrames(group, frame, there, chunk);
        decoded = frame;
        takeSamples(reading, { chunk, start, frames: there, isFirst: frame === 0 });
        const { samplesPerFrame } = reading.member.header;
        reading.samples.fill(MISSING_VALUE, there * samplesPerFrame, count * samplesPerFrame);
      }
    }
    yield {
      from,
      samples: readings.map(({ samples, member }) =>
        count === step ? samples : samples.subarray(0, count * member.header.samplesPerFrame),
      ),
    };
  }
  if (isWhole) for (const reading of readings) checkSamples(reading, frames, findings);
}

function startReading(groups: readonly SignalGroup[], number: number, step: number): Reading {
  const group = groups.find(({ members }) => members.some(({ index }) => index === number))!;
  const member = group.members.find(({ index }) => index === number)!;
  const { samplesPerFrame, initialValue } = member.header;
  const samples = new Int32Array(step * samplesPerFrame);
  return { group, member, samples, sum: 0, first: 0, latest: initialValue ?? 0 };
}

/** Reads the samples before sample 0, which belong to the checksum and to the differences. */
function skipSkew(reading: Reading, chunk: Int32Array): void {
  const { group, member, samples } = reading;
  const step = samples.length / member.header.samplesPerFrame;
  for (let frame = 0; frame < member.header.skew; frame += step) {
    const frames = Math.max(0, Math.min(step, member.header.skew - frame, group.frames - frame));
    const start = decodeFrames(group, frame, frames, chunk);
    takeSamples(reading, { chunk, start, frames, isFirst: frame === 0 });
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
}

/** Copies a signal's samples from a chunk; adds to their sum. */
function takeSamples(reading: Reading, { chunk, start, frames, isFirst }: Decoded): void {
  const { group, member, samples } = reading;
  const { samplesPerFrame } = member.header;
  const { frameSamples, format } = group;
  // A sum of differences may have any value.
  const missing = format.differences ? Number.NaN : format.missing;
  if (frames === 0) return;
  let at = start + member.at;
  if (format.differences) addDifferences(reading, chunk, at, frames);
  if (isFirst) reading.first = chunk[at];
  let sum = 0;
  let to = 0;
  if (samplesPerFrame === 1) {
    for (; to < frames; to++, at += frameSamples) {
      const sample = chunk[at];
      sum += sample;
      samples[to] = sample === missing ? MISSING_VALUE : sample;
    }
  } else {
    for (let frame = 0; frame < frames; frame++, at += frameSamples) {
      for (let i = 0; i < samplesPerFrame; i++) {
        const sample = chunk[at + i];
        sum += sample;
        samples[to++] = sample === missing ? MISSING_VALUE : sample;
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
