/** All figures of one run, or of several compared runs. */
import { comparableGroups, type RunCurves } from "../../../contract/domain/comparison.ts";
import type { Evaluation } from "../../../contract/domain/evaluation.ts";
import type { TrainingResult } from "../../../contract/domain/training.ts";
import { evaluationIntervals } from "../../../pipeline/evaluation/intervals.ts";
import { classScores } from "./class-scores.ts";
import { confusionDifference, confusionMatrix } from "./confusion-matrix.ts";
import { learningCurves } from "./learning-curves.ts";
import type { Figure } from "./sheet.ts";
import { thresholdFigures } from "./threshold-figures.ts";
import { thresholdOverlays } from "./threshold-overlays.ts";

export interface FiguredRun {
  id: number;
  /** `Run 3, ANN` */
  name: string;
  result: TrainingResult;
  curves: RunCurves;
  /** Runs with the same key were tested on the same beats. */
  testKey: string;
}

export interface FigureSet {
  /** Null where no run has epochs, as imported models have none. */
  learning: Figure | null;
  /** F1 by class: one figure for all runs with the same test beats. */
  scores: Figure[];
  /** In the order of the runs. */
  confusion: Figure[];
  /** Of the first run (the baseline) and each other run with the same test beats. */
  differences: Figure[];
  /** ROC and precision–recall curves of each run. */
  thresholds: Figure[];
  /** The same curves overlaid: of all runs with the same test beats, where there are several. */
  overlays: Figure[];
}

/** @param runs at least one */
export function figureSet(runs: readonly FiguredRun[]): FigureSet {
  const [first, ...others] = runs;
  const groups = comparableGroups(runs);
  const ofGroup = (figure: Figure, group: readonly FiguredRun[]): Figure =>
    groups.length === 1 ? figure : { ...figure, name: `${figure.name}-${runsName(group)}` };
  const trained = runs.filter(({ result }) => result.epochs.length > 0);
  const named = (figure: Figure, id: number): Figure =>
    runs.length === 1 ? figure : { ...figure, name: `${figure.name}-run-${id}` };
  return {
    learning: trained.length === 0 ? null : learningCurves(trained.map(({ name, result }) => ({ name, ...result }))),
    scores: groups.map((group) =>
      ofGroup(classScores(group.map(({ name, result }) => ({ name, scores: scoresOf(result.test) }))), group),
    ),
    confusion: runs.map(({ id, name, result, curves }) =>
      named(confusionMatrix(result.test.confusion, curves.labels, `Confusion matrix, ${name}`), id),
    ),
    differences: others
      .filter(({ testKey }) => testKey === first.testKey)
      .map(({ id, name, result, curves }) => {
        const pair = [first.result.test.confusion, result.test.confusion] as const;
        return named(confusionDifference(pair, curves.labels, [first.name, name]), id);
      }),
    thresholds: runs.flatMap(({ id, name, curves }) => thresholdFigures(curves, name).map((each) => named(each, id))),
    overlays: groups
      .filter((group) => group.length > 1)
      .flatMap((group) => thresholdOverlays(group).map((figure) => ofGroup(figure, group))),
  };
}

export function allFigures({ learning, scores, confusion, differences, thresholds, overlays }: FigureSet): Figure[] {
  return [
    ...(learning === null ? [] : [learning]),
    ...scores,
    ...confusion,
    ...differences,
    ...thresholds,
    ...overlays,
  ];
}

/** `run-3`, `runs-1-2` */
function runsName(group: readonly FiguredRun[]): string {
  return `${group.length === 1 ? "run" : "runs"}-${group.map(({ id }) => id).join("-")}`;
}

/** Returns F1 by class: 0 where no beat was predicted correctly, null for a class that neither occurs nor is predicted. */
function scoresOf({ perClass, confusion }: Evaluation): Map<string, number | null> {
  const intervals = evaluationIntervals(confusion).perClass;
  return new Map(
    perClass.map(({ label, f1, support }, number) => [label, support + intervals[number].predicted === 0 ? null : f1]),
  );
}
