/** All figures of a run, or of several laid side by side. */
import type { RunCurves } from "../../../contract/domain/comparison.ts";
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
  /** Runs of one preparation were tested on the same beats. */
  preparation: string;
}

export interface FigureSet {
  /** None where no run has epochs: models that were trained elsewhere have not. */
  learning: Figure | null;
  scores: Figure;
  /** In the order of the runs. */
  confusion: Figure[];
  /** Of the first run and each other that was tested on the same beats. */
  differences: Figure[];
  /** ROC and precision-recall of each run. */
  thresholds: Figure[];
  /** The same of all runs over one another; none of one alone. */
  overlays: Figure[];
}

/** @param runs at least one */
export function figureSet(runs: readonly FiguredRun[]): FigureSet {
  const [first, ...others] = runs;
  const trained = runs.filter(({ result }) => result.epochs.length > 0);
  const named = (figure: Figure, id: number): Figure =>
    runs.length === 1 ? figure : { ...figure, name: `${figure.name}-run-${id}` };
  return {
    learning: trained.length === 0 ? null : learningCurves(trained.map(({ name, result }) => ({ name, ...result }))),
    scores: classScores(runs.map(({ name, result }) => ({ name, scores: scoresOf(result.test) }))),
    confusion: runs.map(({ id, name, result, curves }) =>
      named(confusionMatrix(result.test.confusion, curves.labels, `Confusion matrix, ${name}`), id),
    ),
    differences: others
      .filter(({ preparation }) => preparation === first.preparation)
      .map(({ id, name, result, curves }) => {
        const pair = [first.result.test.confusion, result.test.confusion] as const;
        return named(confusionDifference(pair, curves.labels, [first.name, name]), id);
      }),
    thresholds: runs.flatMap(({ id, name, curves }) => thresholdFigures(curves, name).map((each) => named(each, id))),
    overlays: runs.length === 1 ? [] : thresholdOverlays(runs),
  };
}

export function allFigures({ learning, scores, confusion, differences, thresholds, overlays }: FigureSet): Figure[] {
  return [...(learning === null ? [] : [learning]), scores, ...confusion, ...differences, ...thresholds, ...overlays];
}

/** F1 is 0 where nothing was right; a class that neither occurs nor is predicted has none. */
function scoresOf({ perClass, confusion }: Evaluation): Map<string, number | null> {
  const intervals = evaluationIntervals(confusion).perClass;
  return new Map(
    perClass.map(({ label, f1, support }, number) => [label, support + intervals[number].predicted === 0 ? null : f1]),
  );
}
