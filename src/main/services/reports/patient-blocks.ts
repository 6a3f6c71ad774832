/** Results by recording and intervals over patients, as blocks of a report. */
import {
  testedClasses,
  type ClassMetrics,
  type Interval,
  type PatientResults,
} from "../../../contract/domain/evaluation.ts";
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import { formatInterval, formatMetric, NO_METRIC } from "../../../contract/text/format-metric.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import {
  dominatedText,
  lossBounds,
  noRecordingResults,
  patientIntervalNote,
  rareText,
  TOO_FEW_PATIENTS,
} from "../../../contract/text/patient-text.ts";
import { numberColumns, textColumns, type Block, type Cell, type Table } from "./document.ts";
import type { ReportRun } from "./report-run.ts";
import { classCell } from "./sections.ts";

/** Returns the results of one run by recording, and its intervals over patients. */
export function patientBlocks(
  results: PatientResults | null,
  settings: Pick<PreparationSettings, "rowSamples"> = {},
): Block[] {
  if (results === null) return [{ kind: "paragraph", text: noRecordingResults(settings) }];
  const { recordings, intervals, dominated, rare } = results;
  const classes = testedClasses(results);
  const byRecording: Table = {
    kind: "table",
    caption: `Results by recording of the test set, most errors first. Columns by class: sensitivity in %; ${NO_METRIC}: the recording has no beat of the class.`,
    columns: [
      ...textColumns("Recording"),
      ...numberColumns("Beats", "Errors", "Accuracy", ...classes.map(({ label }) => label)),
    ],
    rows: recordings.map(({ record, beats, errors, accuracy, perClass }): Cell[] => [
      record,
      formatInteger(beats),
      formatInteger(errors),
      formatMetric(accuracy),
      ...classes.map(({ number }) => narrowSensitivity(perClass[number])),
    ]),
    size: "small",
  };
  const remarks = [...dominated.map(dominatedText), ...[rareText(rare) ?? []].flat()];
  const first: Block[] = [byRecording, ...(remarks.length === 0 ? [] : [{ kind: "list" as const, items: remarks }])];
  if (intervals === null) return [...first, { kind: "paragraph", text: TOO_FEW_PATIENTS }];
  const ofClasses = classes.map(({ label, number }): Cell[] => {
    const { sensitivity, ppv, specificity, f1, rocArea, averagePrecision } = intervals.perClass[number];
    return [classCell(label), ...[sensitivity, ppv, specificity, f1, rocArea, averagePrecision].map(narrowBounds)];
  });
  return [
    ...first,
    {
      kind: "table",
      caption: `95 % intervals over patients, in %. ${patientIntervalNote(intervals)}`,
      columns: [
        ...textColumns("Class"),
        ...numberColumns("Sensitivity", "PPV", "Specificity", "F1", "AUROC", "Average precision"),
      ],
      rows: ofClasses,
      size: "small",
    },
    {
      kind: "facts",
      rows: [
        ["Accuracy, over patients", bounds(intervals.accuracy)],
        ["Macro F1, over patients", bounds(intervals.macroF1)],
        ["Weighted F1, over patients", bounds(intervals.weightedF1)],
        ["Loss, over patients", lossBounds(intervals.loss)],
        ["Macro AUROC, over patients", bounds(intervals.macroRocArea)],
        ["Macro average precision, over patients", bounds(intervals.macroAveragePrecision)],
      ],
    },
  ];
}

/** Up to this number of runs, each run has a column. */
const MAX_RUN_COLUMNS = 8;

/**
 * Returns the accuracy of several runs by recording: one table for runs with the same test beats.
 * @param groups runs with the same test beats
 */
export function comparedPatientBlocks(groups: readonly (readonly ReportRun[])[]): Block[] {
  return groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / MAX_RUN_COLUMNS) }, (_, i) =>
      group.slice(i * MAX_RUN_COLUMNS, (i + 1) * MAX_RUN_COLUMNS),
    ).map(comparedTable),
  );
}

function comparedTable(runs: readonly ReportRun[]): Block {
  const [first] = runs;
  if (first.patients === null) return { kind: "paragraph", text: noRecordingResults(first.preparation.settings) };
  const ofRuns = runs.map(
    ({ patients }) => new Map((patients?.recordings ?? []).map((result) => [result.record, result])),
  );
  const errorsOf = (record: string): number => ofRuns.reduce((sum, of) => sum + (of.get(record)?.errors ?? 0), 0);
  const recordings = first.patients.recordings.toSorted((a, b) => errorsOf(b.record) - errorsOf(a.record));
  const over = (of: (run: ReportRun) => Interval | undefined): Cell[] => runs.map((run) => bounds(of(run) ?? null));
  return {
    kind: "table",
    caption:
      "Accuracy by recording of the test set, most errors first; last, 95 % intervals of accuracy and macro F1 over patients (bootstrap).",
    columns: [...textColumns("Recording"), ...numberColumns("Beats", ...runs.map(({ name }) => name))],
    rows: [
      ...recordings.map(({ record, beats }): Cell[] => [
        record,
        formatInteger(beats),
        ...ofRuns.map((of) => formatMetric(of.get(record)?.accuracy)),
      ]),
      ["Accuracy, over patients", "", ...over(({ patients }) => patients?.intervals?.accuracy)],
      ["Macro F1, over patients", "", ...over(({ patients }) => patients?.intervals?.macroF1)],
    ],
    size: "small",
  };
}

/** Columns are narrow: no sign. */
function narrowSensitivity({ sensitivity, support }: ClassMetrics): string {
  return support === 0 ? NO_METRIC : (100 * sensitivity).toFixed(2);
}

/** Columns are narrow: no sign. */
function narrowBounds(interval: Interval | null): string {
  return interval === null ? NO_METRIC : formatInterval(interval);
}

function bounds(interval: Interval | null): string {
  return interval === null ? NO_METRIC : `${formatInterval(interval)} %`;
}
