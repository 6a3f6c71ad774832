/**
 * Worker thread for curves and results by recording: sorting every beat for every class takes seconds, resampling
 * patients most of a second.
 */
import { resultsByPatient } from "../../pipeline/evaluation/by-patient.ts";
import { averagedAreas, scoresOf, scoreSteps, thresholdCurves } from "../../pipeline/evaluation/threshold-curves.ts";
import type { ComparisonTasks } from "./comparison-tasks.ts";
import { serveTasks, type TaskHandlers } from "./worker-pool.ts";

/** Points of a curve in a chart. */
const CURVE_POINTS = 400;

const handlers: TaskHandlers<ComparisonTasks> = {
  curves({ probabilities, truth, labels }) {
    const perClass = labels.map((_, number) => {
      const isOf = truth.map((value) => (value === number ? 1 : 0));
      return thresholdCurves(scoreSteps(scoresOf(probabilities, labels.length, number), isOf), CURVE_POINTS);
    });
    return { labels: [...labels], perClass, averages: averagedAreas(probabilities, truth, perClass) };
  },
  byPatient: resultsByPatient,
};

serveTasks(handlers);
