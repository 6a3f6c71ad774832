/** The worker thread that computes what a comparison shows: sorting every beat by every class takes seconds. */
import { averagedAreas, scoresOf, scoreSteps, thresholdCurves } from "../../pipeline/evaluation/threshold-curves.ts";
import type { ComparisonTasks } from "./comparison-tasks.ts";
import { serveTasks, type TaskHandlers } from "./worker-pool.ts";

/** Points of a curve that is drawn. */
const POINTS = 400;

const handlers: TaskHandlers<ComparisonTasks> = {
  curves({ probabilities, truth, labels }) {
    const perClass = labels.map((_, number) => {
      const isOf = truth.map((value) => (value === number ? 1 : 0));
      return thresholdCurves(scoreSteps(scoresOf(probabilities, labels.length, number), isOf), POINTS);
    });
    return { labels: [...labels], perClass, averages: averagedAreas(probabilities, truth, perClass) };
  },
};

serveTasks(handlers);
