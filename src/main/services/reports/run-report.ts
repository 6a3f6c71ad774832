/** The report of one run. */
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { INTERVAL_KIND } from "../../../contract/text/interval-text.ts";
import { preparedFrom } from "../../../contract/domain/leads.ts";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";
import { networkShapeOf } from "../../../contract/domain/preparation.ts";
import { keptEpochName } from "../../../contract/domain/training.ts";
import { preparationFacts, trainingFacts, type SettingFact } from "../../../contract/settings/setting-facts.ts";
import { networksOf } from "../../../contract/settings/network-presets.ts";
import { describeNetwork } from "../../../engine/networks/describe-network.ts";
import { evaluationIntervals } from "../../../pipeline/evaluation/intervals.ts";
import { formatInputs, formatShape, layerSettings } from "../networks/layer-text.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import type { PrintedFigure } from "../figures/print-figure.ts";
import { numberColumns, textColumns, type Block, type Cell, type Fact, type Section, type Table } from "./document.ts";
import { calibrationBlocks } from "./calibration-blocks.ts";
import { ec57Blocks } from "./ec57-blocks.ts";
import { patientBlocks } from "./patient-blocks.ts";
import type { ReportRun } from "./report-run.ts";
import {
  classCell,
  computationFacts,
  dataBlocks,
  intervalText,
  referenceBlocks,
  shareWithInterval,
  limitationsOf,
} from "./sections.ts";

/** Figures of the report. */
export interface RunFigures {
  /** Null for an imported model. */
  learning: PrintedFigure | null;
  scores: PrintedFigure;
  confusion: PrintedFigure;
  /** ROC and precision–recall curves. */
  thresholds: PrintedFigure[];
}

export function runSections(run: ReportRun, figures: RunFigures): Section[] {
  return [
    { title: "Limitations", blocks: limitationsOf(run) },
    { title: "Data", blocks: dataBlocks(run) },
    { title: "Preparation", blocks: [preparationBlock(run)] },
    { title: "Network and training", blocks: networkBlocks(run) },
    ...courseSections("Training curves", figures.learning),
    { title: "Results on the test set", blocks: resultBlocks(run, figures) },
    { title: "Results by recording", blocks: patientBlocks(run.patients, run.preparation.settings) },
    { title: "Results by EC57", blocks: ec57Blocks(run.ec57, run.preparation.settings) },
    { title: "Calibration", blocks: calibrationBlocks(run.calibration) },
    { title: "Computation", blocks: [{ kind: "facts", rows: computationFacts(run) }] },
    ...remarkSections(run),
    { title: "References", blocks: referenceBlocks([run]) },
  ];
}

export function courseSections(title: string, learning: PrintedFigure | null): Section[] {
  return learning === null ? [] : [{ title, blocks: [{ kind: "figures", figures: [learning] }] }];
}

export function preparationBlock({ preparation, records }: ReportRun): Block {
  const { leads, rate } = preparedFrom(preparation, records);
  return { kind: "facts", rows: factRows(preparationFacts(preparation.settings, { rate, leads })) };
}

function networkBlocks(report: ReportRun): Block[] {
  const { settings } = report.run;
  // Seeds of one network have its layers: each network is described once.
  const networks = new Map(networksOf(settings).map((network) => [JSON.stringify(network), network]));
  const tables = [...networks.values()].map((network) => layerTable(report, network));
  if (settings.members !== undefined) return [...tables, { kind: "facts", rows: factRows(trainingFacts(settings)) }];
  if (settings.importedFrom === undefined) {
    const fixed: Fact[] = [
      ["Loss", "sparse categorical cross-entropy"],
      ["Weights", settings.keptEpoch === "last" ? "of the last epoch" : "of the best epoch (lowest validation loss)"],
    ];
    return [...tables, { kind: "facts", rows: [...factRows(trainingFacts(settings)), ...fixed] }];
  }
  const text = `The model was trained outside of Ectopy and imported from ${settings.importedFrom}.`;
  return [...tables, { kind: "paragraph", text }];
}

function layerTable({ preparation }: ReportRun, network: NetworkSpec): Table {
  const shape = networkShapeOf(preparation);
  const { layers, output, inputs, parameters } = describeNetwork(network, shape);
  const specs = [...network.layers.map((layer) => [layer.kind, layerSettings(layer)]), ["dense", "softmax"]];
  return {
    kind: "table",
    caption: `Layers of ${network.name}. ${formatInputs(inputs)}; ${formatInteger(parameters.trainable)} of ${formatInteger(parameters.total)} parameters are trainable.`,
    columns: [...textColumns("Layer", "Kind", "Settings", "Input"), ...numberColumns("Output shape", "Parameters")],
    rows: [...layers, output].map((layer, i) => [
      layer.id,
      ...specs[i],
      layer.inputs.join(", "),
      formatShape(layer.outputShape),
      formatInteger(layer.parameters.total),
    ]),
  };
}

function keptEpochText({ run: { settings }, result: { bestEpoch, epochs } }: ReportRun): string {
  const chosen = settings.keptEpoch === "last" ? "" : ", chosen by validation loss";
  return `${keptEpochName(settings)} ${bestEpoch} of ${epochs.length}${chosen}.`;
}

function factRows(facts: readonly SettingFact[]): Fact[] {
  return facts.map(({ label, value }) => [label, value]);
}

function resultBlocks(run: ReportRun, { scores, confusion, thresholds }: RunFigures): Block[] {
  const { test, validation, epochs } = run.result;
  const { accuracy, beats, correct } = evaluationIntervals(test.confusion);
  const validated = evaluationIntervals(validation.confusion);
  return [
    {
      kind: "highlights",
      items: [
        {
          name: "Accuracy",
          value: formatMetric(test.accuracy),
          note: `95 % confidence interval ${intervalText(accuracy)}`,
        },
        { name: "Macro F1", value: formatMetric(test.macroF1), note: "mean of the classes" },
        { name: "Weighted F1", value: formatMetric(test.weightedF1), note: "weighted by beats" },
        { name: "Test beats", value: formatInteger(beats), note: `${formatInteger(correct)} correct` },
      ],
    },
    {
      kind: "paragraph",
      text: `${epochs.length === 0 ? "" : `${keptEpochText(run)} `}Loss ${test.loss.toFixed(4)} nats (cross-entropy). Validation set (${formatInteger(validated.beats)} beats): accuracy ${formatMetric(validation.accuracy)}, macro F1 ${formatMetric(validation.macroF1)}, loss ${validation.loss.toFixed(4)} nats.`,
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
    const { predicted, sensitivityInterval, ppvInterval, specificity } = intervals[i];
    return [
      classCell(label),
      formatInteger(support),
      formatInteger(predicted),
      shareWithInterval(sensitivity, sensitivityInterval),
      shareWithInterval(ppv, ppvInterval),
      formatMetric(specificity),
      support + predicted === 0 ? "–" : formatMetric(f1),
      formatMetric(curves.perClass[i].rocArea),
      formatMetric(curves.perClass[i].averagePrecision),
    ];
  });
  return {
    kind: "table",
    caption: `Per-class metrics on the test set, with ${INTERVAL_KIND}. Sensitivity: share of a class's beats that were predicted as it. Specificity: share of the other beats that were not predicted as it. PPV (positive predictive value): share of the beats predicted as a class that belong to it. AUROC and average precision: over all thresholds.`,
    columns: [
      ...textColumns("Class"),
      ...numberColumns("Beats", "Predicted", "Sensitivity", "PPV", "Specificity", "F1", "AUROC", "Average precision"),
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
