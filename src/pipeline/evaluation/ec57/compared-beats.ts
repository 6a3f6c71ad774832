/**
 * What EC57 compares of an annotator: beats with their labels, and the intervals without comparison. Pure.
 *
 * Source: ANSI/AAMI EC57:2012, 4.3; WFDB Applications Guide, bxb(1) and annot(5). Beats and gaps are checked against
 * printed results of WFDB's programs on MIT-BIH.
 */
import type { BeatConvention, BeatLabel } from "../../../contract/domain/ec57.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";

export interface LabelledBeat {
  sample: number;
  label: BeatLabel;
}

/** Interval in samples; both ends belong to it. */
export interface SampleInterval {
  from: number;
  to: number;
}

export interface ComparedBeats {
  /** All beats in order of time, also earlier than the comparison. */
  beats: LabelledBeat[];
  /** Ventricular flutter or fibrillation, from `[` to `]`. */
  flutter: SampleInterval[];
  /** Unreadable signal ("shutdown"): from a change of signal quality that says so to the next one. */
  unreadable: SampleInterval[];
}

/** Longest distance in s between the times of two annotators for one beat. */
export const MATCH_WINDOW_S = 0.15;

/** Both bits that mark signal 0 and 1 as unreadable, in the subtype of `~`. */
const UNREADABLE_BITS = 0x30;

const LABELS: Record<string, BeatLabel> = Object.fromEntries(
  Object.entries({ N: "NLRB", S: "AaJS", V: "VEr", F: "F", Q: "Q/f?" }).flatMap(([label, symbols]) =>
    [...symbols].map((symbol) => [symbol, label as BeatLabel]),
  ),
);
const ESCAPE_BEATS = new Set(["e", "j", "n"]);

/** Returns the label of a beat annotation; null: no beat. */
export function labelOfSymbol(symbol: string, convention: BeatConvention): BeatLabel | null {
  if (ESCAPE_BEATS.has(symbol)) return convention === "ec57" ? "S" : "N";
  return LABELS[symbol] ?? null;
}

/** Returns an annotator's beats, and the intervals that it leaves without beats. */
export function comparedBeats(
  annotations: readonly Annotation[],
  { rate, convention }: { rate: number; convention: BeatConvention },
): ComparedBeats {
  const sorted = annotations.toSorted((a, b) => a.sample - b.sample);
  const beats = sorted.flatMap(({ sample, symbol }) => {
    const label = labelOfSymbol(symbol, convention);
    return label === null ? [] : [{ sample, label }];
  });
  return { beats, flutter: flutterIntervals(sorted), unreadable: unreadableIntervals(sorted, rate) };
}

function flutterIntervals(sorted: readonly Annotation[]): SampleInterval[] {
  const intervals: SampleInterval[] = [];
  let open: SampleInterval | null = null;
  for (const { sample, symbol } of sorted) {
    if (symbol === "[" && open === null) {
      open = { from: sample, to: Infinity };
      intervals.push(open);
    } else if (symbol === "]" && open !== null) {
      open.to = sample;
      open = null;
    }
  }
  return intervals;
}

/**
 * Returns the unreadable intervals. The AHA database marks one by a single annotation near its middle: where a beat
 * follows before the next change of signal quality, the interval reaches from 150 ms after the annotation before to 150
 * ms before the one after.
 */
function unreadableIntervals(sorted: readonly Annotation[], rate: number): SampleInterval[] {
  const margin = Math.round(MATCH_WINDOW_S * rate);
  const intervals: SampleInterval[] = [];
  let open: { interval: SampleInterval; index: number } | null = null;
  for (const [index, { sample, symbol, subtype }] of sorted.entries()) {
    if (symbol === "~") {
      const unreadable = (subtype & UNREADABLE_BITS) === UNREADABLE_BITS;
      if (open !== null && !unreadable) {
        open.interval.to = sample;
        open = null;
      } else if (open === null && unreadable) {
        open = { interval: { from: sample, to: Infinity }, index };
        intervals.push(open.interval);
      }
    } else if (open !== null && labelOfSymbol(symbol, "ec57") !== null) {
      open.interval.from = (sorted[open.index - 1]?.sample ?? -margin) + margin;
      open.interval.to = sorted[open.index + 1].sample - margin;
      open = null;
    }
  }
  return intervals.filter(({ from, to }) => to >= from);
}

/** Returns whether a sample lies in one of the intervals. */
export function isWithin(intervals: readonly SampleInterval[], sample: number): boolean {
  return intervals.some(({ from, to }) => sample >= from && sample <= to);
}
