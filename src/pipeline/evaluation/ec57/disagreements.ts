/** Where two annotators of a recording disagree, beat by beat. Pure. */
import type { BeatConvention } from "../../../contract/domain/ec57.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { matchBeats } from "./beat-by-beat.ts";
import { comparedBeats, MATCH_WINDOW_S } from "./compared-beats.ts";

export interface DisagreementOptions {
  /** Sampling rate of the annotations' times, in Hz. */
  rate: number;
  /** Samples of the recording. */
  length: number;
  convention: BeatConvention;
  /** Whether labels are compared; otherwise only whether both have a beat. */
  labels: boolean;
}

/**
 * Returns the time of each beat that one annotator alone has, and, on request, of each beat with two labels, by the
 * first annotator that has it. The recording is compared from its start: a reader wants every difference.
 */
export function disagreementsOf(
  one: readonly Annotation[],
  other: readonly Annotation[],
  { rate, length, convention, labels }: DisagreementOptions,
): Uint32Array {
  const pairs = matchBeats(comparedBeats(one, { rate, convention }), comparedBeats(other, { rate, convention }), {
    from: 0,
    to: length,
    window: Math.round(MATCH_WINDOW_S * rate),
  });
  const found = pairs.filter(
    ({ reference, test }) => reference === null || test === null || (labels && reference.label !== test.label),
  );
  return Uint32Array.from(found, ({ reference, test }) => reference?.sample ?? test?.sample ?? 0).sort();
}
