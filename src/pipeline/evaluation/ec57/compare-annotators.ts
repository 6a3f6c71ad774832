/** Compares two annotators of a recording by EC57: beats, runs and labels. Pure. */
import type { BeatConvention, Ec57Record } from "../../../contract/domain/ec57.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { compareBeatByBeat, type ComparisonRange } from "./beat-by-beat.ts";
import { comparedBeats, MATCH_WINDOW_S } from "./compared-beats.ts";
import { labelAgreementOf, metricsOf, runMetricsOf } from "./metrics.ts";
import { compareRunByRun } from "./run-by-run.ts";

export interface AnnotatorComparison {
  record: string;
  /** Sampling rate of the annotations' times, in Hz. */
  rate: number;
  /** Samples of the recording; null: unknown, and the comparison ends at the last beat of the reference. */
  length: number | null;
  reference: readonly Annotation[];
  test: readonly Annotation[];
  /** Start of the comparison, in s. */
  from: number;
  convention: BeatConvention;
}

/** Compares two annotators of one recording. */
export function compareAnnotators(comparison: AnnotatorComparison): Ec57Record {
  const { record, rate, reference, test, convention } = comparison;
  const beats = comparedBeats(reference, { rate, convention });
  const range: ComparisonRange = {
    from: Math.round(comparison.from * rate),
    to: comparison.length ?? beats.beats.at(-1)?.sample ?? 0,
    window: Math.round(MATCH_WINDOW_S * rate),
  };
  const { matrix, rrSquares, rrIntervals, shutdown } = compareBeatByBeat(
    beats,
    comparedBeats(test, { rate, convention }),
    range,
  );
  const ventricularRuns = compareRunByRun(reference, test, { kind: "ventricular", convention, range });
  const supraventricularRuns = compareRunByRun(reference, test, { kind: "supraventricular", convention, range });
  const rrErrorMs = rrIntervals === 0 ? null : (1000 * Math.sqrt(rrSquares / rrIntervals)) / rate;
  return {
    record,
    paced: reference.some(({ symbol }) => symbol === "/"),
    ...metricsOf(matrix),
    counts: { matrix, ventricularRuns, supraventricularRuns },
    rrErrorMs: rrErrorMs === null ? null : Number(rrErrorMs.toFixed(2)),
    shutdownSeconds: shutdown / rate,
    ventricularRunMetrics: runMetricsOf(ventricularRuns),
    supraventricularRunMetrics: runMetricsOf(supraventricularRuns),
    agreement: labelAgreementOf(matrix),
  };
}
