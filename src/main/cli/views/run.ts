/** A run and its result, as text and as a document. No result is shown without what it can't show. */
import type { Evaluation } from "../../../contract/domain/evaluation.ts";
import type { JobProgress } from "../../../contract/domain/jobs.ts";
import { RESEARCH_USE_ONLY, TRAINED_ELSEWHERE } from "../../../contract/api/notices.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import type { BatchProgress, DeviceInfo, EpochMetrics, TrainingSettings } from "../../../contract/domain/training.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { formatTable } from "../format.ts";
import { formatDuration, formatInteger, formatPercent, formatScore } from "../../base/numbers.ts";

export function runDocument(details: RunDetails): unknown {
  return details;
}

export function describeEpoch(m: EpochMetrics): string {
  return [
    `Epoch ${m.epoch}`,
    `loss ${m.trainLoss.toFixed(4)}`,
    `accuracy ${formatPercent(m.trainAccuracy)}`,
    `validation loss ${m.validationLoss.toFixed(4)}`,
    `accuracy ${formatPercent(m.validationAccuracy)}`,
    `macro F1 ${formatScore(m.validationMacroF1)}`,
    formatDuration(m.seconds + m.validationSeconds),
  ].join("  ");
}

/** Inside an epoch, as a line of progress. */
export function batchProgress({
  epoch,
  epochs,
  step,
  steps,
  loss,
  accuracy,
  samplesPerSecond,
}: BatchProgress): JobProgress {
  return {
    stage: `Training, epoch ${epoch} of ${epochs}`,
    done: step,
    total: steps,
    unit: "batches",
    detail: `loss ${loss.toFixed(4)}  accuracy ${(100 * accuracy).toFixed(2)} %  ${Math.round(samplesPerSecond).toLocaleString("en-US")} beats/s`,
  };
}

export function describeRun({ run, preparation, dataset }: RunDetails): string {
  const { settings, result, error } = run;
  const lines = [
    `Run ${run.id}: ${networkOf(settings.network).name} on preparation ${preparation.id} (${dataset.name}, ${preparation.settings.protocol}), ${run.status}.`,
  ];
  if (error) lines.push(`${error.message} ${error.fix}`);
  if (result) {
    lines.push(
      `${formatInteger(result.parameters.trainable)} trainable parameters, batch ${settings.batch}, learning rate ${settings.learningRate}, seed ${settings.seed}.`,
      describeLayout(settings, result.device),
      settings.importedFrom === undefined
        ? `Best epoch ${result.bestEpoch} of ${result.epochs.length}${result.stoppedEarly ? ", stopped early" : ""}; ${formatDuration(result.seconds)} on ${describeDevice(result.device)}.`
        : `Read from ${settings.importedFrom}. ${TRAINED_ELSEWHERE}`,
      "",
      describeEvaluation(result.test),
      "",
      describeConfusion(result.test),
    );
  } else if (!error) {
    lines.push("There is no result yet.");
  }
  lines.push("", "What this can and cannot show", ...preparation.summary.caveats.map((caveat) => `  • ${caveat}`));
  lines.push(`  • ${RESEARCH_USE_ONLY}`);
  return lines.join("\n");
}

function describeDevice({ gpu, description }: DeviceInfo): string {
  return gpu === undefined ? description : `${gpu.name} (${formatInteger(gpu.memory)} MiB, driver ${gpu.driver})`;
}

/** How it was computed, as far as the result or the memory depends on it. */
function describeLayout({ precision, threads, microBatches }: TrainingSettings, { peakMemory }: DeviceInfo): string {
  return [
    `Products in ${precision}${precision === "float32" ? "" : ": figures differ a little from those in float32"}`,
    ...(threads > 0 ? [`${threads} intra-op ${threads === 1 ? "thread" : "threads"}`] : []),
    ...(microBatches > 1 ? [`${microBatches} micro-batches`] : []),
    ...(peakMemory === undefined ? [] : [`at most ${formatInteger(peakMemory / 1e6)} MB of memory`]),
  ]
    .join("; ")
    .concat(".");
}

function describeEvaluation({ loss, accuracy, macroF1, weightedF1, perClass }: Evaluation): string {
  const table = formatTable(
    ["Class", "Sensitivity>", "PPV>", "F1>", "Test beats>"],
    perClass.map((c) => [
      c.label,
      formatScore(c.sensitivity),
      formatScore(c.ppv),
      formatScore(c.f1),
      formatInteger(c.support),
    ]),
  );
  return [
    `Test accuracy ${formatPercent(accuracy)}, macro F1 ${formatPercent(macroF1)}, weighted F1 ${formatPercent(weightedF1)}, loss ${loss.toFixed(4)}`,
    "",
    table,
  ].join("\n");
}

function describeConfusion({ confusion, perClass }: Evaluation): string {
  const labels = perClass.map(({ label }) => label);
  return [
    "Confusion matrix (row: true class, column: predicted)",
    formatTable(
      ["", ...labels.map((label) => `${label}>`)],
      confusion.map((row, i) => [labels[i], ...row.map(formatInteger)]),
    ),
  ].join("\n");
}
