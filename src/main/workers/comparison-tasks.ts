/**
 * Tasks of the worker thread for comparisons: what all test beats of a run are needed for (curves, results by recording), and two
 * annotators of a record.
 */
import type { Calibration } from "../../contract/domain/calibration.ts";
import type { Ec57Record } from "../../contract/domain/ec57.ts";
import type { RunCurves } from "../../contract/domain/comparison.ts";
import type { Evaluation, PatientResults } from "../../contract/domain/evaluation.ts";
import type { TestedRecordings } from "../../pipeline/evaluation/by-patient.ts";
import type { RecordComparison } from "./compare-record.ts";

// A type, not an interface: TypeScript assigns only a type alias to an index signature, as TaskMap has.
export type ComparisonTasks = {
  curves: {
    /** Probabilities, beats × labels, and the true class of each beat. */
    input: { probabilities: Float32Array; truth: Uint8Array; labels: readonly string[] };
    output: Omit<RunCurves, "run">;
  };
  calibration: {
    /** Probabilities, beats × labels; `hours` null: no rates of false positives. */
    input: {
      probabilities: Float32Array;
      truth: Uint8Array;
      labels: readonly string[];
      temperature: number | null;
      hours: number | null;
      rate: number;
    };
    output: Calibration;
  };
  ensemble: {
    input: { validation: AveragedSet; test: AveragedSet; labels: readonly string[] };
    output: { validation: AveragedPredictions; test: AveragedPredictions; temperature: number };
  };
  annotators: { input: RecordComparison; output: Ec57Record | null };
  byPatient: { input: TestedRecordings; output: PatientResults };
};

/** Probabilities of each member of an ensemble, beats × labels, and the true class of each beat. */
export interface AveragedSet {
  members: readonly Float32Array[];
  truth: Uint8Array;
}

/** Mean of the members' probabilities, beats × labels, and its evaluation. */
export interface AveragedPredictions {
  probabilities: Float32Array;
  evaluation: Evaluation;
}
