/** Classification of recordings as text: what fits, what a threshold costs, and the result. */
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import type {
  ClassificationCheck,
  ClassificationResult,
  UnsureCosts,
} from "../../../contract/domain/classification.ts";
import { protocolName } from "../../../contract/settings/setting-table.ts";
import {
  costCells,
  costColumns,
  UNCLASSIFIED_NOTE,
  UNLIKE_NOTE,
  UNSURE_NOTE,
} from "../../../contract/text/classification-text.ts";
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { counted, formatInteger } from "../../../contract/text/format-number.ts";
import { formatTable } from "../format.ts";

/** Returns the run with its test metrics, and what to know about each recording. */
export function describeCheck({ run, problem, recordings, set }: ClassificationCheck, dataset: number): string {
  const { id, title, protocol, test, warning, calibrated } = run;
  const lines = [
    `Run ${id}, ${title} (${protocolName(protocol)}): test accuracy ${formatMetric(test.accuracy)}, macro F1 ${formatMetric(test.macroF1)}.`,
    ...(warning === null ? [] : [`  ${warning}`]),
    ...(calibrated ? [] : ["  Its probabilities are not calibrated: it was trained by an earlier version."]),
  ];
  if (problem !== null) return [...lines, problem].join("\n");
  const unfit = recordings.filter((each) => each.problem !== null);
  const replaced = set.replaces ? ", which is replaced" : "";
  return [
    ...lines,
    `Dataset ${dataset}: ${counted(recordings.length - unfit.length, "recording")}, annotation set ${set.name}${replaced}.`,
    ...unfit.map(({ record, problem: reason }) => `Excluded: ${record}. ${reason}`),
    ...noted(recordings).map(([warning, records]) => `${records.join(", ")}: ${warning}`),
    ...detectionLine(recordings.filter((each) => each.problem === null && each.peaks === null)),
  ].join("\n");
}

/** Returns each warning with its recordings. */
function noted(recordings: ClassificationCheck["recordings"]): [warning: string, records: string[]][] {
  const records = new Map<string, string[]>();
  for (const { record, warnings } of recordings) {
    for (const warning of warnings) records.set(warning, [...(records.get(warning) ?? []), record]);
  }
  return [...records];
}

function detectionLine(detected: readonly unknown[]): string[] {
  return detected.length === 0
    ? []
    : [`${counted(detected.length, "recording")} without heartbeats: their R-peaks are detected first.`];
}

export function describeCosts({ beats, costs }: UnsureCosts): string {
  return [
    "",
    `What a threshold costs on the test set (${counted(beats, "beat")})`,
    formatTable(
      costColumns.map((title) => `${title}>`),
      costs.map(costCells),
    ),
    UNSURE_NOTE,
  ].join("\n");
}

export function describeClassification(result: ClassificationResult): string {
  const { set, labels, recordings, skipped, unlikeProblem } = result;
  const cells = (row: { counts: number[]; unsure: number; unlike: number; unclassified: number }): string[] =>
    [...row.counts, row.unsure, row.unlike, row.unclassified].map(formatInteger);
  const sum = (of: (row: (typeof recordings)[number]) => number): number =>
    recordings.reduce((total, row) => total + of(row), 0);
  const total = {
    counts: labels.map((_, i) => sum(({ counts }) => counts[i])),
    unsure: sum(({ unsure }) => unsure),
    unlike: sum(({ unlike }) => unlike),
    unclassified: sum(({ unclassified }) => unclassified),
  };
  return [
    "",
    formatTable(
      ["Recording", ...labels.map((label) => `${label}>`), "Unsure>", "Unlike training>", "No class>"],
      [
        ...recordings.map((row) => [row.record, ...cells(row)]),
        ...(recordings.length > 1 ? [["All", ...cells(total)]] : []),
      ],
    ),
    "",
    `Stored as the annotation set ${set.name} of dataset ${set.datasetId}; R-peaks: ${set.parent ?? "detected"}; ` +
      `unsure below ${set.threshold}.`,
    ...skipped.map(({ record, reason }) => `Excluded: ${record}. ${reason}`),
    unlikeProblem === null ? UNLIKE_NOTE : `Beats unlike the training beats are not marked: ${unlikeProblem}`,
    ...(total.unclassified === 0 ? [] : [UNCLASSIFIED_NOTE]),
    RESEARCH_USE_ONLY,
  ].join("\n");
}
