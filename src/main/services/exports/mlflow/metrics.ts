/** Metrics of a run for MLflow: curves by epoch and step, and metrics on the test set. */
import type { RunAreas } from "../../../../contract/domain/comparison.ts";
import type { Evaluation } from "../../../../contract/domain/evaluation.ts";
import type { EpochMetrics, StepCurves, TrainingResult } from "../../../../contract/domain/training.ts";
import { evaluationIntervals } from "../../../../pipeline/evaluation/intervals.ts";
import { thinSteps } from "../../../../pipeline/evaluation/thin-steps.ts";
import { classKeys } from "./class-keys.ts";
import type { MlflowPoint } from "./mlflow-run.ts";
import type { Timeline } from "./timeline.ts";

/** Points of a curve by step, as many as MLflow's pages draw; a file holds the whole curve. */
export const MAX_STEP_POINTS = 1000;

interface PointsOptions {
  result: TrainingResult;
  steps: StepCurves;
  /** Areas under the curves on the test set. */
  areas: RunAreas;
  times: Timeline;
  /** End of the run, in ms since 1970, when the model was evaluated. */
  end: number;
}

export function runPoints({ result, steps, areas, times, end }: PointsOptions): MlflowPoint[] {
  return [...epochPoints(result, times), ...stepPoints(steps, times), ...finalPoints(result, areas, end)];
}

function epochPoints({ epochs, test }: TrainingResult, times: Timeline): MlflowPoint[] {
  const curve = (key: string, value: (metrics: EpochMetrics) => number): MlflowPoint[] =>
    epochs.map((metrics) => ({
      key,
      value: value(metrics),
      timestamp: times.epoch(metrics.epoch),
      step: metrics.epoch,
    }));
  // Runs of earlier versions have neither.
  const hasRate = epochs.some(({ learningRate }) => learningRate > 0);
  const hasClasses = epochs.every(({ validationF1 }) => validationF1.length === test.perClass.length);
  const keys = classKeys(test.perClass.map(({ label }) => label));
  return [
    ...curve("train_loss", ({ trainLoss }) => trainLoss),
    ...curve("train_accuracy", ({ trainAccuracy }) => trainAccuracy),
    ...curve("validation_loss", ({ validationLoss }) => validationLoss),
    ...curve("validation_accuracy", ({ validationAccuracy }) => validationAccuracy),
    ...curve("validation_macro_f1", ({ validationMacroF1 }) => validationMacroF1),
    ...(hasClasses
      ? keys.flatMap((key, i) => curve(`validation_f1/${key}`, ({ validationF1 }) => validationF1[i]))
      : []),
    ...(hasRate ? curve("learning_rate", ({ learningRate }) => learningRate) : []),
    ...curve("epoch_seconds", ({ seconds }) => seconds),
  ];
}

/**
 * Returns loss and accuracy of every step; of more than {@link MAX_STEP_POINTS} steps, means of stretches at their last
 * step.
 */
function stepPoints(curves: StepCurves, times: Timeline): MlflowPoint[] {
  const thinned = thinSteps(curves, MAX_STEP_POINTS);
  const curve = (key: string, values: Float32Array): MlflowPoint[] =>
    Array.from(thinned.steps, (step, i) => ({ key, value: values[i], timestamp: times.step(step), step }));
  return [...curve("step_loss", thinned.losses), ...curve("step_accuracy", thinned.accuracies)];
}

/** Metrics of the best epoch. A metric that is not defined, such as the AUROC of a class that does not occur, is absent. */
function finalPoints(
  { bestEpoch, test, validation, seconds }: TrainingResult,
  { perClass: areas, averages }: RunAreas,
  end: number,
): MlflowPoint[] {
  const point = ([key, value]: [string, number]): MlflowPoint => ({ key, value, timestamp: end, step: bestEpoch });
  const totals = (name: string, { loss, accuracy, macroF1, weightedF1 }: Evaluation): [string, number][] => [
    [`${name}_loss`, loss],
    [`${name}_accuracy`, accuracy],
    [`${name}_macro_f1`, macroF1],
    [`${name}_weighted_f1`, weightedF1],
  ];
  const keys = classKeys(test.perClass.map(({ label }) => label));
  const intervals = evaluationIntervals(test.confusion).perClass;
  return [
    ...totals("test", test),
    ...defined("test_macro_auroc", averages.macroRocArea),
    ...defined("test_macro_average_precision", averages.macroAveragePrecision),
    ...totals("best_validation", validation),
    ...test.perClass.flatMap(({ sensitivity, ppv, f1, support }, i): [string, number][] => [
      [`test_sensitivity/${keys[i]}`, sensitivity],
      ...defined(`test_specificity/${keys[i]}`, intervals[i].specificity),
      [`test_ppv/${keys[i]}`, ppv],
      [`test_f1/${keys[i]}`, f1],
      ...defined(`test_auroc/${keys[i]}`, areas[i].rocArea),
      ...defined(`test_average_precision/${keys[i]}`, areas[i].averagePrecision),
      [`test_support/${keys[i]}`, support],
    ]),
    ...([
      ["best_epoch", bestEpoch],
      ["training_seconds", seconds],
    ] as [string, number][]),
  ].map(point);
}

function defined(key: string, value: number | null): [string, number][] {
  return value === null || Number.isNaN(value) ? [] : [[key, value]];
}
