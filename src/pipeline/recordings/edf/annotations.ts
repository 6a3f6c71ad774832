/**
 * Annotations and times of the data records of an EDF+ file.
 *
 * A file without gaps is one segment. In EDF+D each gap begins another segment. Annotations move with the samples of
 * their segment, so that they keep their distance to them where a gap is no whole number of frames.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { annotationOfText, COMMENT_SYMBOL } from "../annotation-texts.ts";
import { note, warning } from "../messages.ts";
import type { SourceBytes } from "../source.ts";
import { latestSample } from "../wfdb/annotations.ts";
import type { EdfHeader } from "./header.ts";
import type { EdfLayout } from "./layout.ts";
import { parseTimedTexts, type TimedText } from "./timed-texts.ts";

/** A recording of two weeks has about 1.5 million beats, and more would need gigabytes of memory. */
const MAX_ANNOTATIONS = 5_000_000;
/** Longest total of gaps that is filled with missing samples, in seconds. */
const MAX_GAPS_SECONDS = 31 * 86_400;
/** Longest text of an annotation, in characters. */
const MAX_TEXT_LENGTH = 255;

/** Consecutive data records without a gap. */
export interface Segment {
  /** Number of the first data record, and their number. */
  record: number;
  records: number;
  /** Start in seconds from the start of the file. */
  onset: number;
  /** Number of the first frame. */
  frame: number;
}

export interface Timeline {
  segments: Segment[];
  frames: number;
  /** Onset of the first data record in seconds: below 1, where the recording does not begin at a full second. */
  firstOnset: number;
}

interface Place {
  header: EdfHeader;
  layout: EdfLayout;
  /** Rate in which annotations count, in Hz. */
  rate: number;
  file: string;
}

export function readAnnotations(bytes: SourceBytes, place: Place): { annotations: Annotation[]; timeline: Timeline } {
  const { header, layout, file } = place;
  const records = layout.wholeRecords + (layout.partialFrames > 0 ? 1 : 0);
  const builder = new TimelineBuilder(place);
  const texts: TimedText[] = [];
  const unreadable = { count: 0, first: -1 };
  const sources = header.signals.filter(({ isAnnotations, samplesPerRecord }) => isAnnotations && samplesPerRecord > 0);
  if (sources.length === 0) builder.add(null, records);
  for (let record = 0; record < records && sources.length > 0; record++) {
    const recordAt = header.dataOffset + record * layout.recordBytes;
    for (const [index, { offset, samplesPerRecord }] of sources.entries()) {
      const from = recordAt + offset * header.bytesPerSample;
      const to = Math.min(from + samplesPerRecord * header.bytesPerSample, layout.dataEnd);
      const read = parseTimedTexts(from < to ? bytes.subarray(from, to) : new Uint8Array());
      if (read.unreadable > 0 && unreadable.count === 0) unreadable.first = from + read.firstUnreadable;
      unreadable.count += read.unreadable;
      const [first] = read.texts;
      if (index === 0) builder.add(first?.text === "" ? first.onset : null, 1);
      for (const text of read.texts) if (text.text.trim() !== "") texts.push(text);
      if (texts.length > MAX_ANNOTATIONS) {
        throw new EctopyError(
          "unsupported",
          `${file} has more than ${MAX_ANNOTATIONS} annotations.`,
          "Import a shorter part of the recording.",
        );
      }
    }
  }
  if (unreadable.count > 0) {
    header.findings.push(
      warning(
        `${file}, byte ${unreadable.first}: ${unreadable.count} annotations could not be read, and were excluded.`,
      ),
    );
  }
  const timeline = builder.finish();
  return { annotations: placeTexts(texts, timeline, place), timeline };
}

/** Joins data records to segments. */
class TimelineBuilder {
  readonly #place: Place;
  readonly #segments: Segment[] = [];
  #records = 0;
  #frames = 0;
  #gaps = 0;
  #backward = 0;
  #closed = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Adds data records. @param onset start of the first one in seconds; null: right after the previous one */
  add(onset: number | null, records: number): void {
    const { header, layout, rate } = this.#place;
    const last = this.#segments.at(-1);
    const expected = last === undefined ? 0 : last.onset + last.records * header.recordSeconds;
    const from = onset ?? expected;
    if (last === undefined) {
      this.#segments.push({ record: 0, records, onset: from, frame: 0 });
    } else if (!header.hasGaps || Math.abs(from - expected) < 0.5 / rate) {
      last.records += records;
    } else {
      this.#segments.push({ record: this.#records, records, onset: from, frame: this.#frameAt(from, expected) });
    }
    this.#records += records;
    this.#frames = this.#segments.at(-1)!.frame + this.#segments.at(-1)!.records * layout.framesPerRecord;
  }

  /** Returns the frame of a segment, at the earliest after the previous one. */
  #frameAt(onset: number, expected: number): number {
    const { layout } = this.#place;
    if (onset < expected) {
      this.#backward++;
      return this.#frames;
    }
    const first = this.#segments[0].onset;
    const frame = Math.max(this.#frames, Math.round((onset - first) * layout.frameRate));
    const gap = (frame - this.#frames) / layout.frameRate;
    if (this.#gaps + gap > MAX_GAPS_SECONDS || frame * layout.samplesPerFrame > latestSample) {
      this.#closed++;
      return this.#frames;
    }
    this.#gaps += gap;
    return frame;
  }

  finish(): Timeline {
    const { header, layout, file } = this.#place;
    const absent = layout.partialFrames > 0 ? layout.framesPerRecord - layout.partialFrames : 0;
    if (this.#gaps > 0) {
      header.findings.push(
        note(`${file} has gaps of ${this.#gaps.toFixed(3)} s in total; their samples are missing.`, "missing-samples"),
      );
    }
    if (this.#backward > 0) {
      header.findings.push(
        warning(
          `${file}: ${this.#backward} data records begin before the previous one ends; they follow it.`,
          "Check the times of the recording.",
          "times-backward",
        ),
      );
    }
    if (this.#closed > 0) {
      header.findings.push(
        warning(
          `${file}: ${this.#closed} gaps are longer than ${MAX_GAPS_SECONDS / 86_400} days in total; they were closed.`,
          "Check the times of the recording.",
        ),
      );
    }
    return {
      segments: this.#segments,
      frames: Math.max(0, this.#frames - absent),
      firstOnset: this.#segments[0]?.onset ?? 0,
    };
  }
}

function placeTexts(
  texts: readonly TimedText[],
  timeline: Timeline,
  { header, layout, rate, file }: Place,
): Annotation[] {
  const annotations: Annotation[] = [];
  let latest = -Infinity;
  // Only data records whose time increases have annotations.
  const forward = timeline.segments.filter(({ onset }) => onset > latest && ((latest = onset), true));
  let outside = 0;
  let withDuration = 0;
  for (const { onset, duration, text } of texts) {
    const segment = segmentAt(forward, onset);
    const sample = segment.frame * layout.samplesPerFrame + Math.round((onset - segment.onset) * rate);
    if (!(sample >= 0 && sample <= latestSample)) {
      outside++;
      continue;
    }
    const [said, channel] = channelOf(text, layout);
    const known = annotationOfText(said);
    // A sleep stage “R” of 30 s is no beat.
    const isComment = duration > 0 || known.symbol === COMMENT_SYMBOL;
    if (duration > 0 && known.symbol !== COMMENT_SYMBOL) withDuration++;
    const { symbol, aux } = isComment
      ? { symbol: COMMENT_SYMBOL, aux: withDurationText(said.trim().slice(0, MAX_TEXT_LENGTH), duration) }
      : known;
    annotations.push({ sample, symbol, subtype: 0, channel, num: 0, aux });
  }
  if (outside > 0) {
    header.findings.push(
      warning(`${file}: ${outside} annotations are before the recording's start, and were excluded.`),
    );
  }
  if (withDuration > 0) {
    header.findings.push(
      note(`${file}: ${withDuration} annotations with the text of a beat have a duration; they were read as comments.`),
    );
  }
  return annotations.sort((a, b) => a.sample - b.sample);
}

/** Returns the last segment that begins at a time or before it; the first for an earlier time. */
function segmentAt(segments: readonly Segment[], onset: number): Segment {
  let [low, high] = [0, segments.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle].onset <= onset) low = middle;
    else high = middle - 1;
  }
  return segments[low];
}

/** Separates the lead of a text such as `Limb movement@@ECG II` (edfplus.info, standard texts). */
function channelOf(text: string, { signals }: EdfLayout): [text: string, channel: number] {
  const at = text.indexOf("@@");
  if (at < 0) return [text, 0];
  const channel = signals.findIndex(({ signal }) => signal.label === text.slice(at + 2).trim());
  return channel < 0 ? [text, 0] : [text.slice(0, at), channel];
}

const DURATION = / \(duration (\d+(?:\.\d+)?) s\)$/;

/** Annotations have no field for a duration: a comment's text ends with it. */
function withDurationText(text: string, duration: number): string {
  return duration > 0 ? `${text} (duration ${Number(duration.toFixed(6))} s)` : text;
}

/** Separates the duration from a comment's text. */
export function durationOfText(text: string): { text: string; duration: number } {
  const found = DURATION.exec(text);
  return found === null ? { text, duration: 0 } : { text: text.slice(0, found.index), duration: Number(found[1]) };
}
