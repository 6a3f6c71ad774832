/** Results by recording and intervals over patients, as text. */
import { testedClasses, type Interval, type PatientResults } from "../../../contract/domain/evaluation.ts";
import { formatInterval, formatMetric, NO_METRIC } from "../../../contract/text/format-metric.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import { NO_RECORDING_RESULTS, TOO_FEW_PATIENTS } from "../../../contract/text/patient-text.ts";
import { formatTable } from "../format.ts";

/** @param results null: the test set has synthetic beats */
export function describePatients(results: PatientResults | null): string {
  if (results === null) return NO_RECORDING_RESULTS;
  const { recordings, intervals } = results;
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
  ];
  if (intervals === null) return [...lines, TOO_FEW_PATIENTS].join("\n");
  lines.push(
    `95 % intervals over patients (bootstrap over ${formatInteger(intervals.patients)} patients, ${formatInteger(intervals.resamples)} resamples)`,
    formatTable(
      ["Class", "Sensitivity>", "PPV>", "F1>"],
      classes.map(({ label, number }) => {
        const { sensitivity, ppv, f1 } = intervals.perClass[number];
        return [label, bounds(sensitivity), bounds(ppv), bounds(f1)];
      }),
    ),
    `Accuracy ${bounds(intervals.accuracy)}, macro F1 ${bounds(intervals.macroF1)}, weighted F1 ${bounds(intervals.weightedF1)}.`,
  );
  return lines.join("\n");
}

function bounds(interval: Interval | null): string {
  return interval === null ? NO_METRIC : `${formatInterval(interval)} %`;
}
