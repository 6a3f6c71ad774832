/** The files beside a run: its model, its card, its figures as pictures and as data. */
import type { ModelCard } from "../../../../contract/domain/exports.ts";
import type { RunDetails } from "../../../../contract/domain/runs.ts";
import type { StepCurves, TrainingResult } from "../../../../contract/domain/training.ts";
import { kerasH5 } from "../../../../engine/exchange/keras-h5.ts";
import type { TrainedModel } from "../../../../engine/exchange/trained-model.ts";
import { confusionMatrixFigure } from "../../figures/confusion-matrix.ts";
import { svgToPng } from "../../figures/svg-to-png.ts";
import { MODEL_FOLDER, modelTexts } from "./model-package.ts";
import type { MlflowFile } from "./mlflow-run.ts";

/** A trained model that is read only where it is needed. */
export interface ModelSource {
  /** Of its weights: SHA-256, in hexadecimal. */
  fingerprint: string;
  read: () => TrainedModel;
}

/** @param end of the run, in ms since 1970 */
export function runFiles(
  { run, preparation }: RunDetails,
  result: TrainingResult,
  steps: StepCurves,
  card: ModelCard,
  model: ModelSource,
  end: number,
): MlflowFile[] {
  const { confusion, perClass } = result.test;
  const labels = perClass.map(({ label }) => label);
  const title = `Run ${run.id}, test part: confusion matrix`;
  const matrix = JSON.stringify({ labels, confusion });
  const figure = (): Promise<string> => confusionMatrixFigure(confusion, labels, title);
  const cardText = pretty(card);
  const texts = Object.entries(modelTexts(card, end)).map(([path, content]) =>
    text(`${MODEL_FOLDER}/${path}`, content),
  );
  return [
    ...texts,
    {
      path: `${MODEL_FOLDER}/data/model.h5`,
      source: `${model.fingerprint} ${JSON.stringify(run.settings.network)} ${cardText}`,
      bytes: () => kerasH5(model.read(), card),
    },
    text("model-card.json", cardText),
    text("settings.json", pretty({ training: run.settings, preparation: preparation.settings })),
    {
      path: "evaluation/confusion-matrix.png",
      source: title + matrix,
      bytes: async () => svgToPng(await figure()),
    },
    { path: "evaluation/confusion-matrix.svg", source: title + matrix, bytes: async () => Buffer.from(await figure()) },
    text("evaluation/confusion-matrix.json", `${matrix}\n`),
    text(
      "evaluation/confusion-matrix.csv",
      csv(
        ["true class", ...labels],
        labels.map((label, i) => [label, ...confusion[i]]),
      ),
    ),
    text(
      "evaluation/per-class.csv",
      csv(
        ["class", "sensitivity", "ppv", "f1", "support"],
        perClass.map(({ label, sensitivity, ppv, f1, support }) => [label, sensitivity, ppv, f1, support]),
      ),
    ),
    text("curves/epochs.csv", epochTable(result, labels)),
    text("curves/steps.csv", stepTable(steps)),
  ];
}

function epochTable({ epochs }: TrainingResult, labels: readonly string[]): string {
  const header = [
    "epoch",
    "train loss",
    "train accuracy",
    "validation loss",
    "validation accuracy",
    "validation macro F1",
  ];
  const more = [
    "learning rate",
    "seconds",
    "validation seconds",
    ...labels.map((label) => `validation F1 of ${label}`),
  ];
  return csv(
    [...header, ...more],
    epochs.map((of) => [
      ...[of.epoch, of.trainLoss, of.trainAccuracy, of.validationLoss, of.validationAccuracy, of.validationMacroF1],
      ...[of.learningRate, of.seconds, of.validationSeconds, ...of.validationF1],
    ]),
  );
}

function stepTable({ firstStep, losses, accuracies }: StepCurves): string {
  // Nine digits tell any two numbers of float32 apart.
  const short = (value: number): number => Number(value.toPrecision(9));
  return csv(
    ["step", "loss", "accuracy"],
    Array.from(losses, (loss, i) => [firstStep + i, short(loss), short(accuracies[i])]),
  );
}

/** RFC 4180. */
function csv(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string =>
    /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function text(path: string, content: string): MlflowFile {
  return { path, source: content, bytes: () => Buffer.from(content) };
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** HDF5's library writes files alone. */
