/** Example data for component tests and the gallery. The numbers are invented and agree with one another; nothing was trained. */
import type { Evaluation, EvaluationIntervals, Interval } from "../../contract/domain/evaluation.ts";
import type { RunOverview } from "../../contract/domain/runs.ts";
import { defaultTraining } from "../../contract/settings/defaults.ts";

/** AAMI classes; Q occurs nowhere and is never predicted. */
export const exampleLabels = ["N", "S", "V", "F", "Q"];

/** Beats by true class (rows) and predicted class (columns). */
export const exampleConfusion = [
  [41_230, 512, 298, 40, 0],
  [402, 1_105, 329, 0, 0],
  [96, 21, 3_102, 1, 0],
  [210, 0, 58, 120, 0],
  [0, 0, 0, 0, 0],
];

/** Computes the metrics of a confusion matrix, by scikit-learn's definitions with 0 where a share is undefined. */
export function evaluationOf(confusion: number[][], labels: readonly string[] = exampleLabels): Evaluation {
  const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  const beats = sum(confusion.map(sum));
  const perClass = labels.map((label, i) => {
    const support = sum(confusion[i]);
    const predicted = sum(confusion.map((row) => row[i]));
    const correct = confusion[i][i];
    return {
      label,
      sensitivity: share(correct, support),
      ppv: share(correct, predicted),
      f1: share(2 * correct, support + predicted),
      support,
      predicted,
    };
  });
  const known = perClass.filter(({ support, predicted }) => support + predicted > 0);
  return {
    loss: 0.1873,
    accuracy: share(sum(confusion.map((row, i) => row[i])), beats),
    macroF1: share(sum(known.map(({ f1 }) => f1)), known.length),
    weightedF1: share(sum(perClass.map(({ f1, support }) => f1 * support)), beats),
    perClass: perClass.map(({ predicted: _predicted, ...metrics }) => metrics),
    confusion,
  };
}

/** Intervals that are one percentage point wide to each side: what is shown, not how they are computed. */
export function intervalsOf({ confusion, perClass, accuracy }: Evaluation): EvaluationIntervals {
  const around = (share: number): Interval => ({ low: Math.max(0, share - 0.01), high: Math.min(1, share + 0.01) });
  const predicted = confusion.map((_row, i) => confusion.reduce((sum, row) => sum + row[i], 0));
  return {
    beats: perClass.reduce((sum, { support }) => sum + support, 0),
    correct: confusion.reduce((sum, row, i) => sum + row[i], 0),
    accuracy: around(accuracy),
    perClass: perClass.map(({ sensitivity, ppv, support }, i) => ({
      correct: confusion[i][i],
      predicted: predicted[i],
      sensitivityInterval: support === 0 ? null : around(sensitivity),
      ppvInterval: predicted[i] === 0 ? null : around(ppv),
      ...specificityOf(confusion, i),
    })),
  };
}

function specificityOf(
  confusion: number[][],
  label: number,
): { specificity: number | null; specificityInterval: Interval | null } {
  const others = confusion.filter((_row, i) => i !== label);
  const beats = others.flat().reduce((a, b) => a + b, 0);
  if (beats === 0) return { specificity: null, specificityInterval: null };
  const specificity = 1 - others.reduce((sum, row) => sum + row[label], 0) / beats;
  return {
    specificity,
    specificityInterval: { low: Math.max(0, specificity - 0.01), high: Math.min(1, specificity + 0.01) },
  };
}

export const exampleEvaluation = evaluationOf(exampleConfusion);
export const exampleIntervals = intervalsOf(exampleEvaluation);

/** A run as the table of runs lists it. */
export function exampleRun(id: number, rest: Partial<RunOverview> = {}): RunOverview {
  const { loss, accuracy, macroF1, weightedF1 } = exampleEvaluation;
  return {
    id,
    status: "completed",
    settings: defaultTraining("cnn"),
    createdAt: "2026-03-02T09:15:00.000Z",
    startedAt: "2026-03-02T09:15:02.000Z",
    finishedAt: "2026-03-02T09:27:40.000Z",
    error: null,
    device: null,
    machine: null,
    preparation: { id: 1, name: "", protocol: "inter-patient", classMap: "aami" },
    testKey: "1 inter-patient a",
    dataset: { id: 1, name: "MIT-BIH Arrhythmia Database", synthetic: false },
    epochs: 15,
    bestEpoch: 10,
    trainableParameters: 53_957,
    seconds: 758,
    test: { loss, accuracy, macroF1, weightedF1 },
    name: "",
    notes: "",
    tags: [],
    ...rest,
  };
}
