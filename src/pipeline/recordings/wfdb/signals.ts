/**
 * WFDB signal files (`.dat`): decodes them to a {@link Recording}, and checks them against the header.
 *
 * Source: WFDB Applications Guide, header(5) and signal(5). Signals that share a file are interleaved sample by sample.
 * Memory is allocated only after the file has proved to be long enough, so it is bounded by the size of the input.
 * Files are read in blocks, so that recordings of days need not fit into memory.
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

/** A recording whose samples were examined and not kept. */
export interface SignalsExamined {
  recording: Omit<Recording, "signals"> & { leads: ExaminedLead[] };
  findings: Finding[];
}

/** Bytes of a signal file: a `Uint8Array`, or a reader of blocks. A block is valid until the next call. */
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
 * Decodes signals.
 * @param header result of {@link parseHeader}
 * @param files bytes of the signal files, by the names in the header
 * @param chosen numbers of the signals to decode, from 0; by default all. The others are still checked
 * @returns the recording with the chosen signals in that order, and findings about the files
 * @throws EctopyError `not-found` (a file), `invalid-settings` (a chosen signal), `unsupported`, `nothing-usable`, or
 * `damaged-file`: too
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
 * Checks all signals like {@link readSignals}, and examines their samples without keeping them.
 * @throws EctopyError like {@link readSignals}
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
    throw new EctopyError("nothing-usable", `Record ${header.name} has no signals.`, "Exclude the record.");
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

/** Destination of a signal's samples: an array, or an examination in blocks. */
interface Destination {
  into: Int16Array | SignalExamination;
  /** Called once the signal has passed its checks. */
  end: () => void;
}

/**
 * Decodes and checks all signals.
 * @param destinationOf destination by number and length of a signal; null: only check it
 */
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
        `Signal ${index + 1} of record ${header.name} has ${signal.samplesPerFrame} samples per frame: ` +
          "signals with different rates in one record are not supported.",
        "Convert the record to one rate (with WFDB's xform, for example) and import it again.",
      );
    }
    let group = groups.get(fileName);
    if (group === undefined) {
      const bytes = files.get(fileName);
      if (bytes === undefined) {
        throw new EctopyError(
          "not-found",
          `The signal file ${fileName} of record ${header.name} is missing.`,
          "Add it to the header's folder, under the name in the header.",
        );
      }
      group = { fileName, bytes, format: signalFormat(signal.format, fileName), byteOffset, members: [] };
      groups.set(fileName, group);
    }
    if (group.format.code !== signal.format || group.byteOffset !== byteOffset) {
      throw damaged(
        `Record ${header.name}: signal ${index + 1} has another format or offset for the file ${fileName} than the ` +
          "previous signals.",
      );
    }
    group.members.push({ index, header: signal });
  }
  return [...groups.values()];
}

/** Returns the number of samples of each signal in a group's file. */
function samplesThere(group: SignalGroup): number {
  const bytes = Math.max(0, group.bytes.length - group.byteOffset);
  return Math.floor(group.format.samplesIn(bytes) / group.members.length);
}

function lengthFromSizes(name: string, groups: SignalGroup[], findings: Finding[]): number {
  const length = Math.min(...groups.map(samplesThere));
  if (length === 0) throw damaged(`The signal files of record ${name} have no samples.`);
  findings.push({
    severity: "note",
    message: `The header has no length: ${length} samples were derived from the file's size, without checksums.`,
    fix: "",
  });
  return length;
}

function checkSize(group: SignalGroup, length: number, findings: Finding[]): void {
  const there = samplesThere(group);
  if (there < length) {
    throw damaged(
      `${group.fileName} is truncated: it has ${there} of ${length} samples of each signal, ` +
        `${length - there} are missing.`,
    );
  }
  if (there > length) {
    findings.push({
      severity: "warning",
      message: `${group.fileName} has ${there - length} more samples of each signal than its header; they were ignored.`,
      fix: "Compare the header's number of samples with the file's.",
    });
  }
}

/** Samples per block: small enough for the processor's first-level cache, large enough to make the calls cheap. */
const chunkSamples = 8192;

/**
 * Deinterleaves the samples of a group.
 *
 * @param destinations destination of each member's samples; null to only sum them
 * @returns sum and first value of each member's samples, as stored
 */
function decodeGroup(
  group: SignalGroup,
  length: number,
  destinations: (Int16Array | SignalExamination | null)[],
): { sums: number[]; first: number[] } {
  const { format, bytes, byteOffset } = group;
  const width = destinations.length;
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
      const destination = destinations[member];
      if (destination === null) {
        sums[member] += sumSamples(chunk, member, width, count);
      } else if (destination instanceof Int16Array) {
        sums[member] += takeSamples(
          { chunk, member, width, count },
          { into: destination, at: frame, missing: format.missing },
        );
      } else {
        sums[member] += takeSamples({ chunk, member, width, count }, { into: one, at: 0, missing: format.missing });
        destination.add(one.subarray(0, count));
      }
    }
  }
  return { sums, first };
}

/** Copies one member's samples from a chunk to `into` from `at` on; returns their sum, with missing ones as stored. */
function takeSamples(
  { chunk, member, width, count }: { chunk: Int16Array; member: number; width: number; count: number },
  { into, at, missing }: { into: Int16Array; at: number; missing: number },
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

/** Returns the low 16 bits of a sum of samples in a header's format: −32768 to 32767. */
export function checksum16(sum: number): number {
  return ((sum % 65536) << 16) >> 16;
}

function checkSignal(signal: SignalHeader, index: number, sum: number, first: number): void {
  if (signal.checksum !== null && checksum16(sum) !== checksum16(signal.checksum)) {
    throw damaged(
      `${signal.fileName}: the samples of signal ${index + 1} have the checksum ${checksum16(sum)}, ` +
        `but the header has ${signal.checksum}.`,
    );
  }
  if (signal.initialValue !== null && first !== signal.initialValue) {
    throw damaged(
      `${signal.fileName}: the first sample of signal ${index + 1} is ${first}, ` +
        `but the header has ${signal.initialValue}.`,
    );
  }
}

function checkSkew({ skew, fileName }: SignalHeader, index: number, length: number): void {
  if (skew === 0 || skew < length) return;
  throw damaged(`${fileName}: signal ${index + 1} has a skew of ${skew} samples, more than the length of the record.`);
}

/** Drops the samples before sample 0; as many samples at the end are then missing. */
function undoSkew(samples: Int16Array, { skew }: SignalHeader): Int16Array {
  if (skew === 0) return samples;
  samples.copyWithin(0, skew);
  return samples.fill(MISSING_SAMPLE, samples.length - skew);
}

/**
 * Encodes a signal file: interleaved signals, with the format's code for missing samples.
 *
 * @param signals signals of equal length; each sample in the format's range or {@link MISSING_SAMPLE}
 * @throws RangeError for a sample out of range
 */
export function writeSignals(format: SignalFormat, signals: readonly (Int16Array | Int32Array)[]): Uint8Array {
  const width = signals.length;
  const length = signals[0]?.length ?? 0;
  const interleaved = new Int16Array(width * length);
  for (const [member, samples] of signals.entries()) {
    if (samples.length !== length) throw new RangeError("the signals of a file must have equal lengths");
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
