/**
 * Run-by-run comparison of two annotators, equal to WFDB's `rxr`. Pure.
 *
 * A run has two or more ectopic beats in a row. It is detected where the other annotator has a run of the same length
 * class or a longer one between 150 ms before its first beat and 150 ms after its last.
 *
 * Source: ANSI/AAMI EC57:2012, 4.3.3, Tables 7 and 8; WFDB Applications Guide, rxr(1). That fusion beats and flutter
 * belong to ventricular runs, and beats in atrial fibrillation and flutter to supraventricular runs, was found from the
 * printed results.
 */
import type { RunLength, RunTable } from "../../../contract/domain/ec57.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import type { BeatConvention } from "../../../contract/domain/ec57.ts";
import type { ComparisonRange } from "./beat-by-beat.ts";
import { labelOfSymbol } from "./compared-beats.ts";

/** Kind of runs that are compared. */
export type RunKind = "ventricular" | "supraventricular";

/** Fewest beats of a long run. */
const LONG_RUN_BEATS = 6;
const FEWEST_BEATS: Record<RunLength, number> = { couplets: 2, shortRuns: 3, longRuns: LONG_RUN_BEATS };
/** Rhythms whose normal beats count as supraventricular ectopic. */
const ATRIAL_RHYTHMS = new Set(["(AFIB", "(AFL"]);

/** A beat, or the onset of a rhythm that counts as a long run. */
interface RunEvent {
  sample: number;
  /** Beats that it adds to a run; 0: it ends a run. */
  beats: number;
  /** Whether it adds its beats only where no run has begun. */
  onset: boolean;
}

interface Run {
  from: number;
  to: number;
  beats: number;
}

/** Compares two annotators run by run. */
export function compareRunByRun(
  reference: readonly Annotation[],
  test: readonly Annotation[],
  options: { kind: RunKind; convention: BeatConvention; range: ComparisonRange },
): RunTable {
  const [expected, found] = [runEvents(reference, options), runEvents(test, options)];
  const { window } = options.range;
  const count = (events: RunEvent[], others: RunEvent[]): ((length: RunLength) => [number, number]) => {
    const runs = runsOf(events);
    return (length) => {
      const ofLength = runs.filter((run) => runLength(run.beats) === length);
      const known = ofLength.filter(
        (run) => longestRun(others, run.from - window, run.to + window) >= FEWEST_BEATS[length],
      );
      return [known.length, ofLength.length - known.length];
    };
  };
  const [ofReference, ofTest] = [count(expected, found), count(found, expected)];
  const counts = (length: RunLength): RunTable[RunLength] => {
    const [[detected, missed], [confirmed, unconfirmed]] = [ofReference(length), ofTest(length)];
    return { detected, missed, confirmed, unconfirmed };
  };
  return { couplets: counts("couplets"), shortRuns: counts("shortRuns"), longRuns: counts("longRuns") };
}

function runLength(beats: number): RunLength | null {
  if (beats >= FEWEST_BEATS.longRuns) return "longRuns";
  if (beats >= FEWEST_BEATS.shortRuns) return "shortRuns";
  return beats === FEWEST_BEATS.couplets ? "couplets" : null;
}

/** Returns an annotator's beats in the range, with the onsets of rhythms that count as a long run. */
function runEvents(
  annotations: readonly Annotation[],
  { kind, convention, range }: { kind: RunKind; convention: BeatConvention; range: ComparisonRange },
): RunEvent[] {
  const events: RunEvent[] = [];
  let atrial = false;
  let begun = false;
  for (const { sample, symbol, aux } of annotations.toSorted((a, b) => a.sample - b.sample)) {
    if (sample > range.to) break;
    if (!begun && sample >= range.from) {
      begun = true;
      if (kind === "supraventricular" && atrial) events.push(longOnset(range.from, true));
    }
    if (symbol === "+") {
      atrial = ATRIAL_RHYTHMS.has(aux.trim());
      if (begun && kind === "supraventricular" && atrial) events.push(longOnset(sample, true));
    } else if (begun && kind === "ventricular" && symbol === "[") {
      events.push(longOnset(sample, false));
    }
    const label = begun ? labelOfSymbol(symbol, convention) : null;
    if (label === null) continue;
    const ectopic =
      kind === "ventricular" ? label === "V" || label === "F" : label === "S" || (atrial && label === "N");
    events.push({ sample, beats: ectopic ? 1 : 0, onset: false });
  }
  return events;
}

function longOnset(sample: number, onset: boolean): RunEvent {
  return { sample, beats: LONG_RUN_BEATS, onset };
}

function runsOf(events: readonly RunEvent[]): Run[] {
  const runs: Run[] = [];
  let current: Run | null = null;
  for (const { sample, beats, onset } of events) {
    if (beats === 0) {
      current = null;
    } else if (current === null) {
      current = { from: sample, to: sample, beats };
      runs.push(current);
    } else {
      current.to = sample;
      if (!onset) current.beats += beats;
    }
  }
  return runs;
}

/** Returns the beats of the longest run in a range. */
function longestRun(events: readonly RunEvent[], from: number, to: number): number {
  const inside = events.slice(firstFrom(events, from), firstFrom(events, to + 1));
  return runsOf(inside).reduce((longest, { beats }) => Math.max(longest, beats), 0);
}

/** Index of the first event at a sample or after it. */
function firstFrom(events: readonly RunEvent[], sample: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].sample < sample) low = middle + 1;
    else high = middle;
  }
  return low;
}
