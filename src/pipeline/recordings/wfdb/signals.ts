/**
 * WFDB signal files (`.dat`): the bytes that a header names to a {@link Recording}, checked against the header.
 *
 * Source: WFDB Applications Guide, header(5) and signal(5). Signals that share a file are interleaved sample by sample.
 * Nothing is allocated before the file proves to be long enough, so memory is bounded by the size of what was given. Files are taken
 * piece by piece: a recording of days need not lie in memory.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { MISSING_SAMPLE, type Finding, type Recording } from "../../../contract/domain/recordings.ts";
import { damaged } from "./faults.ts";
import { SignalExamination, type ExaminedLead } from "./examination.ts";
import { signalFormat, type SignalFormat } from "./formats/index.ts";
import type { RecordHeader, SignalHeader } from "./header.ts";

export interface SignalsRead {
  recording: Recording;
  findings: Finding[];
}

/** What is known of a recording whose samples were looked at, and not kept. */
export interface SignalsExamined {
  recording: Omit<Recording, "signals"> & { leads: ExaminedLead[] };
  findings: Finding[];
}

/** Bytes of a signal file: a `Uint8Array`, or what reads a file piece by piece. A piece is good until the next one is taken. */
export interface SignalBytes {
  readonly length: number;
  subarray(from: number, to: number): Uint8Array;
}

/** Signals of one file, in the order in which they are interleaved. */
interface SignalGroup {
  fileName: string;
  bytes: SignalBytes;
  format: SignalFormat;
  byteOffset: number;
  members: { index: number; header: SignalHeader }[];
}

/**
 * @param header as {@link parseHeader} gives it
 * @param files the bytes of the signal files, by the names in the header
 * @param chosen numbers of the signals to decode, from 0; all without it. The others are still checked
 * @returns the recording with the chosen signals, in that order, and what is worth knowing about the files
 * @throws EctopyError `not-found` (a file), `invalid-settings` (a chosen signal), `unsupported`, `nothing-usable`, or `damaged-file`: too
 *   few samples, a checksum or an initial value that does not match
 */
export function readSignals(
  header: RecordHeader,
  files: ReadonlyMap<string, SignalBytes>,
  chosen: readonly number[] = header.signals.map((_, index) => index),
): SignalsRead {
  refuseMissing(header, chosen);
  const decoded = new Map<number, Int16Array>();
  const { length, findings } = takeSignals(header, files, (index, length) => {
    if (!chosen.includes(index)) return null;
    const samples = new Int16Array(length);
    const keep = (): void => void decoded.set(index, undoSkew(samples, header.signals[index]));
    return { into: samples, end: keep };
  });
  const { name, rate, comments } = header;
  const signals = chosen.map((index) => {
    const { units, gain, baseline } = header.signals[index];
    return { lead: leadOf(header, index), units, gain, baseline, samples: decoded.get(index)! };
  });
  return { recording: { name, rate, length, signals, comments }, findings };
}

/**
 * Checks all signals as {@link readSignals} does, and looks at their samples without keeping them.
 * @throws EctopyError as {@link readSignals}
 */
export function examineSignals(header: RecordHeader, files: ReadonlyMap<string, SignalBytes>): SignalsExamined {
  refuseMissing(header, []);
  const leads = new Map<number, ExaminedLead>();
  const { length, findings } = takeSignals(header, files, (index) => {
    const examination = new SignalExamination(header.signals[index].skew);
    const lead = leadOf(header, index);
    return { into: examination, end: () => leads.set(index, { lead, ...examination.result() }) };
  });
  const { name, rate, comments } = header;
  return { recording: { name, rate, length, comments, leads: header.signals.map((_, i) => leads.get(i)!) }, findings };
}

function refuseMissing(header: RecordHeader, chosen: readonly number[]): void {
  if (header.signals.length === 0) {
    throw new EctopyError("nothing-usable", `Record ${header.name} has no signals.`, "Leave the record out.");
  }
  for (const index of chosen) {
    if (header.signals[index] === undefined) {
      throw new EctopyError(
        "invalid-settings",
        `Record ${header.name} has ${header.signals.length} signals, numbered from 0: there is no signal ${index}.`,
        "Choose a signal that every record has.",
      );
    }
  }
}

function leadOf({ signals }: RecordHeader, index: number): string {
  const { description } = signals[index];
  return description === "" ? `signal ${index + 1}` : description;
}

/** Where a signal's samples go: an array for all of them, or what takes them piece by piece. */
interface Destination {
  into: Int16Array | SignalExamination;
  /** Called once the signal has passed its checks. */
  end: () => void;
}

/** @param destinationOf a signal's, by its number and the samples that it has; null: check it only */
function takeSignals(
  header: RecordHeader,
  files: ReadonlyMap<string, SignalBytes>,
  destinationOf: (index: number, length: number) => Destination | null,
): { length: number; findings: Finding[] } {
  const groups = groupSignals(header, files);
  const findings: Finding[] = [];
  const length = header.length ?? lengthFromSizes(header.name, groups, findings);
  for (const group of groups) {
    checkSize(group, length, findings);
    for (const { index, header: signal } of group.members) checkSkew(signal, index, length);
    const destinations = group.members.map(({ index }) => destinationOf(index, length));
    const seen = decodeGroup(
      group,
      length,
      destinations.map((destination) => destination?.into ?? null),
    );
    for (const [position, { index, header: signal }] of group.members.entries()) {
      // header(5): checksums are disabled where the header gives no length.
      if (header.length !== null) checkSignal(signal, index, seen.sums[position], seen.first[position]);
      destinations[position]?.end();
    }
  }
  return { length, findings };
}

function groupSignals(header: RecordHeader, files: ReadonlyMap<string, SignalBytes>): SignalGroup[] {
  const groups = new Map<string, SignalGroup>();
  for (const [index, signal] of header.signals.entries()) {
    const { fileName, byteOffset } = signal;
    if (signal.samplesPerFrame !== 1) {
      throw new EctopyError(
        "unsupported",
        `Signal ${index + 1} of record ${header.name} has ${signal.samplesPerFrame} samples a frame: ` +
          "signals of different rates in one record are not read.",
        "Convert the record to one rate (with WFDB's xform, for example) and import it again.",
      );
    }
    let group = groups.get(fileName);
    if (group === undefined) {
      const bytes = files.get(fileName);
      if (bytes === undefined) {
        throw new EctopyError(
          "not-found",
          `The signal file ${fileName} that record ${header.name} needs is not there.`,
          "Put it beside the header, under the name that the header gives.",
        );
      }
      group = { fileName, bytes, format: signalFormat(signal.format, fileName), byteOffset, members: [] };
      groups.set(fileName, group);
    }
    if (group.format.code !== signal.format || group.byteOffset !== byteOffset) {
      throw damaged(
        `Record ${header.name}: signal ${index + 1} gives the file ${fileName} another format or offset than the ` +
          "signals before it.",
      );
    }
    group.members.push({ index, header: signal });
  }
  return [...groups.values()];
}

/** Samples of each signal that a group's file holds. */
function samplesThere(group: SignalGroup): number {
  const bytes = Math.max(0, group.bytes.length - group.byteOffset);
  return Math.floor(group.format.samplesIn(bytes) / group.members.length);
}

function lengthFromSizes(name: string, groups: SignalGroup[], findings: Finding[]): number {
  const length = Math.min(...groups.map(samplesThere));
  if (length === 0) throw damaged(`The signal files of record ${name} hold no samples.`);
  findings.push({
    severity: "note",
    message: `The header gives no length: ${length} samples were taken from the file's size, without checksums.`,
    fix: "",
  });
  return length;
}

function checkSize(group: SignalGroup, length: number, findings: Finding[]): void {
  const there = samplesThere(group);
  if (there < length) {
    throw damaged(
      `${group.fileName} is cut short: it holds ${there} of ${length} samples of each signal, ` +
        `${length - there} are missing.`,
    );
  }
  if (there > length) {
    findings.push({
      severity: "warning",
      message: `${group.fileName} holds ${there - length} samples of each signal more than the header says; they were left out.`,
      fix: "Compare the header's number of samples with the file's.",
    });
  }
}

/** Samples decoded at a time: small enough to stay in the processor's nearest cache, large enough to cost no calls. */
const chunkSamples = 8192;

/**
 * Takes a group's samples apart.
 *
 * @param wanted for each member what takes the samples, or null to sum up only
 * @returns of each member the sum and the first of its samples as they are stored
 */
function decodeGroup(
  group: SignalGroup,
  length: number,
  wanted: (Int16Array | SignalExamination | null)[],
): { sums: number[]; first: number[] } {
  const { format, bytes, byteOffset } = group;
  const width = wanted.length;
  const frames = Math.max(1, Math.floor(chunkSamples / width / format.packed)) * format.packed;
  const chunk = new Int16Array(frames * width);
  const one = new Int16Array(frames);
  const sums = new Array<number>(width).fill(0);
  const first = new Array<number>(width).fill(0);
  for (let frame = 0; frame < length; frame += frames) {
    const count = Math.min(frames, length - frame);
    const from = byteOffset + format.bytesFor(frame * width);
    format.decode(bytes.subarray(from, from + format.bytesFor(count * width)), 0, count * width, chunk);
    for (let member = 0; member < width; member++) {
      if (frame === 0) first[member] = chunk[member];
      const taker = wanted[member];
      if (taker === null) {
        sums[member] += sumSamples(chunk, member, width, count);
      } else if (taker instanceof Int16Array) {
        sums[member] += takeSamples(chunk, member, width, count, taker, frame, format.missing);
      } else {
        sums[member] += takeSamples(chunk, member, width, count, one, 0, format.missing);
        taker.add(one.subarray(0, count));
      }
    }
  }
  return { sums, first };
}

/** One member's samples out of a chunk, to `into` from `at` on; returns their sum, missing ones as stored. */
function takeSamples(
  chunk: Int16Array,
  member: number,
  width: number,
  count: number,
  into: Int16Array,
  at: number,
  missing: number,
): number {
  let sum = 0;
  for (let i = 0, from = member; i < count; i++, from += width) {
    const sample = chunk[from];
    sum += sample;
    into[at + i] = sample === missing ? MISSING_SAMPLE : sample;
  }
  return sum;
}

function sumSamples(chunk: Int16Array, member: number, width: number, count: number): number {
  let sum = 0;
  for (let i = 0, from = member; i < count; i++, from += width) sum += chunk[from];
  return sum;
}

/** The low 16 bits of a sum of samples, as a header writes them: −32768 to 32767. */
export function checksum16(sum: number): number {
  return ((sum % 65536) << 16) >> 16;
}

function checkSignal(signal: SignalHeader, index: number, sum: number, first: number): void {
  if (signal.checksum !== null && checksum16(sum) !== checksum16(signal.checksum)) {
    throw damaged(
      `${signal.fileName}: the samples of signal ${index + 1} add up to checksum ${checksum16(sum)}, ` +
        `where the header says ${signal.checksum}.`,
    );
  }
  if (signal.initialValue !== null && first !== signal.initialValue) {
    throw damaged(
      `${signal.fileName}: signal ${index + 1} begins with the sample ${first}, ` +
        `where the header says ${signal.initialValue}.`,
    );
  }
}

function checkSkew({ skew, fileName }: SignalHeader, index: number, length: number): void {
  if (skew === 0 || skew < length) return;
  throw damaged(`${fileName}: signal ${index + 1} has a skew of ${skew} samples, more than the record is long.`);
}

/** Drops the samples stored before sample 0; as many at the end are then not known. */
function undoSkew(samples: Int16Array, { skew }: SignalHeader): Int16Array {
  if (skew === 0) return samples;
  samples.copyWithin(0, skew);
  return samples.fill(MISSING_SAMPLE, samples.length - skew);
}

/**
 * Bytes of a signal file: the signals interleaved, missing samples as the format marks them.
 *
 * @param signals of equal length, each sample inside the format's range or {@link MISSING_SAMPLE}
 * @throws RangeError where a sample does not fit
 */
export function writeSignals(format: SignalFormat, signals: readonly (Int16Array | Int32Array)[]): Uint8Array {
  const width = signals.length;
  const length = signals[0]?.length ?? 0;
  const interleaved = new Int16Array(width * length);
  for (const [member, samples] of signals.entries()) {
    if (samples.length !== length) throw new RangeError("signals of one file have one length");
    for (let i = 0, to = member; i < length; i++, to += width) {
      const sample = samples[i];
      if (sample !== MISSING_SAMPLE && (sample <= format.missing || sample > format.highest)) {
        throw new RangeError(`sample ${sample} does not fit into format ${format.code}`);
      }
      interleaved[to] = sample === MISSING_SAMPLE ? format.missing : sample;
    }
  }
  return format.encode(interleaved);
}
