/** Run and its result, as text and as a document. No result is shown without its limitations. */
import type { RunAreas } from "../../../contract/domain/comparison.ts";
import type { ClassIntervals, Evaluation } from "../../../contract/domain/evaluation.ts";
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import { originText } from "../../../contract/api/model-origin.ts";
import { protocolName } from "../../../contract/settings/setting-table.ts";
import { networkTitle } from "../../../contract/settings/network-presets.ts";
import {
  runStatusText,
  type DeviceInfo,
  type EpochMetrics,
  type TrainingResult,
  type TrainingSettings,
  keptEpochName,
} from "../../../contract/domain/training.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { membersText } from "../../../contract/text/ensemble-text.ts";
import { lookPositionText, lookText } from "../../../contract/text/look-text.ts";
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { formatTable } from "../format.ts";
import { formatDuration, formatInteger } from "../../../contract/text/format-number.ts";

/** @param areas under the curves on the test set; null: not computed */
export function runDocument(details: RunDetails, areas: RunAreas | null = null): object {
  if (areas === null) return details;
  const { labels } = details.preparation.summary;
  const perClass = areas.perClass.map(({ rocArea, averagePrecision }, i) => ({
    label: labels[i],
    rocArea,
    averagePrecision,
  }));
  return { ...details, areas: { perClass, averages: areas.averages } };
}

/** Formats the metrics of an epoch as one line. */
export function describeEpoch(m: EpochMetrics): string {
  return [
    `Epoch ${m.epoch}`,
    `loss ${m.trainLoss.toFixed(4)}`,
    `accuracy ${formatMetric(m.trainAccuracy)}`,
    `validation loss ${m.validationLoss.toFixed(4)}`,
    `accuracy ${formatMetric(m.validationAccuracy)}`,
    `macro F1 ${formatMetric(m.validationMacroF1)}`,
    formatDuration(m.seconds + m.validationSeconds),
  ].join("  ");
}

/** @param areas as of {@link runDocument} */
export function describeRun(
  { run, preparation, dataset, remarks, intervals, looks }: RunDetails,
  areas: RunAreas | null = null,
): string {
  const { settings, result, error } = run;
  const lines = [
    `Run ${run.id}${quoted(remarks.name)}: ${networkTitle(settings)} on preparation ${preparation.id}${quoted(preparation.name)} (${dataset.name}, ${protocolName(preparation.settings.protocol)}), ${runStatusText(run.status, result !== null)}.`,
  ];
  if (error) lines.push(`${error.message} ${error.fix}`);
  if (result) {
    lines.push(
      ...describeTraining(settings, result),
      "",
      describeEvaluation(result.test, intervals?.test.perClass ?? [], areas),
      "",
      describeConfusion(result.test),
    );
  } else if (!error) {
    lines.push("There is no result yet.");
  }
  lines.push("", "Limitations", ...preparation.summary.caveats.map((caveat) => `  • ${caveat}`));
  if (looks !== null) lines.push(`  • ${lookText(looks)} ${lookPositionText(looks)}`);
  lines.push(`  • ${RESEARCH_USE_ONLY}`);
  return lines.join("\n");
}

function describeTraining(settings: TrainingSettings, result: TrainingResult): string[] {
  const { importedFrom, members } = settings;
  const trainable = `${formatInteger(result.parameters.trainable)} trainable parameters`;
  if (members !== undefined) return [`${trainable}.`, `Mean of the probabilities of ${membersText(members)}.`];
  const layout = describeLayout(settings, result.device);
  if (importedFrom !== undefined) {
    return [
      `${trainable}, trained elsewhere.`,
      layout,
      `Imported from ${importedFrom}. ${originText(settings).join(" ")}`,
    ];
  }
  return [
    `${trainable}, batch size ${settings.batch}, learning rate ${settings.learningRate}, seed ${settings.seed}.`,
    layout,
    `${keptEpochName(settings)} ${result.bestEpoch} of ${result.epochs.length}${result.stoppedEarly ? ", stopped early" : ""}; ${formatDuration(result.seconds)} on ${describeDevice(result.device)}.`,
  ];
}

function quoted(name: string): string {
  return name === "" ? "" : ` “${name}”`;
}

function describeDevice({ gpu, description }: DeviceInfo): string {
  return gpu === undefined ? description : `${gpu.name} (${formatInteger(gpu.memory)} MiB, driver ${gpu.driver})`;
}

/** Describes the computation, as far as the result or the memory depends on it. */
function describeLayout(
  { precision, threads, microBatches = 1 }: TrainingSettings,
  { peakMemory }: DeviceInfo,
): string {
  return [
    `Precision ${precision}${precision === "float32" ? "" : ": metrics differ slightly from those in float32"}`,
    ...(threads > 0 ? [`${threads} intra-op ${threads === 1 ? "thread" : "threads"}`] : []),
    ...(microBatches > 1 ? [`${microBatches} micro-batches`] : []),
    ...(peakMemory === undefined ? [] : [`peak memory ${formatInteger(peakMemory / 1e6)} MB`]),
  ]
    .join("; ")
    .concat(".");
}

function describeEvaluation(
  { loss, accuracy, macroF1, weightedF1, perClass }: Evaluation,
  ofClasses: readonly Pick<ClassIntervals, "specificity">[],
  areas: RunAreas | null,
): string {
  const areasOf = (of: RunAreas["perClass"][number] | undefined): string[] =>
    areas === null ? [] : [formatMetric(of?.rocArea), formatMetric(of?.averagePrecision)];
  const areaColumns = areas === null ? [] : ["AUROC>", "Average precision>"];
  const table = formatTable(
    ["Class", "Sensitivity>", "PPV>", "Specificity>", "F1>", ...areaColumns, "Test beats>"],
    perClass.map((c, i) => [
      c.label,
      formatMetric(c.sensitivity),
      formatMetric(c.ppv),
      formatMetric(ofClasses[i]?.specificity),
      formatMetric(c.f1),
      ...areasOf(areas?.perClass[i]),
      formatInteger(c.support),
    ]),
  );
  const averages =
    areas === null
      ? []
      : [
          `Macro AUROC ${formatMetric(areas.averages.macroRocArea)}, macro average precision ${formatMetric(areas.averages.macroAveragePrecision)}`,
        ];
  return [
    `Test accuracy ${formatMetric(accuracy)}, macro F1 ${formatMetric(macroF1)}, weighted F1 ${formatMetric(weightedF1)}, loss ${loss.toFixed(4)} nats`,
    ...averages,
    "",
    table,
  ].join("\n");
}

/** Formats a confusion matrix. */
export function describeConfusion({ confusion, perClass }: Pick<Evaluation, "confusion" | "perClass">): string {
  const labels = perClass.map(({ label }) => label);
  return [
    "Confusion matrix (rows: true class, columns: predicted class)",
    formatTable(
      ["True class", ...labels.map((label) => `${label}>`)],
      confusion.map((row, i) => [labels[i], ...row.map(formatInteger)]),
    ),
  ].join("\n");
}
