/** Files of an MLflow run: the model, its card, and metrics as figures and tables. */
import type { RunAreas } from "../../../../contract/domain/comparison.ts";
import type { ModelCard } from "../../../../contract/domain/exports.ts";
import type { RunDetails } from "../../../../contract/domain/runs.ts";
import type { StepCurves, TrainingResult } from "../../../../contract/domain/training.ts";
import type { TrainedModel } from "../../../../engine/exchange/trained-model.ts";
import { evaluationIntervals } from "../../../../pipeline/evaluation/intervals.ts";
import { csvText, float32 } from "../../../base/csv.ts";
import { confusionMatrixFigure } from "../../figures/confusion-matrix.ts";
import { svgToPng } from "../../figures/svg-to-png.ts";
import { MODEL_FOLDER, modelTexts } from "./model-package.ts";
import type { MlflowFile } from "./mlflow-run.ts";

/** A trained model, read only when its bytes are needed. */
export interface ModelSource {
  /** SHA-256 of the weights, in hexadecimal. */
  fingerprint: string;
  /** One network, or the members of an ensemble. */
  read: () => readonly TrainedModel[];
}

interface FilesOptions {
  details: RunDetails;
  result: TrainingResult;
  steps: StepCurves;
  areas: RunAreas;
  card: ModelCard;
  model: ModelSource;
  /** End of the run, in ms since 1970. */
  end: number;
}

export function runFiles({ details, result, steps, areas, card, model, end }: FilesOptions): MlflowFile[] {
  const { run, preparation } = details;
  const { confusion, perClass } = result.test;
  const intervals = evaluationIntervals(confusion).perClass;
  const labels = perClass.map(({ label }) => label);
  const title = `Run ${run.id}, test set: confusion matrix`;
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
      bytes: async () => {
        const { kerasH5 } = await import("../../../../engine/exchange/keras-h5.ts");
        return kerasH5(model.read(), card);
      },
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
      csvText([["true class", ...labels], ...labels.map((label, i) => [label, ...confusion[i]])]),
    ),
    text(
      "evaluation/per-class.csv",
      csvText([
        ["class", "sensitivity", "specificity", "ppv", "f1", "AUROC", "average precision", "support"],
        ...perClass.map(({ label, sensitivity, ppv, f1, support }, i) => [
          ...[label, sensitivity, intervals[i].specificity, ppv, f1],
          ...[areas.perClass[i].rocArea, areas.perClass[i].averagePrecision, support],
        ]),
      ]),
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
  const rows = epochs.map((of) => [
    ...[of.epoch, of.trainLoss, of.trainAccuracy, of.validationLoss, of.validationAccuracy, of.validationMacroF1],
    ...[of.learningRate, of.seconds, of.validationSeconds, ...of.validationF1],
  ]);
  return csvText([[...header, ...more], ...rows]);
}

function stepTable({ firstStep, losses, accuracies }: StepCurves): string {
  const rows = Array.from(losses, (loss, i) => [firstStep + i, float32(loss), float32(accuracies[i])]);
  return csvText([["step", "loss", "accuracy"], ...rows]);
}

function text(path: string, content: string): MlflowFile {
  return { path, source: content, bytes: () => Buffer.from(content) };
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** HDF5's library writes files alone. */
