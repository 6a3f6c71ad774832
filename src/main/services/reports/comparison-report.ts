/** The report of several runs laid side by side: what differs first, then what that can show, then what came of it. */
import type { PairedTest, RunComparison, SettingRow, Spread } from "../../../contract/domain/comparison.ts";
import { INTERVAL_KIND } from "../../../contract/text/interval-text.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import { settingHeading, settingValue } from "../../../contract/settings/setting-table.ts";
import { evaluationIntervals } from "../../../pipeline/evaluation/intervals.ts";
import { layerSettings } from "../models/layer-text.ts";
import { formatDuration, formatInteger, formatScore } from "../../base/numbers.ts";
import type { PrintedFigure } from "../figures/print-figure.ts";
import { figuresOf, words, type Block, type Cell, type Figures, type Section, type Table } from "./document.ts";
import { courseSections, preparationBlock } from "./run-report.ts";
import type { ReportRun } from "./report-run.ts";
import { areaWords, dataBlocks, percent, referenceBlocks, shareWithInterval, standing, timeWords } from "./sections.ts";

/** The figures of a comparison, drawn. */
export interface ComparisonFigures {
  learning: PrintedFigure | null;
  scores: PrintedFigure;
  /** In the order of the runs. */
  confusion: PrintedFigure[];
  differences: PrintedFigure[];
  /** ROC and precision-recall, all runs over one another. */
  overlays: PrintedFigure[];
}

export interface Compared {
  runs: readonly ReportRun[];
  comparison: RunComparison;
  /** Runs that were tested on the first one's beats, against it. */
  paired: readonly ({ run: number } & PairedTest)[];
}

export function comparisonSections(compared: Compared, figures: ComparisonFigures): Section[] {
  const { runs, comparison } = compared;
  return [
    { title: "What differs", blocks: [differingBlock(compared)] },
    { title: "What this can and cannot show", blocks: standingBlocks(runs) },
    { title: "Results on the test part", blocks: resultBlocks(compared) },
    { title: "Classes", blocks: [classTable(runs), { kind: "figures", figures: [figures.scores] }] },
    {
      title: "ROC and precision-recall",
      blocks: figures.overlays.map((figure): Block => ({ kind: "figures", figures: [figure] })),
    },
    ...courseSections("Course of the trainings", figures.learning),
    { title: "Confusion matrices", blocks: [...inPairs(figures.confusion), ...inPairs(figures.differences)] },
    {
      title: "Data and preparation",
      blocks: ofEachPreparation(runs, (run) => [...dataBlocks(run), preparationBlock(run)]),
    },
    { title: "Settings that all share", blocks: [sharedBlock(runs, comparison)] },
    { title: "Computation", blocks: [computationTable(runs)] },
    { title: "References", blocks: referenceBlocks(runs) },
  ];
}

/** As many runs as have a column each. */
const COLUMNS = 4;

function differingBlock({ runs, comparison: { differing } }: Compared): Block {
  if (differing.length === 0) return { kind: "paragraph", text: "The settings of these runs are all the same." };
  const caption = "Settings in which the runs differ.";
  const valued = differing.map((row) => ({
    ...row,
    values: row.values.map((value, i) => valueWords(row, value, runs[i])),
  }));
  if (runs.length <= COLUMNS) {
    return {
      kind: "table",
      caption,
      columns: words("Setting", ...runs.map(({ name }) => name)),
      rows: valued.map(({ name, values }) => [settingHeading(name), ...values]),
    };
  }
  return {
    kind: "table",
    caption,
    columns: words("Setting", "Value and its runs"),
    rows: valued.map(({ name, values }) => [settingHeading(name), grouped(values, runs)]),
  };
}

/** `0.001 (runs 1, 2); 0.01 (run 3)` */
function grouped(values: readonly string[], runs: readonly ReportRun[]): string {
  return [...new Set(values)]
    .map((value) => `${value} (${runsWords(runs.filter((_, i) => values[i] === value))})`)
    .join("; ");
}

function valueWords({ name }: SettingRow, value: string | null, { run }: ReportRun): string {
  if (name !== "training.network.layers") return settingValue(name, value);
  return networkOf(run.settings.network)
    .layers.map((layer) => `${layer.kind} ${layerSettings(layer)}`.trim())
    .join("; ");
}

function standingBlocks(runs: readonly ReportRun[]): Block[] {
  const several = byPreparation(runs).length > 1;
  const apart: Block[] = several
    ? [
        {
          kind: "paragraph",
          text: "Not all of these runs were tested on the same beats: where they were not, their figures answer different questions, and no test of their difference is given.",
        },
      ]
    : [];
  return [...apart, ...ofEachPreparation(runs, standing)];
}

/** Once for each preparation, under the names of its runs where there are several. */
function ofEachPreparation(runs: readonly ReportRun[], blocks: (run: ReportRun) => Block[]): Block[] {
  const groups = byPreparation(runs);
  return groups.flatMap((group) => [
    ...(groups.length > 1 ? [{ kind: "heading" as const, text: capital(runsWords(group)) }] : []),
    ...blocks(group[0]),
  ]);
}

function byPreparation(runs: readonly ReportRun[]): ReportRun[][] {
  return [...Map.groupBy(runs, ({ preparation }) => preparation.fingerprint).values()];
}

function resultBlocks({ runs, comparison, paired }: Compared): Block[] {
  return [resultTable(runs), ...repeatBlocks(comparison), ...pairedBlocks(runs, paired)];
}

function resultTable(runs: readonly ReportRun[]): Table {
  return {
    kind: "table",
    caption: `What each run reached on its test part. Accuracy with ${INTERVAL_KIND}; ROC area and average precision are means over the classes; epochs are the one that was kept, of those trained.`,
    columns: [
      ...words("Run", "Protocol"),
      ...figuresOf(
        "Accuracy, %",
        "Macro F1",
        "Weighted F1",
        "ROC area",
        "Average precision",
        "Parameters",
        "Epochs",
        "Time",
      ),
    ],
    rows: runs.map(({ name, preparation, result, curves }) => [
      name,
      preparation.settings.protocol,
      shareWithInterval(result.test.accuracy, evaluationIntervals(result.test.confusion).accuracy),
      formatScore(result.test.macroF1),
      formatScore(result.test.weightedF1),
      areaWords(curves.averages.macroRocArea),
      areaWords(curves.averages.macroAveragePrecision),
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
    {
      kind: "table",
      caption: "Runs that differ in their seed alone: mean ± standard deviation (n − 1) of n runs.",
      columns: [...words("Runs"), ...figuresOf("n", "Accuracy, %", "Macro F1", "Weighted F1")],
      rows: several.map(({ runs, accuracy, macroF1, weightedF1 }) => [
        runs.join(", "),
        String(accuracy.n),
        spreadWords(accuracy, percent),
        spreadWords(macroF1, formatScore),
        spreadWords(weightedF1, formatScore),
      ]),
    },
  ];
}

function spreadWords({ mean, deviation }: Spread, figure: (value: number) => string): string {
  return mean === null || deviation === null ? "–" : `${figure(mean)} ± ${figure(deviation)}`;
}

function pairedBlocks(runs: readonly ReportRun[], paired: Compared["paired"]): Block[] {
  if (paired.length === 0) return [];
  const [first] = runs;
  return [
    {
      kind: "table",
      caption: `Each run against ${first.name} on the same test beats: how many beats only one of the two gets right, and McNemar's exact two-sided test. It takes beats for independent, which beats of one patient are not; p is not adjusted for the number of tests.`,
      columns: [
        ...words("Run"),
        ...figuresOf("Both right", "Only this run", `Only run ${first.run.id}`, "Both wrong", "p"),
      ],
      rows: paired.map(({ run, bothCorrect, onlyOneCorrect, onlyOtherCorrect, bothWrong, pValue }) => [
        runs.find((each) => each.run.id === run)!.name,
        ...[bothCorrect, onlyOtherCorrect, onlyOneCorrect, bothWrong].map(formatInteger),
        pValue < 0.001 ? "<0.001" : pValue.toFixed(3),
      ]),
    },
  ];
}

/** Runs as rows: there are at most some fifteen classes, and may be more runs. */
function classTable(runs: readonly ReportRun[]): Table {
  const labels = [...new Set(runs.flatMap(({ preparation }) => preparation.summary.labels))];
  return {
    kind: "table",
    caption:
      "F1 of each class on the test part; – where a class neither occurs nor is predicted, or is no class of the run.",
    columns: [...words("Run"), ...figuresOf(...labels)],
    rows: runs.map(({ name, result: { test } }): Cell[] => {
      const intervals = evaluationIntervals(test.confusion).perClass;
      return [
        name,
        ...labels.map((label) => {
          const number = test.perClass.findIndex((each) => each.label === label);
          if (number < 0) return "–";
          const { f1, support } = test.perClass[number];
          return support + intervals[number].predicted === 0 ? "–" : formatScore(f1);
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

/** Of one preparation, all its settings stand with the data already. */
function sharedBlock(runs: readonly ReportRun[], { shared }: RunComparison): Block {
  const rows = shared.filter(({ name }) => byPreparation(runs).length > 1 || name.startsWith("training."));
  return {
    kind: "facts",
    rows: rows.map(({ name, value }) => [settingHeading(name), valueWords({ name, values: [] }, value, runs[0])]),
  };
}

function computationTable(runs: readonly ReportRun[]): Table {
  return {
    kind: "table",
    caption: "How each run was computed.",
    columns: [...words("Run", "Device", "Software"), ...figuresOf("Seed"), ...words("Ended", "Identity")],
    rows: runs.map(({ name, run, result: { device }, identity }) => [
      name,
      `${device.gpu?.name ?? device.description}, ${device.cores} cores`,
      `Ectopy ${device.versions.ectopy}, TensorFlow ${device.versions.tensorflow}`,
      String(run.settings.seed),
      timeWords(run.finishedAt),
      identity.slice(0, SHORT_IDENTITY),
    ]),
    size: "small",
  };
}

/** Hexadecimal digits that tell runs of one table apart. */
const SHORT_IDENTITY = 12;

/** `run 3`, `runs 1, 2` */
function runsWords(runs: readonly ReportRun[]): string {
  return `${runs.length === 1 ? "run" : "runs"} ${runs.map(({ run }) => run.id).join(", ")}`;
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
