/** The beats behind a figure, in words. */
import type { TestedBeat } from "../../../../contract/domain/comparison.ts";
import type { ConfusionMatrix } from "../../../../contract/domain/evaluation.ts";
import { counted, formatInteger, formatShareOf, NONE } from "../../../base/format.ts";
import { formatClock } from "../../../base/record-time.ts";

/** @param truth class label; null: any */
export function beatsTitle(truth: string | null, predicted: string | null): string {
  if (truth === null) return predicted === null ? "All test beats" : `Beats read as ${predicted}`;
  if (predicted === null) return `Beats of class ${truth}`;
  return `Beats of class ${truth} read as ${predicted === truth ? "such" : predicted}`;
}

/** Beats in those cells of the matrix. @param truth class number; null: any */
export function beatsIn(confusion: ConfusionMatrix, truth: number | null, predicted: number | null): number {
  return confusion.reduce(
    (sum, row, i) =>
      (truth ?? i) === i ? row.reduce((part, beats, j) => ((predicted ?? j) === j ? part + beats : part), sum) : sum,
    0,
  );
}

/** How many they are, and of how many. */
export function beatsShare(
  confusion: ConfusionMatrix,
  labels: readonly string[],
  truth: number | null,
  predicted: number | null,
): string {
  const beats = beatsIn(confusion, truth, predicted);
  const all = beatsIn(confusion, truth, null);
  if (predicted === null || all === 0) return counted(beats, "test beat");
  const whose = truth === null ? "test beats" : `test beats of class ${labels[truth]}`;
  return `${formatInteger(beats)} of the ${formatInteger(all)} ${whose} (${formatShareOf(beats / all, all)})`;
}

/** A probability that rounds to certainty, or to nothing, is neither. */
export function formatChance(probability: number): string {
  if (!Number.isFinite(probability)) return NONE;
  const percent = 100 * probability;
  if (percent > 99.9) return ">99.9 %";
  return percent < 0.1 ? "<0.1 %" : `${percent.toFixed(1)} %`;
}

export interface PlaceWords {
  record: string;
  time: string;
}

/** Where it stands, or what it was made of. @param rate samples a second */
export function placeWords({ record, sample, towards }: TestedBeat, rate: number): PlaceWords {
  return towards === null
    ? { record, time: formatClock(sample / rate, 3) }
    : { record: record === towards.record ? record : `${record} + ${towards.record}`, time: "synthetic" };
}
