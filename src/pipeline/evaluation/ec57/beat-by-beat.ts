/**
 * Beat-by-beat comparison of two annotators, equal to WFDB's `bxb`. Pure.
 *
 * Source: ANSI/AAMI EC57:2012, 4.3.2 (matching), Table 3 (matrix); WFDB Applications Guide, bxb(1). How RR intervals are
 * compared is in no document: it was found from the printed results.
 */
import { beatLabels, NO_PARTNER, UNREADABLE, type BeatMatrix } from "../../../contract/domain/ec57.ts";
import { emptyMatrix } from "../confusion.ts";
import { isWithin, type ComparedBeats, type LabelledBeat, type SampleInterval } from "./compared-beats.ts";

/** Range of a comparison and its match window, in samples. */
export interface ComparisonRange {
  /** First compared sample: after five minutes by EC57. */
  from: number;
  /** Last compared sample. */
  to: number;
  /** Longest distance between the two times of one beat. */
  window: number;
}

/** One step of a comparison: a matched pair, or a beat that one annotator alone has. */
export interface BeatPair {
  reference: LabelledBeat | null;
  test: LabelledBeat | null;
}

/** Outcome of a comparison. */
export interface BeatByBeat {
  matrix: BeatMatrix;
  /** Sum of the squared differences of RR intervals, in samples², and their number. */
  rrSquares: number;
  rrIntervals: number;
  /** Time in which the test annotator marks the signal as unreadable, in samples. */
  shutdown: number;
}

/** Compares two annotators beat by beat. */
export function compareBeatByBeat(reference: ComparedBeats, test: ComparedBeats, range: ComparisonRange): BeatByBeat {
  const matrix = emptyMatrix(UNREADABLE + 1);
  const outcome: BeatByBeat = { matrix, rrSquares: 0, rrIntervals: 0, shutdown: overlap(test.unreadable, range) };
  for (const step of comparisonSteps(reference, test, range)) {
    matrix[rowOf(step.reference, reference, step.test)][rowOf(step.test, test, step.reference)]++;
    if (step.rrError !== null) {
      outcome.rrSquares += step.rrError ** 2;
      outcome.rrIntervals++;
    }
  }
  return outcome;
}

/** Returns the pairs of a comparison in order of time. */
export function matchBeats(reference: ComparedBeats, test: ComparedBeats, range: ComparisonRange): BeatPair[] {
  return [...comparisonSteps(reference, test, range)];
}

/** Row or column of a beat; for a missing one, of the reason why it is missing. */
function rowOf(beat: LabelledBeat | null, { unreadable }: ComparedBeats, other: LabelledBeat | null): number {
  if (beat !== null) return beatLabels.indexOf(beat.label);
  return other !== null && isWithin(unreadable, other.sample) ? UNREADABLE : NO_PARTNER;
}

/**
 * Steps through both annotators. The earlier of the next two beats decides: it is matched with the other one within the
 * window, unless the beat after it is nearer to the other one. Beats of the test annotator in flutter of the reference
 * are left out.
 */
function* comparisonSteps(
  reference: ComparedBeats,
  test: ComparedBeats,
  { from, to, window }: ComparisonRange,
): Generator<BeatPair & { rrError: number | null }> {
  const inside = ({ sample }: LabelledBeat): boolean => sample >= from && sample <= to;
  const expected = new BeatCursor(reference, inside);
  const found = new BeatCursor(test, (beat) => inside(beat) && !isWithin(reference.flutter, beat.sample));
  while (expected.beat !== null || found.beat !== null) {
    const [a, b] = [expected.sample, found.sample];
    const matched =
      Math.abs(a - b) <= window &&
      (b < a ? a - b <= Math.abs(a - found.nextSample) : b - a <= Math.abs(b - expected.nextSample));
    const rrError = expected.interval === null || found.interval === null ? null : expected.interval - found.interval;
    const step = {
      reference: matched || a <= b ? expected.beat : null,
      test: matched || b < a ? found.beat : null,
      rrError,
    };
    if (step.reference !== null) expected.advance();
    if (step.test !== null) found.advance();
    yield step;
  }
}

/** Position in the beats of one annotator. */
class BeatCursor {
  readonly #beats: LabelledBeat[];
  /** Where RR intervals are not compared: they would span flutter or unreadable signal. */
  readonly #gaps: SampleInterval[];
  #index = 0;
  /** Time of the beat before, also of one before the comparison begins; null: none. */
  #before: number | null = null;

  constructor({ beats, flutter, unreadable }: ComparedBeats, isCompared: (beat: LabelledBeat) => boolean) {
    this.#beats = beats.filter(isCompared);
    this.#gaps = [...flutter, ...unreadable];
    const first = this.#beats[0]?.sample ?? -Infinity;
    this.#before = beats.findLast(({ sample }) => sample < first)?.sample ?? null;
  }

  get beat(): LabelledBeat | null {
    return this.#beats[this.#index] ?? null;
  }

  /** Time of the beat; after the last one, infinite. */
  get sample(): number {
    return this.beat?.sample ?? Infinity;
  }

  get nextSample(): number {
    return this.#beats[this.#index + 1]?.sample ?? Infinity;
  }

  /** RR interval that ends at the beat, in samples; null: unknown, or not to be compared. */
  get interval(): number | null {
    const [start, end] = [this.#before, this.beat?.sample];
    if (start === null || end === undefined) return null;
    return this.#gaps.some(({ from, to }) => from < end && to > start) ? null : end - start;
  }

  advance(): void {
    this.#before = this.sample;
    this.#index++;
  }
}

/** Samples of the range that lie in intervals. */
function overlap(intervals: readonly SampleInterval[], { from, to }: ComparisonRange): number {
  return intervals.reduce(
    (sum, interval) => sum + Math.max(0, Math.min(interval.to, to) - Math.max(interval.from, from)),
    0,
  );
}
