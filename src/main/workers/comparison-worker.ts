/**
 * Worker thread for curves, ensembles, results by recording and pairs of annotators: sorting every beat for every class takes
 * seconds, resampling patients most of a second.
 */
import type { Reliability } from "../../contract/domain/calibration.ts";
import { alarmPoints } from "../../pipeline/evaluation/alarm-rate.ts";
import { resultsByPatient } from "../../pipeline/evaluation/by-patient.ts";
import { fitTemperature, reliability, withTemperature } from "../../pipeline/evaluation/calibration.ts";
import { ensembleProbabilities } from "../../pipeline/evaluation/ensemble.ts";
import { evaluate } from "../../pipeline/evaluation/evaluate.ts";
import { averagedAreas, scoresOf, scoreSteps, thresholdCurves } from "../../pipeline/evaluation/threshold-curves.ts";
import { compareRecord } from "./compare-record.ts";
import type { AveragedPredictions, AveragedSet, ComparisonTasks } from "./comparison-tasks.ts";
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
  calibration({ temperature, hours, rate, ...tested }) {
    const { probabilities, truth, labels } = tested;
    const of = (values: Float32Array): Reliability => reliability(values, labels.length, truth);
    return {
      temperature,
      before: of(probabilities),
      after: temperature === null ? null : of(withTemperature(probabilities, labels.length, temperature)),
      alarms: hours === null ? null : { hours, rate, points: alarmPoints({ ...tested, hours, rate }) },
    };
  },
  ensemble({ validation, test, labels }) {
    const averaged = ({ members, truth }: AveragedSet): AveragedPredictions => {
      const probabilities = ensembleProbabilities(members);
      return { probabilities, evaluation: evaluate(probabilities, truth, labels) };
    };
    const validated = averaged(validation);
    return {
      validation: validated,
      test: averaged(test),
      temperature: fitTemperature(validated.probabilities, labels.length, validation.truth),
    };
  },
  annotators: compareRecord,
  byPatient: resultsByPatient,
};

serveTasks(handlers);
