/**
 * Signal files of a record, as its header describes them: which files hold which signals, and how many frames they have.
 *
 * Source: WFDB Applications Guide, header(5) and signal(5). Signals that share a file are interleaved frame by frame;
 * a frame has one or more samples of each signal.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import type { SourceBytes } from "../source.ts";
import { refuseExpansion } from "./expansion.ts";
import { damaged } from "./faults.ts";
import { FLAC_FORMATS, FlacSamples } from "./flac-samples.ts";
import { signalFormat, type SignalFormat } from "./formats/index.ts";
import type { RecordHeader, SignalHeader } from "./header.ts";

/** A signal in the frames of its file. */
export interface GroupMember {
  /** Number of the signal in the header. */
  index: number;
  header: SignalHeader;
  /** Position of its first sample in a frame. */
  at: number;
}

/** Signals of one file, in the order in which they are interleaved. */
export interface SignalGroup {
  fileName: string;
  bytes: SourceBytes;
  format: SignalFormat;
  byteOffset: number;
  members: GroupMember[];
  /** Samples of all members in a frame. */
  frameSamples: number;
  /** Complete frames in the file, at most those of the record. */
  frames: number;
}

export interface GroupedSignals {
  groups: SignalGroup[];
  /** Frames of the record: those of the header, or fewer where no file has as many. */
  frames: number;
}

/** Format of a signal without samples (signal(5): “null signal”). */
const NULL_FORMAT = 0;

/**
 * Groups the signals of a record by file. Signals without a file, or without samples, are left out with a finding.
 * @param files bytes of the signal files, by the names in the header
 * @throws EctopyError `not-found` (no signal file), `unsupported`, `nothing-usable`, `damaged-file`
 */
export function groupSignals(
  header: RecordHeader,
  files: ReadonlyMap<string, SourceBytes>,
  findings: Finding[],
): GroupedSignals {
  const { groups, refusal } = groupByFile(header, files, findings);
  const withSamples = groups.filter((group) => group.frames > 0);
  if (withSamples.length === 0) throw refusal ?? refusalOf(header, groups);
  const frames = header.length ?? framesFromSizes(withSamples, findings);
  for (const group of groups) reportSize(group, header.length, findings);
  const most = Math.min(frames, Math.max(...withSamples.map((group) => group.frames)));
  for (const group of withSamples) {
    group.frames = Math.min(group.frames, most);
    group.members = group.members.filter((member) => checkSkew(member, most, findings));
  }
  refuseExpansion(header.name, {
    announced: most * withSamples.reduce((sum, { frameSamples }) => sum + frameSamples, 0),
    present: withSamples.reduce((sum, group) => sum + group.frames * group.frameSamples, 0),
  });
  return { groups: withSamples.filter(({ members }) => members.length > 0), frames: most };
}

function groupByFile(
  header: RecordHeader,
  files: ReadonlyMap<string, SourceBytes>,
  findings: Finding[],
): { groups: SignalGroup[]; refusal: EctopyError | undefined } {
  const groups = new Map<string, SignalGroup>();
  const leftOut = new Map<string, EctopyError>();
  let nulls = 0;
  for (const [index, signal] of header.signals.entries()) {
    const { fileName, byteOffset, samplesPerFrame } = signal;
    if (signal.format === NULL_FORMAT) {
      nulls++;
      continue;
    }
    let group = groups.get(fileName);
    if (group === undefined) {
      if (leftOut.has(fileName)) continue;
      const opened = openGroup(header.name, signal, files);
      if (opened instanceof EctopyError) {
        leftOut.set(fileName, opened);
        continue;
      }
      groups.set(fileName, (group = opened));
    }
    if (group.format.code !== signal.format || group.byteOffset !== byteOffset) {
      throw damaged(
        `Record ${header.name}: signal ${index + 1} has another format or offset for the file ${fileName} than the ` +
          "previous signals.",
      );
    }
    group.members.push({ index, header: signal, at: group.frameSamples });
    group.frameSamples += samplesPerFrame;
  }
  if (nulls > 0) {
    findings.push({
      code: "header",
      severity: "note",
      message: `Record ${header.name} has ${nulls} ${nulls === 1 ? "signal" : "signals"} of format 0, without samples.`,
      fix: "",
    });
  }
  for (const [fileName, group] of groups) {
    const refused = decompress(group);
    if (refused === null) continue;
    leftOut.set(fileName, refused);
    groups.delete(fileName);
  }
  const refusal = leftOut.values().next().value;
  if (groups.size > 0) {
    for (const { code, message, fix } of leftOut.values()) {
      findings.push({
        ...(code === "unsupported" ? { code } : {}),
        severity: "warning",
        message: `${message} Its signals were left out.`,
        fix,
      });
    }
  }
  for (const group of groups.values()) group.frames = framesThere(group);
  return { groups: [...groups.values()], refusal };
}

function openGroup(
  record: string,
  { fileName, format, byteOffset }: SignalHeader,
  files: ReadonlyMap<string, SourceBytes>,
): SignalGroup | EctopyError {
  const bytes = files.get(fileName);
  if (bytes === undefined) {
    return new EctopyError(
      "not-found",
      `The signal file ${fileName} of record ${record} is missing.`,
      "Add it to the header's folder, under the name in the header.",
    );
  }
  try {
    const group = { fileName, bytes, format: signalFormat(format, fileName), byteOffset };
    return { ...group, members: [], frameSamples: 0, frames: 0 };
  } catch (error) {
    if (error instanceof EctopyError) return error;
    throw error;
  }
}

/** Replaces the bytes of a file that is compressed by FLAC by those of its samples; returns why it can't be read. */
function decompress(group: SignalGroup): EctopyError | null {
  const { fileName, bytes, format, byteOffset, members } = group;
  if (!FLAC_FORMATS.has(format.code)) return null;
  const samplesPerFrame = members.map(({ header }) => header.samplesPerFrame);
  try {
    group.bytes = new FlacSamples(bytes, { fileName, format: format.code, samplesPerFrame, offset: byteOffset });
    group.byteOffset = 0;
    return null;
  } catch (error) {
    if (error instanceof EctopyError) return error;
    throw error;
  }
}

function refusalOf({ name, signals }: RecordHeader, groups: readonly SignalGroup[]): EctopyError {
  if (signals.length === 0 || groups.length === 0) {
    return new EctopyError("nothing-usable", `Record ${name} has no signals.`, "Exclude the record.");
  }
  return damaged(`The signal files of record ${name} have no samples.`);
}

/** Returns the complete frames in a group's file. */
function framesThere({ bytes, byteOffset, format, frameSamples }: SignalGroup): number {
  return Math.floor(format.samplesIn(Math.max(0, bytes.length - byteOffset)) / frameSamples);
}

function framesFromSizes(groups: readonly SignalGroup[], findings: Finding[]): number {
  const frames = Math.min(...groups.map((group) => group.frames));
  findings.push({
    code: "header",
    severity: "note",
    message: `The header has no length: ${frames} samples were derived from the file's size, without checksums.`,
    fix: "",
  });
  return frames;
}

/** Reports a file that is shorter or longer than the header's length. */
function reportSize(group: SignalGroup, length: number | null, findings: Finding[]): void {
  if (length === null) return;
  const { fileName, frames, format, byteOffset, bytes, frameSamples } = group;
  if (frames < length) {
    findings.push({
      code: "truncated",
      severity: "warning",
      message:
        `${fileName} is shorter than its header: it has ${frames} of ${length} samples of each signal, ` +
        `${length - frames} are missing.`,
      fix: "Copy the record again from its source, or use what there is of it.",
    });
  }
  // The last group of packed samples may be padded.
  const padded = Math.ceil((length * frameSamples) / format.packed) * format.packed;
  if (frames > length && bytes.length - byteOffset > format.bytesFor(padded)) {
    findings.push({
      code: "header",
      severity: "warning",
      message: `${fileName} has ${frames - length} more samples of each signal than its header; they were ignored.`,
      fix: "Compare the header's number of samples with the file's.",
    });
  }
}

/** Returns whether a signal has samples after its skew; reports one that has none. */
function checkSkew({ header, index }: GroupMember, frames: number, findings: Finding[]): boolean {
  const { skew, fileName } = header;
  if (skew === 0 || skew < frames) return true;
  findings.push({
    code: "header",
    severity: "warning",
    message:
      `${fileName}: signal ${index + 1} has a skew of ${skew} samples, more than the length of the record; ` +
      "it was left out.",
    fix: "Correct the skew in the header.",
  });
  return false;
}
