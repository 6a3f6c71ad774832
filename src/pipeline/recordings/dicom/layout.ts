/** Places groups of a DICOM waveform in time, and reads their samples in blocks. */
import type { Finding } from "../../../contract/domain/recordings.ts";
import { warning } from "../messages.ts";
import type { SampleBlock, SourceBytes } from "../source.ts";
import { sampleAt, type Channel, type Group } from "./group.ts";

/** Samples of one channel of a group, from a frame on. */
interface Piece {
  from: number;
  group: Group;
  channel: number;
}

export interface LaidOutSignal extends Channel {
  pieces: Piece[];
}

export interface Layout {
  signals: LaidOutSignal[];
  rate: number;
  frames: number;
}

const BLOCK_SAMPLES = 1 << 16;
/** Missing frames for each frame with samples that a recording may have. */
const MAX_GAP_FRAMES = 100;

export function layOut(groups: readonly Group[], { file, findings }: { file: string; findings: Finding[] }): Layout {
  const start = groups.reduce((least, { offset }) => Math.min(least, offset), Number.POSITIVE_INFINITY);
  const present = groups.reduce((sum, { samples }) => sum + samples, 0);
  const signals: LaidOutSignal[] = [];
  /** Pieces that are left out, by reason. */
  const left = new Map<string, string[]>();
  let frames = 0;
  for (const group of groups) {
    const from = Math.round(((group.offset - start) * group.rate) / 1000);
    if (from > MAX_GAP_FRAMES * present) {
      findings.push(
        warning(`${file}: a waveform at ${group.offset} ms was left out, because it is too far from the others.`),
      );
      continue;
    }
    frames = Math.max(frames, from + group.samples);
    for (const [channel, described] of group.channels.entries()) {
      const reason = place({ ...described, pieces: [] }, { from, group, channel }, signals);
      if (reason !== null) left.set(reason, [...(left.get(reason) ?? []), `${described.lead} at ${group.offset} ms`]);
    }
  }
  for (const [reason, pieces] of left) {
    const listed = `${pieces.slice(0, 5).join(", ")}${pieces.length > 5 ? `, … (${pieces.length} in all)` : ""}`;
    findings.push(warning(`${file}: pieces of leads were left out, because ${reason}: ${listed}.`));
  }
  return { signals, rate: groups.at(0)?.rate ?? 0, frames };
}

/** Continues the signal of the same lead, or adds one. @returns why the piece is left out; null: it is not */
function place(signal: LaidOutSignal, piece: Piece, signals: LaidOutSignal[]): string | null {
  const known = signals.find(
    (each) => each.lead === signal.lead && !each.pieces.some(({ group }) => group === piece.group),
  );
  if (known === undefined) {
    signals.push({ ...signal, pieces: [piece] });
    return null;
  }
  if (known.gain !== signal.gain || known.baseline !== signal.baseline || known.units !== signal.units) {
    return "their scale is another";
  }
  if (known.pieces.some((other) => overlaps(other, piece))) return "others are at the same time";
  known.pieces.push(piece);
  return null;
}

function overlaps(one: Piece, other: Piece): boolean {
  return one.from < other.from + other.group.samples && other.from < one.from + one.group.samples;
}

export function* readBlocks(
  bytes: SourceBytes,
  signals: readonly LaidOutSignal[],
  frames: number,
  missing: number,
): Generator<SampleBlock> {
  const capacity = Math.max(1, Math.min(frames, Math.floor(BLOCK_SAMPLES / signals.length)));
  const samples = signals.map(() => new Int32Array(capacity));
  const groups = new Set(signals.flatMap(({ pieces }) => pieces.map(({ group }) => group)));
  for (let from = 0; from < frames; from += capacity) {
    const to = Math.min(from + capacity, frames);
    for (const each of samples) each.fill(missing);
    for (const group of groups) {
      const stride = group.channels.length * group.form.bytes;
      const begin = signals.flatMap(({ pieces }) => pieces).find((piece) => piece.group === group)!.from;
      const [first, last] = [Math.max(from, begin), Math.min(to, begin + group.samples)];
      if (first >= last) continue;
      const at = group.dataOffset + (first - begin) * stride;
      const block = bytes.subarray(at, at + (last - first) * stride);
      for (const [i, { pieces }] of signals.entries()) {
        const piece = pieces.find((each) => each.group === group);
        if (piece !== undefined) decode(block, piece, samples[i].subarray(first - from, last - from), missing);
      }
    }
    yield { from, samples: samples.map((each) => each.subarray(0, to - from)) };
  }
}

function decode(block: Uint8Array, { group, channel }: Piece, into: Int32Array, missing: number): void {
  const { form, channels } = group;
  const stride = channels.length * form.bytes;
  for (let i = 0, at = channel * form.bytes; i < into.length; i++, at += stride) {
    const sample = sampleAt(block, at, form);
    into[i] = sample === form.padding ? missing : sample;
  }
}
