/** Text about test beats of a run: titles, counts, probabilities and locations. */
import type { TestedBeat } from "../../../../contract/domain/comparison.ts";
import type { ConfusionMatrix } from "../../../../contract/domain/evaluation.ts";
import { counted, formatInteger, formatMetric, NONE } from "../../../base/format.ts";
import { formatClock } from "../../../../contract/text/format-clock.ts";

/** @param truth class label; null: any @param predicted class label; null: any */
export function beatsTitle(truth: string | null, predicted: string | null): string {
  if (truth === null) return predicted === null ? "All test beats" : `Beats predicted as ${predicted}`;
  if (predicted === null) return `Beats of class ${truth}`;
  return `Beats of class ${truth} predicted as ${predicted}`;
}

/**
 * Counts the beats in cells of the matrix.
 * @param truth class number; null: any
 * @param predicted class number; null: any
 */
export function countBeats(confusion: ConfusionMatrix, truth: number | null, predicted: number | null): number {
  return confusion.reduce(
    (sum, row, i) =>
      (truth ?? i) === i
        ? row.reduce((rowSum, beats, j) => ((predicted ?? j) === j ? rowSum + beats : rowSum), sum)
        : sum,
    0,
  );
}

/** Returns the number of beats and their share of the true class: `10 of 100 test beats of class N (10.00 %)`. */
export function beatShareText(
  confusion: ConfusionMatrix,
  labels: readonly string[],
  truth: number | null,
  predicted: number | null,
): string {
  const beats = countBeats(confusion, truth, predicted);
  const all = countBeats(confusion, truth, null);
  if (predicted === null || all === 0) return counted(beats, "test beat");
  const total = truth === null ? "test beats" : `test beats of class ${labels[truth]}`;
  return `${formatInteger(beats)} of ${formatInteger(all)} ${total} (${formatMetric(beats / all)})`;
}

/** Formats a probability in %. It never rounds to 0 or 100 %, since a network is never certain. */
export function formatProbability(probability: number): string {
  if (!Number.isFinite(probability)) return NONE;
  const percent = 100 * probability;
  if (percent > 99.9) return ">99.9 %";
  return percent < 0.1 ? "<0.1 %" : `${percent.toFixed(1)} %`;
}

export interface BeatLocation {
  record: string;
  time: string;
}

/** Returns recording and time of a beat; for a synthetic beat, the recordings it was made from. */
export function beatLocation({ record, sample, rate, towards }: TestedBeat): BeatLocation {
  return towards === null
    ? { record, time: formatClock(sample / rate, 3) }
    : { record: record === towards.record ? record : `${record} + ${towards.record}`, time: "synthetic" };
}
