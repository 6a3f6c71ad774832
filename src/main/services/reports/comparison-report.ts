/** The report that compares several runs: differences in settings first, then limitations, then metrics. */
import { backendText } from "../../../contract/domain/training.ts";
import { formatMetric, formatMetricSpread } from "../../../contract/text/format-metric.ts";
import {
  comparableGroups,
  type PairedTest,
  type RunComparison,
  type SettingRow,
} from "../../../contract/domain/comparison.ts";
import type { PatientResults, Spread } from "../../../contract/domain/evaluation.ts";
import { INTERVAL_KIND } from "../../../contract/text/interval-text.ts";
import { POOLED_NOTE, pooledFoldsText } from "../../../contract/text/pooled-text.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import { trainedOnTestsText } from "../../../contract/api/model-origin.ts";
import { protocolName, settingHeading, settingValue } from "../../../contract/settings/setting-table.ts";
import { evaluationIntervals } from "../../../pipeline/evaluation/intervals.ts";
import { layerSettings } from "../networks/layer-text.ts";
import { formatDuration, formatInteger } from "../../../contract/text/format-number.ts";
import type { PrintedFigure } from "../figures/print-figure.ts";
import {
  numberColumns,
  textColumns,
  type Block,
  type Cell,
  type Figures,
  type Section,
  type Table,
} from "./document.ts";
import { courseSections, preparationBlock } from "./run-report.ts";
import { comparedEc57Blocks } from "./ec57-blocks.ts";
import { comparedPatientBlocks, patientBlocks } from "./patient-blocks.ts";
import type { ReportRun } from "./report-run.ts";
import { classCell, dataBlocks, referenceBlocks, shareWithInterval, limitationsOf, timeText } from "./sections.ts";

/** Figures of a comparison. */
export interface ComparisonFigures {
  learning: PrintedFigure | null;
  /** One figure for all runs with the same test beats. */
  scores: PrintedFigure[];
  /** In the order of the runs. */
  confusion: PrintedFigure[];
  differences: PrintedFigure[];
  /** ROC and precision–recall curves of the runs with the same test beats, overlaid. */
  overlays: PrintedFigure[];
}

export interface Compared {
  runs: readonly ReportRun[];
  comparison: RunComparison;
  /** Tests of the baseline (the first run) against each run with the same test beats. */
  paired: readonly ({ run: number } & PairedTest)[];
  /** Results by recording over the folds of a cross-validation; null where the runs are none. */
  pooledPatients: PatientResults | null;
}

export function comparisonSections(compared: Compared, figures: ComparisonFigures): Section[] {
  const { runs, comparison } = compared;
  return [
    { title: "Differences in settings", blocks: [differingBlock(compared)] },
    { title: "Limitations", blocks: limitationBlocks(compared) },
    { title: "Results on the test set", blocks: resultBlocks(compared) },
    { title: "Classes", blocks: classBlocks(runs, figures.scores) },
    ...(figures.overlays.length === 0
      ? []
      : [
          {
            title: "ROC and precision–recall curves",
            blocks: figures.overlays.map((figure): Block => ({ kind: "figures", figures: [figure] })),
          },
        ]),
    ...pooledSections(compared),
    { title: "Results by recording", blocks: comparedPatientBlocks(comparableGroups(runs)) },
    { title: "Results by EC57", blocks: comparedEc57Blocks(runs) },
    ...courseSections("Training curves", figures.learning),
    { title: "Confusion matrices", blocks: [...inPairs(figures.confusion), ...inPairs(figures.differences)] },
    {
      title: "Data and preparation",
      blocks: ofEachPreparation(runs, (run) => [...dataBlocks(run), preparationBlock(run)]),
    },
    { title: "Shared settings", blocks: [sharedBlock(runs, comparison)] },
    { title: "Computation", blocks: [computationTable(runs)] },
    { title: "References", blocks: referenceBlocks(runs) },
  ];
}

/** Returns the results over all folds, where the runs are the folds of one cross-validation. */
function pooledSections({ comparison: { pooled }, pooledPatients }: Compared): Section[] {
  if (pooled === null) return [];
  const { accuracy, macroF1, weightedF1, perClass } = pooled.evaluation;
  return [
    {
      title: "Pooled test sets",
      blocks: [
        {
          kind: "paragraph",
          text: `Test sets of ${pooledFoldsText(pooled.runs.length, pooled.folds)}: accuracy ${formatMetric(accuracy)}, macro F1 ${formatMetric(macroF1)}, weighted F1 ${formatMetric(weightedF1)}. ${POOLED_NOTE}`,
        },
        {
          kind: "table",
          caption: `Per-class metrics over the pooled test sets, with ${INTERVAL_KIND}.`,
          columns: [...textColumns("Class"), ...numberColumns("Beats", "Sensitivity", "PPV", "F1")],
          rows: perClass.map(({ label, support, sensitivity, ppv, f1 }, i) => [
            classCell(label),
            formatInteger(support),
            shareWithInterval(sensitivity, pooled.intervals.perClass[i].sensitivityInterval),
            shareWithInterval(ppv, pooled.intervals.perClass[i].ppvInterval),
            formatMetric(f1),
          ]),
        },
        ...patientBlocks(pooledPatients),
      ],
    },
  ];
}

/** Up to this number of runs, each run has a column. */
const MAX_RUN_COLUMNS = 4;

function differingBlock({ runs, comparison: { differing } }: Compared): Block {
  if (differing.length === 0) return { kind: "paragraph", text: "These runs have the same settings." };
  const caption = "Settings in which the runs differ.";
  const valued = differing.map((row) => ({
    ...row,
    values: row.values.map((value, i) => valueText(row, value, runs[i])),
  }));
  if (runs.length <= MAX_RUN_COLUMNS) {
    return {
      kind: "table",
      caption,
      columns: textColumns("Setting", ...runs.map(({ name }) => name)),
      rows: valued.map(({ name, values }) => [settingHeading(name), ...values]),
    };
  }
  return {
    kind: "table",
    caption,
    columns: textColumns("Setting", "Values (runs)"),
    rows: valued.map(({ name, values }) => [settingHeading(name), grouped(values, runs)]),
  };
}

/** `0.001 (runs 1, 2); 0.01 (run 3)` */
function grouped(values: readonly string[], runs: readonly ReportRun[]): string {
  return [...new Set(values)]
    .map((value) => `${value} (${runsText(runs.filter((_, i) => values[i] === value))})`)
    .join("; ");
}

function valueText({ name }: SettingRow, value: string | null, { run }: ReportRun): string {
  if (name !== "training.network.layers" || value === null) return settingValue(name, value);
  return networkOf(run.settings.network)
    .layers.map((layer) => `${layer.kind} ${layerSettings(layer)}`.trim())
    .join("; ");
}

function limitationBlocks({ runs, comparison }: Compared): Block[] {
  const apart: Block[] =
    comparableGroups(runs).length > 1
      ? [
          {
            kind: "paragraph",
            text: "Not all of these runs were tested on the same beats. Metrics of different test sets are not comparable; no statistical test is given for them.",
          },
        ]
      : [];
  const trained = comparison.trainedOnTests.map((each): Block => ({
    kind: "paragraph",
    text: trainedOnTestsText(each),
  }));
  return [...apart, ...trained, ...ofEachPreparation(runs, limitationsOf)];
}

/** Returns the blocks of each preparation, below a heading with its runs where there are several preparations. */
function ofEachPreparation(runs: readonly ReportRun[], blocks: (run: ReportRun) => Block[]): Block[] {
  const groups = byPreparation(runs);
  return groups.flatMap((group) => [
    ...(groups.length > 1 ? [{ kind: "heading" as const, text: capital(runsText(group)) }] : []),
    ...blocks(group[0]),
  ]);
}

function byPreparation(runs: readonly ReportRun[]): ReportRun[][] {
  return [...Map.groupBy(runs, ({ preparation }) => preparation.fingerprint).values()];
}

/** Returns table and figure of each group of runs with the same test beats: F1 is not comparable between groups. */
function classBlocks(runs: readonly ReportRun[], scores: readonly PrintedFigure[]): Block[] {
  const groups = comparableGroups(runs);
  return groups.flatMap((group, i) => [
    ...(groups.length > 1 ? [{ kind: "heading" as const, text: capital(runsText(group)) }] : []),
    classTable(group),
    { kind: "figures" as const, figures: [scores[i]] },
  ]);
}

function resultBlocks({ runs, comparison, paired }: Compared): Block[] {
  return [resultTable(runs), ...repeatBlocks(comparison), ...pairedBlocks(runs, paired)];
}

function resultTable(runs: readonly ReportRun[]): Table {
  return {
    kind: "table",
    caption: `Metrics of each run on its test set. Accuracy with ${INTERVAL_KIND}; AUROC and average precision are macro averages; epochs: best epoch of trained epochs.`,
    columns: [
      ...textColumns("Run", "Protocol"),
      ...numberColumns(
        "Accuracy",
        "Macro F1",
        "Weighted F1",
        "Macro AUROC",
        "Average precision",
        "Parameters",
        "Epochs",
        "Time",
      ),
    ],
    rows: runs.map(({ name, preparation, result, curves }) => [
      name,
      protocolName(preparation.settings.protocol),
      shareWithInterval(result.test.accuracy, evaluationIntervals(result.test.confusion).accuracy),
      formatMetric(result.test.macroF1),
      formatMetric(result.test.weightedF1),
      formatMetric(curves.averages.macroRocArea),
      formatMetric(curves.averages.macroAveragePrecision),
      formatInteger(result.parameters.trainable),
      result.epochs.length === 0 ? "–" : `${result.bestEpoch}/${result.epochs.length}`,
      formatDuration(result.seconds),
    ]),
  };
}

function repeatBlocks({ repeats }: RunComparison): Block[] {
  const several = repeats.filter(({ accuracy }) => accuracy.n > 1);
  if (several.length === 0) return [];
  return [
    ...several.map(({ runs, classes }): Block => ({
      kind: "table",
      caption: `Repeats ${runs.join(", ")}: metrics of each class on the test set, mean ± standard deviation (n − 1) over the seeds.`,
      columns: [...textColumns("Class"), ...numberColumns("Sensitivity", "PPV", "F1")],
      rows: classes.map(({ label, sensitivity, ppv, f1 }) => [
        classCell(label),
        ...[sensitivity, ppv, f1].map(formatMetricSpread),
      ]),
    })),
    {
      kind: "table",
      caption: "Repeats, which differ in their seed alone: mean ± standard deviation (n − 1) of n runs.",
      columns: [...textColumns("Runs"), ...numberColumns("n", "Accuracy", "Macro F1", "Weighted F1")],
      rows: several.map(({ runs, accuracy, macroF1, weightedF1 }) => [
        runs.join(", "),
        String(accuracy.n),
        spreadText(accuracy),
        spreadText(macroF1),
        spreadText(weightedF1),
      ]),
    },
  ];
}

function spreadText(spread: Spread): string {
  return spread.mean === null || spread.deviation === null ? "–" : formatMetricSpread(spread);
}

function pairedBlocks(runs: readonly ReportRun[], paired: Compared["paired"]): Block[] {
  if (paired.length === 0) return [];
  const [first] = runs;
  return [
    {
      kind: "table",
      caption: `Statistical comparison of each run with the baseline ${first.name} on the same test beats: McNemar's exact two-sided test. The test assumes independent beats, which beats of one patient are not; p is not adjusted for multiple tests.`,
      columns: [
        ...textColumns("Run"),
        ...numberColumns(
          "Both correct",
          "Only this run correct",
          `Only run ${first.run.id} correct`,
          "Both wrong",
          "p",
        ),
      ],
      rows: paired.map(({ run, bothCorrect, onlyOneCorrect, onlyOtherCorrect, bothWrong, pValue }) => [
        runs.find((each) => each.run.id === run)!.name,
        ...[bothCorrect, onlyOtherCorrect, onlyOneCorrect, bothWrong].map(formatInteger),
        pValue < 0.001 ? "<0.001" : pValue.toFixed(3),
      ]),
    },
  ];
}

/** Returns the F1 of each class, runs as rows: there are at most 20 classes, and may be more runs. Columns are narrow: no sign. */
function classTable(runs: readonly ReportRun[]): Table {
  const labels = [...new Set(runs.flatMap(({ preparation }) => preparation.summary.labels))];
  return {
    kind: "table",
    caption:
      "F1 of each class on the test set, in %; –: the class neither occurs nor is predicted, or is no class of the run.",
    columns: [...textColumns("Run"), ...numberColumns(...labels)],
    rows: runs.map(({ name, result: { test } }): Cell[] => {
      const intervals = evaluationIntervals(test.confusion).perClass;
      return [
        name,
        ...labels.map((label) => {
          const number = test.perClass.findIndex((each) => each.label === label);
          if (number < 0) return "–";
          const { f1, support } = test.perClass[number];
          return support + intervals[number].predicted === 0 ? "–" : (100 * f1).toFixed(2);
        }),
      ];
    }),
    size: "small",
  };
}

function inPairs(figures: readonly PrintedFigure[]): Figures[] {
  return Array.from({ length: Math.ceil(figures.length / 2) }, (_, i) => ({
    kind: "figures",
    figures: figures.slice(2 * i, 2 * i + 2),
  }));
}

/** Lists shared settings. With one preparation, the section on data has its settings already. */
function sharedBlock(runs: readonly ReportRun[], { shared }: RunComparison): Block {
  const rows = shared.filter(({ name }) => byPreparation(runs).length > 1 || name.startsWith("training."));
  return {
    kind: "facts",
    rows: rows.map(({ name, value }) => [settingHeading(name), valueText({ name, values: [] }, value, runs[0])]),
  };
}

function computationTable(runs: readonly ReportRun[]): Table {
  return {
    kind: "table",
    caption: "Computation of each run.",
    columns: [
      ...textColumns("Run", "Device", "Software"),
      ...numberColumns("Seed"),
      ...textColumns("Ended", "Identity"),
    ],
    rows: runs.map(({ name, run, result: { device }, identity }) => [
      name,
      `${device.gpu?.name ?? device.description}, ${device.cores} cores`,
      `Ectopy ${device.versions.ectopy}, ${backendText(device)}`,
      String(run.settings.seed),
      timeText(run.finishedAt),
      identity.slice(0, SHORT_IDENTITY),
    ]),
    size: "small",
  };
}

/** Hexadecimal digits that tell runs of one table apart. */
const SHORT_IDENTITY = 12;

/** `run 3`, `runs 1, 2` */
function runsText(runs: readonly ReportRun[]): string {
  return `${runs.length === 1 ? "run" : "runs"} ${runs.map(({ run }) => run.id).join(", ")}`;
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
