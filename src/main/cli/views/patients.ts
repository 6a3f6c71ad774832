/** Results by recording and intervals over patients, as text. */
import { testedClasses, type Interval, type PatientResults } from "../../../contract/domain/evaluation.ts";
import { formatInterval, formatMetric, NO_METRIC } from "../../../contract/text/format-metric.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import {
  dominatedText,
  lossBounds,
  noRecordingResults,
  rareText,
  TOO_FEW_PATIENTS,
} from "../../../contract/text/patient-text.ts";
import { formatTable } from "../format.ts";

/** @param results null: the test set has synthetic beats, or beats of a table */
export function describePatients(
  results: PatientResults | null,
  settings: Pick<PreparationSettings, "rowSamples"> = {},
): string {
  if (results === null) return noRecordingResults(settings);
  const { recordings, intervals, dominated, rare } = results;
  const classes = testedClasses(results);
  const lines = [
    "Results by recording, most errors first (columns by class: sensitivity)",
    formatTable(
      ["Recording", "Beats>", "Errors>", "Accuracy>", ...classes.map(({ label }) => `${label}>`)],
      recordings.map(({ record, beats, errors, accuracy, perClass }) => [
        record,
        formatInteger(beats),
        formatInteger(errors),
        formatMetric(accuracy),
        ...classes.map(({ number }) =>
          perClass[number].support === 0 ? NO_METRIC : formatMetric(perClass[number].sensitivity),
        ),
      ]),
    ),
    "",
    ...dominated.map(dominatedText),
    ...[rareText(rare) ?? []].flat(),
    ...(dominated.length + rare.length > 0 ? [""] : []),
  ];
  if (intervals === null) return [...lines, TOO_FEW_PATIENTS].join("\n");
  lines.push(
    `95 % intervals over patients (bootstrap over ${formatInteger(intervals.patients)} patients, ${formatInteger(intervals.resamples)} resamples)`,
    formatTable(
      ["Class", "Sensitivity>", "PPV>", "Specificity>", "F1>", "AUROC>", "Average precision>"],
      classes.map(({ label, number }) => {
        const { sensitivity, ppv, specificity, f1, rocArea, averagePrecision } = intervals.perClass[number];
        return [label, ...[sensitivity, ppv, specificity, f1, rocArea, averagePrecision].map(bounds)];
      }),
    ),
    `Accuracy ${bounds(intervals.accuracy)}, macro F1 ${bounds(intervals.macroF1)}, weighted F1 ${bounds(intervals.weightedF1)}, ` +
      `loss ${lossBounds(intervals.loss)}, macro AUROC ${bounds(intervals.macroRocArea)}, ` +
      `macro average precision ${bounds(intervals.macroAveragePrecision)}.`,
  );
  return lines.join("\n");
}

function bounds(interval: Interval | null): string {
  return interval === null ? NO_METRIC : `${formatInterval(interval)} %`;
}
