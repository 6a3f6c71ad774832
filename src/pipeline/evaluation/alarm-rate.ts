/** Sensitivity of each class at a rate of false positives per hour: what an alarm limit costs. */
import type { AlarmPoint } from "../../contract/domain/calibration.ts";
import { scoresOf, scoreSteps } from "./threshold-curves.ts";

export interface AlarmInput {
  /** Beats × classes. */
  probabilities: Float32Array;
  truth: Uint8Array;
  labels: readonly string[];
  /** Duration of the recordings that the test beats are of, in hours. */
  hours: number;
  /** False positives per hour, at most. */
  rate: number;
}

/**
 * Returns, for each class, the lowest threshold of its probability at which no more than `rate` beats of other classes
 * per hour reach it, and the sensitivity at that threshold.
 */
export function alarmPoints({ probabilities, truth, labels, hours, rate }: AlarmInput): AlarmPoint[] {
  return labels.map((label, number) => {
    const isOf = truth.map((value) => (value === number ? 1 : 0));
    const { truePositives, falsePositives, thresholds } = scoreSteps(
      scoresOf(probabilities, labels.length, number),
      isOf,
    );
    const beats = truePositives.at(-1) ?? 0;
    const within = falsePositives.findLastIndex((count) => count <= rate * hours);
    if (beats === 0) return { label, threshold: null, sensitivity: null, ppv: null, perHour: null };
    if (within < 0) return { label, threshold: null, sensitivity: 0, ppv: null, perHour: 0 };
    const [found, wrong] = [truePositives[within], falsePositives[within]];
    return {
      label,
      threshold: thresholds[within],
      sensitivity: found / beats,
      ppv: found / (found + wrong),
      perHour: wrong / hours,
    };
  });
}
