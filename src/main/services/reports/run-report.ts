/** The report of one run. */
import { INTERVAL_KIND } from "../../../contract/text/interval-text.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import { describeNetwork } from "../../../engine/networks/describe-network.ts";
import { evaluationIntervals } from "../../../pipeline/evaluation/intervals.ts";
import { formatShape, layerSettings } from "../models/layer-text.ts";
import { formatInteger, formatScore } from "../../base/numbers.ts";
import type { PrintedFigure } from "../figures/print-figure.ts";
import { figuresOf, words, type Block, type Cell, type Section, type Table } from "./document.ts";
import type { ReportRun } from "./report-run.ts";
import {
  areaWords,
  classCell,
  computationFacts,
  dataBlocks,
  percent,
  referenceBlocks,
  shareWithInterval,
  standing,
} from "./sections.ts";
import { preparationFacts, trainingFacts } from "./setting-words.ts";

/** Its figures, drawn. */
export interface RunFigures {
  /** None where the model was trained elsewhere. */
  learning: PrintedFigure | null;
  scores: PrintedFigure;
  confusion: PrintedFigure;
  /** ROC and precision-recall. */
  thresholds: PrintedFigure[];
}

export function runSections(run: ReportRun, figures: RunFigures): Section[] {
  return [
    { title: "What this can and cannot show", blocks: standing(run) },
    { title: "Data", blocks: dataBlocks(run) },
    { title: "Preparation", blocks: [preparationBlock(run)] },
    { title: "Network and training", blocks: networkBlocks(run) },
    ...courseSections("Course of the training", figures.learning),
    { title: "Results on the test part", blocks: resultBlocks(run, figures) },
    { title: "Computation", blocks: [{ kind: "facts", rows: computationFacts(run) }] },
    ...remarkSections(run),
    { title: "References", blocks: referenceBlocks([run]) },
  ];
}

export function courseSections(title: string, learning: PrintedFigure | null): Section[] {
  return learning === null ? [] : [{ title, blocks: [{ kind: "figures", figures: [learning] }] }];
}

export function preparationBlock({ preparation, records }: ReportRun): Block {
  const { settings } = preparation;
  const usable = records.filter((record) => record.usable);
  const leads = [...new Set(usable.flatMap(({ leads }) => leads.slice(settings.signal, settings.signal + 1)))];
  // A preparation takes records of one rate only.
  return { kind: "facts", rows: preparationFacts(settings, usable[0].rate, leads) };
}

function networkBlocks({ run, preparation, result }: ReportRun): Block[] {
  const network = networkOf(run.settings.network);
  const { before, after } = preparation.settings;
  const shape = { windowLength: before + after, classes: preparation.summary.labels.length };
  const { layers, output, inputShape } = describeNetwork(network, shape);
  const specs = [...network.layers.map((layer) => [layer.kind, layerSettings(layer)]), ["dense", "softmax"]];
  const table: Table = {
    kind: "table",
    caption: `Layers of ${network.name}. A beat enters as ${formatShape(inputShape)}; ${formatInteger(result.parameters.trainable)} of ${formatInteger(result.parameters.total)} parameters are trained.`,
    columns: [...words("Layer", "Kind", "Settings", "Takes"), ...figuresOf("Output", "Parameters")],
    rows: [...layers, output].map((layer, i) => [
      layer.id,
      ...specs[i],
      layer.inputs.join(", "),
      formatShape(layer.outputShape),
      formatInteger(layer.parameters.total),
    ]),
  };
  const { importedFrom } = run.settings;
  if (importedFrom === undefined) return [table, { kind: "facts", rows: trainingFacts(run.settings) }];
  const text = `The model was trained elsewhere; it was read from ${importedFrom}.`;
  return [table, { kind: "paragraph", text }];
}

function resultBlocks(run: ReportRun, { scores, confusion, thresholds }: RunFigures): Block[] {
  const { test, validation, bestEpoch, epochs } = run.result;
  const { accuracy, beats, correct } = evaluationIntervals(test.confusion);
  const validated = evaluationIntervals(validation.confusion);
  return [
    {
      kind: "highlights",
      items: [
        {
          name: "Accuracy",
          value: `${percent(test.accuracy)} %`,
          note: `95 % interval ${accuracy === null ? "–" : `${percent(accuracy.low)}–${percent(accuracy.high)} %`}`,
        },
        { name: "Macro F1", value: formatScore(test.macroF1), note: "each class counting the same" },
        { name: "Weighted F1", value: formatScore(test.weightedF1), note: "each class by its beats" },
        { name: "Test beats", value: formatInteger(beats), note: `${formatInteger(correct)} correct` },
      ],
    },
    {
      kind: "paragraph",
      text: `${epochs.length === 0 ? "" : `Weights of epoch ${bestEpoch}. `}Cross-entropy ${test.loss.toFixed(4)} nats. On the validation part (${formatInteger(validated.beats)} beats)${epochs.length === 0 ? "" : ", by which that epoch was chosen"}: accuracy ${percent(validation.accuracy)} %, macro F1 ${formatScore(validation.macroF1)}, cross-entropy ${validation.loss.toFixed(4)} nats.`,
    },
    perClassTable(run),
    { kind: "figures", figures: [scores] },
    { kind: "figures", figures: [confusion] },
    { kind: "figures", figures: thresholds },
  ];
}

function perClassTable({ result, curves }: ReportRun): Table {
  const { perClass, confusion } = result.test;
  const intervals = evaluationIntervals(confusion).perClass;
  const rows = perClass.map(({ label, support, sensitivity, ppv, f1 }, i): Cell[] => {
    const { predicted, sensitivityInterval, ppvInterval } = intervals[i];
    return [
      classCell(label),
      formatInteger(support),
      formatInteger(predicted),
      shareWithInterval(sensitivity, sensitivityInterval),
      shareWithInterval(ppv, ppvInterval),
      support + predicted === 0 ? "–" : formatScore(f1),
      areaWords(curves.perClass[i].rocArea),
      areaWords(curves.perClass[i].averagePrecision),
    ];
  });
  return {
    kind: "table",
    caption: `Each class on the test part, with ${INTERVAL_KIND}: sensitivity is the share of its beats that were predicted as it, PPV the share of the beats predicted as it that belong to it. ROC area and average precision are over all thresholds.`,
    columns: [
      ...words("Class"),
      ...figuresOf(
        "Beats",
        "Called so",
        "Sensitivity, %",
        "Positive predictivity, %",
        "F1",
        "ROC area",
        "Average precision",
      ),
    ],
    rows,
  };
}

function remarkSections({ remarks: { notes, tags } }: ReportRun): Section[] {
  if (notes.trim() === "" && tags.length === 0) return [];
  const blocks: Block[] = [
    ...(tags.length > 0 ? [{ kind: "paragraph" as const, text: `Tags: ${tags.join(", ")}.` }] : []),
    ...notes
      .split(/\n\s*\n/)
      .filter((text) => text.trim() !== "")
      .map((text) => ({ kind: "paragraph" as const, text: text.trim() })),
  ];
  return [{ title: "Notes", blocks }];
}
