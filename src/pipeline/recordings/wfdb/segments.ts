/**
 * Records of several segments: each segment is a record, and the samples follow each other.
 *
 * Source: WFDB Applications Guide, header(5), “Multi-segment records”. In the fixed layout, every segment has the same
 * signals in the same order. In the variable layout, the first segment has no samples: it describes the signals, and
 * each further segment has some of them, by their names. `~` is a gap.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { gatherSamples } from "../gather-samples.ts";
import { MISSING_VALUE, type SampleBlock, type SourceSignal } from "../source.ts";
import { decodeText } from "../text.ts";
import { unitsPerMillivolt } from "../units.ts";
import { damaged } from "./faults.ts";
import { parseHeader, type RecordHeader } from "./header.ts";
import { openSignals, sourceSignal, type OpenSignals, type SignalFiles } from "./open-signals.ts";
import { refuseExpansion } from "./expansion.ts";

/** A segment of a record, with its signals; null signals: a gap, or a segment that can't be read. */
interface Segment {
  /** First frame in the record. */
  from: number;
  frames: number;
  opened: OpenSignals | null;
}

/** Frames of a block of missing samples. */
const GAP_FRAMES = 8192;
/** Longest record, in samples of a signal: the limit of an array's length. */
const MAX_SAMPLES = 2 ** 31 - 1;

/**
 * Opens the segments of a record.
 * @param files files of the segments, by name
 * @throws EctopyError `not-found` (no segment), `damaged-file`, `unsupported`
 */
export function openSegments(
  header: RecordHeader,
  files: ReadonlyMap<string, SignalFiles>,
  findings: Finding[],
): OpenSignals {
  const listed = header.segments ?? [];
  const layout = listed[0]?.length === 0 ? listed[0] : null;
  const segments: Segment[] = [];
  const refusals: EctopyError[] = [];
  let frames = 0;
  for (const { name, length } of layout ? listed.slice(1) : listed) {
    const opened = name === "~" ? null : openSegment(name, { header, files, length, refusals, findings });
    segments.push({ from: frames, frames: length, opened });
    frames += length;
  }
  if (header.length !== null && header.length !== frames) {
    findings.push({
      code: "header",
      severity: "warning",
      message: `Record ${header.name} announces ${header.length} samples, but its segments have ${frames}.`,
      fix: "Check that no segment is missing.",
    });
  }
  const signals = layout ? layoutSignals(layout.name, files) : segments.find(({ opened }) => opened)?.opened?.signals;
  const isEmpty = !segments.some(({ opened }) => opened);
  if (signals === undefined || signals.length === 0 || isEmpty) {
    throw (
      refusals[0] ?? new EctopyError("nothing-usable", `Record ${header.name} has no samples.`, "Exclude the record.")
    );
  }
  if (frames * Math.max(...signals.map(({ samplesPerFrame }) => samplesPerFrame)) > MAX_SAMPLES) {
    throw damaged(`Record ${header.name} has ${frames} frames, too many for one record.`);
  }
  const present = segments.map((segment) => Math.min(segment.frames, segment.opened?.frames ?? 0) * widthOf(segment));
  refuseExpansion(header.name, {
    announced: frames * signals.reduce((sum, { samplesPerFrame }) => sum + samplesPerFrame, 0),
    present: present.reduce((sum, samples) => sum + samples, 0),
  });
  for (const { code, message, fix } of refusals) {
    findings.push({
      ...(code === "unsupported" ? { code } : {}),
      severity: "warning",
      message: `${message} The samples of this segment are missing.`,
      fix,
    });
  }
  const isVariable = layout !== null;
  const blocks: OpenSignals["blocks"] = (chosen, into) =>
    segmentBlocks({ segments, signals, isVariable }, chosen, into);
  return {
    signals,
    frames,
    blocks,
    samples: (chosen, into) => gatherSamples({ signals, frames }, blocks(chosen, into), chosen),
  };
}

/** Returns the samples in a frame of a segment. */
function widthOf({ opened }: Segment): number {
  return (opened?.signals ?? []).reduce((sum, { samplesPerFrame }) => sum + samplesPerFrame, 0);
}

function openSegment(
  name: string,
  {
    header,
    files,
    length,
    refusals,
    findings,
  }: {
    header: RecordHeader;
    files: ReadonlyMap<string, SignalFiles>;
    length: number;
    refusals: EctopyError[];
    findings: Finding[];
  },
): OpenSignals | null {
  const file = `${name}.hea`;
  try {
    const own = files.get(name);
    if (own === undefined) {
      throw new EctopyError(
        "not-found",
        `The segment ${name} of record ${header.name} is missing.`,
        "Add its files to the header's folder.",
      );
    }
    const segment = parseHeader(decodeText(own.header), file, findings);
    if (segment.segments !== null) throw damaged(`${file}: a segment can't have segments.`);
    if (segment.rate !== header.rate) {
      throw damaged(`${file} has ${segment.rate} frames per second, but its record has ${header.rate}.`);
    }
    segment.length ??= length;
    return openSignals(segment, own.signals, file, findings);
  } catch (error) {
    if (!(error instanceof EctopyError)) throw error;
    refusals.push(error);
    return null;
  }
}

function layoutSignals(name: string, files: ReadonlyMap<string, SignalFiles>): SourceSignal[] {
  const layout = files.get(name);
  if (layout === undefined) throw damaged(`The layout segment ${name} is missing.`);
  return parseHeader(decodeText(layout.header), `${name}.hea`).signals.map(sourceSignal);
}

/** A signal of a segment as a signal of the record: value · scale + offset. */
interface Mapping {
  /** Number of the signal in the segment. */
  from: number;
  scale: number;
  offset: number;
}

/** Returns where a signal of the record comes from in a segment; null: the segment lacks it. */
function mappingOf(
  signal: SourceSignal,
  number: number,
  { signals }: OpenSignals,
  isVariable: boolean,
): Mapping | null {
  const from = isVariable ? signals.findIndex(({ lead }) => lead === signal.lead) : number;
  const other = signals[from];
  if (other === undefined || other.samplesPerFrame !== signal.samplesPerFrame) return null;
  // Digital units of the record in a digital unit of the segment; units that are no voltage must be equal.
  const units = unitRatio(signal.units, other.units);
  if (units === null) return null;
  const scale = (signal.gain / other.gain) * units;
  return { from, scale, offset: signal.baseline - other.baseline * scale };
}

/** Returns how many of one unit make one of the other; null where they don't convert. */
function unitRatio(unit: string, other: string): number | null {
  if (unit === other) return 1;
  const [per, perOther] = [unitsPerMillivolt(unit), unitsPerMillivolt(other)];
  return per === null || perOther === null ? null : per / perOther;
}

function* segmentBlocks(
  {
    segments,
    signals,
    isVariable,
  }: { segments: readonly Segment[]; signals: readonly SourceSignal[]; isVariable: boolean },
  chosen: readonly number[],
  findings: Finding[],
): Generator<SampleBlock> {
  for (const { from, frames, opened } of segments) {
    let done = 0;
    if (opened) {
      const mappings = chosen.map((number) => mappingOf(signals[number], number, opened, isVariable));
      const used = mappings.filter((mapping) => mapping !== null);
      const blocks =
        used.length === 0
          ? []
          : opened.blocks(
              used.map((mapping) => mapping.from),
              findings,
            );
      const count = Math.min(frames, opened.frames);
      for (const block of blocks) {
        const there = Math.min(count - block.from, block.samples[0].length / signalFrames(opened, used[0].from));
        if (there <= 0) break;
        let next = 0;
        const samples = mappings.map((mapping, i) => {
          const length = there * signals[chosen[i]].samplesPerFrame;
          return mapping === null ? missing(length) : mapped(block.samples[next++].subarray(0, length), mapping);
        });
        yield { from: from + block.from, samples };
        done = block.from + there;
      }
    }
    for (; done < frames; done += GAP_FRAMES) {
      const count = Math.min(GAP_FRAMES, frames - done);
      yield { from: from + done, samples: chosen.map((i) => missing(count * signals[i].samplesPerFrame)) };
    }
  }
}

function signalFrames({ signals }: OpenSignals, number: number): number {
  return signals[number].samplesPerFrame;
}

function missing(length: number): Int32Array {
  return new Int32Array(length).fill(MISSING_VALUE);
}

function mapped(samples: Int32Array, { scale, offset }: Mapping): Int32Array {
  if (scale === 1 && offset === 0) return samples;
  return samples.map((sample) => (sample === MISSING_VALUE ? sample : Math.round(sample * scale + offset)));
}
