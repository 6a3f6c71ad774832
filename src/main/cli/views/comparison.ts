/** Comparison of runs, as text and as a document. */
import {
  caveatsByRuns,
  looksByTestSet,
  comparableGroups,
  type PairedTest,
  type RunComparison,
  type RunCurves,
} from "../../../contract/domain/comparison.ts";
import { protocolName, settingHeading, settingValue } from "../../../contract/settings/setting-table.ts";
import { trainedOnTestsText } from "../../../contract/api/model-origin.ts";
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import { formatMetric, formatMetricSpread } from "../../../contract/text/format-metric.ts";
import { lookText } from "../../../contract/text/look-text.ts";
import { shortened } from "../../../contract/text/shorten.ts";
import { formatTable } from "../format.ts";
import { describeClassSpreads } from "./class-spreads.ts";
import { describePooled } from "./pooled.ts";
import { formatDuration, formatInteger } from "../../../contract/text/format-number.ts";

export interface ComparisonDocument extends RunComparison {
  /** McNemar's test of each run with the same test beats as the baseline, against the baseline. */
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

export function describeComparison(document: ComparisonDocument): string {
  const { runs, differing, repeats, pooled, paired, curves, trainedOnTests } = document;
  const lines = [
    formatTable(
      ["Run>", "Network", "Protocol", "Accuracy>", "Macro F1>", "Weighted F1>", "Best epoch>", "Training time>"],
      runs.map(({ id, network, protocol, status, test, bestEpoch, seconds }) =>
        test === null
          ? [String(id), network, protocolName(protocol), status, "", "", "", ""]
          : [
              String(id),
              network,
              protocolName(protocol),
              formatMetric(test.accuracy),
              formatMetric(test.macroF1),
              formatMetric(test.weightedF1),
              // External models and ensembles have no epochs.
              bestEpoch === null || bestEpoch === 0 ? "–" : String(bestEpoch),
              formatDuration(seconds ?? 0),
            ],
      ),
    ),
  ];
  if (runs.length > 1) {
    lines.push("", differing.length === 0 ? "The settings of the runs are the same." : "Differences");
    for (const { name, values } of differing) {
      const texts = values.map(
        (value, i) => `${shortened(settingValue(name, value), MAX_VALUE_LENGTH)} (${runs[i].id})`,
      );
      lines.push(`  ${settingHeading(name)}: ${texts.join(", ")}`);
    }
  }
  for (const { runs: ids, accuracy, macroF1, weightedF1, classes } of repeats.filter(
    ({ accuracy }) => accuracy.n > 1,
  )) {
    lines.push(
      "",
      `Runs ${ids.join(", ")} differ only in their seed: accuracy ${formatMetricSpread(accuracy)}, macro F1 ${formatMetricSpread(macroF1)}, weighted F1 ${formatMetricSpread(weightedF1)} (mean ± SD, n = ${accuracy.n}).`,
      "",
      describeClassSpreads(classes),
    );
  }
  if (pooled !== null) lines.push("", describePooled(pooled));
  for (const { run, onlyOneCorrect, onlyOtherCorrect, pValue } of paired) {
    lines.push(
      "",
      `Run ${run} and baseline run ${runs[0].id} on the same test beats: only run ${run} correct ${formatInteger(onlyOtherCorrect)}, only the baseline correct ${formatInteger(onlyOneCorrect)}; McNemar's test: p ${formatP(pValue)}.`,
    );
  }
  for (const { run, labels, perClass, averages } of curves) {
    lines.push(
      "",
      `Run ${run}, areas under the curves, test set`,
      formatTable(
        ["Class", "AUROC>", "Average precision>"],
        [
          ...labels.map((label, i) => [
            label,
            formatMetric(perClass[i].rocArea),
            formatMetric(perClass[i].averagePrecision),
          ]),
          ["macro", formatMetric(averages.macroRocArea), formatMetric(averages.macroAveragePrecision)],
          ["micro", formatMetric(averages.microRocArea), formatMetric(averages.microAveragePrecision)],
        ],
      ),
    );
  }
  lines.push("", "Limitations");
  const groups = caveatsByRuns(runs);
  for (const { runs: ids, protocol, caveats } of groups) {
    if (groups.length > 1) lines.push(`  Run ${ids.join(", ")} (${protocolName(protocol)})`);
    for (const caveat of caveats) lines.push(`  • ${caveat}`);
  }
  for (const each of trainedOnTests) lines.push(`  • ${trainedOnTestsText(each)}`);
  const looked = looksByTestSet(runs);
  for (const { runs: ids, looks } of looked) {
    lines.push(`  • ${looked.length > 1 ? `Run ${ids.join(", ")}: ` : ""}${lookText(looks)}`);
  }
  if (comparableGroups(runs).length > 1) {
    lines.push("  • These runs were tested on different beats: their metrics are not comparable.");
  }
  lines.push(`  • ${RESEARCH_USE_ONLY}`);
  return lines.join("\n");
}

/** Longest value of a setting, in characters. */
const MAX_VALUE_LENGTH = 60;

function formatP(value: number): string {
  return value < 0.001 ? "< 0.001" : `= ${value.toFixed(3)}`;
}
