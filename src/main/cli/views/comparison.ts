/** Runs side by side, as text and as a document. */
import {
  caveatsByRuns,
  type PairedTest,
  type RunComparison,
  type RunCurves,
} from "../../../contract/domain/comparison.ts";
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import { formatTable } from "../format.ts";
import { formatDuration, formatInteger, formatPercent, formatPercentSpread, formatScore } from "../../base/numbers.ts";

export interface ComparisonDocument extends RunComparison {
  /** Each run on the same beats as the first, against it. */
  paired: ({ run: number } & PairedTest)[];
  curves: RunCurves[];
}

export function comparisonDocument(
  comparison: RunComparison,
  paired: ComparisonDocument["paired"],
  curves: RunCurves[],
): ComparisonDocument {
  return { ...comparison, paired, curves };
}

export function describeComparison({ runs, differing, repeats, paired, curves }: ComparisonDocument): string {
  const lines = [
    formatTable(
      ["Run>", "Network", "Protocol", "Accuracy>", "Macro F1>", "Weighted F1>", "Epoch>", "Time>"],
      runs.map(({ id, network, protocol, status, test, bestEpoch, seconds }) =>
        test === null
          ? [String(id), network, protocol, status, "", "", "", ""]
          : [
              String(id),
              network,
              protocol,
              formatPercent(test.accuracy),
              formatScore(test.macroF1),
              formatScore(test.weightedF1),
              String(bestEpoch),
              formatDuration(seconds ?? 0),
            ],
      ),
    ),
  ];
  if (runs.length > 1) {
    lines.push("", differing.length === 0 ? "Their settings are the same." : "What differs");
    for (const { name, values } of differing) {
      lines.push(`  ${name}: ${values.map((value, i) => `${short(value)} (${runs[i].id})`).join(", ")}`);
    }
  }
  for (const { runs: ids, accuracy, macroF1, weightedF1 } of repeats.filter(({ accuracy }) => accuracy.n > 1)) {
    lines.push(
      "",
      `Runs ${ids.join(", ")} differ in their seed alone: accuracy ${formatPercentSpread(accuracy)}, macro F1 ${formatPercentSpread(macroF1)}, weighted F1 ${formatPercentSpread(weightedF1)} (mean ± SD, n = ${accuracy.n}).`,
    );
  }
  for (const { run, onlyOneCorrect, onlyOtherCorrect, pValue } of paired) {
    lines.push(
      "",
      `Run ${run} against run ${runs[0].id}, on the same beats: right alone ${formatInteger(onlyOtherCorrect)} and ${formatInteger(onlyOneCorrect)}, McNemar p ${formatP(pValue)}.`,
    );
  }
  for (const { run, labels, perClass, averages } of curves) {
    lines.push(
      "",
      `Run ${run}, areas on the test part`,
      formatTable(
        ["Class", "ROC>", "Precision-recall>"],
        [
          ...labels.map((label, i) => [label, area(perClass[i].rocArea), area(perClass[i].averagePrecision)]),
          ["macro", area(averages.macroRocArea), area(averages.macroAveragePrecision)],
          ["micro", area(averages.microRocArea), area(averages.microAveragePrecision)],
        ],
      ),
    );
  }
  lines.push("", "What this can and cannot show");
  const groups = caveatsByRuns(runs);
  for (const { runs: ids, protocol, caveats } of groups) {
    if (groups.length > 1) lines.push(`  Run ${ids.join(", ")} (${protocol})`);
    for (const caveat of caveats) lines.push(`  • ${caveat}`);
  }
  if (new Set(runs.map(({ preparation }) => preparation)).size > 1) {
    lines.push("  • These runs were tested on different beats: their figures are not of the same question.");
  }
  lines.push(`  • ${RESEARCH_USE_ONLY}`);
  return lines.join("\n");
}

function short(value: string | null): string {
  if (value === null) return "–";
  return value.length > 60 ? `${value.slice(0, 57)}…` : value;
}

function area(value: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(4);
}

function formatP(value: number): string {
  return value < 0.001 ? "< 0.001" : `= ${value.toFixed(3)}`;
}
