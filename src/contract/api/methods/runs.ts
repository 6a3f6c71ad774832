/** Methods of runs: their results, comparisons and exports. */
import { z } from "zod";
import {
  beatQuerySchema,
  type PairedTest,
  type RunComparison,
  type RunCurves,
  type TestedBeats,
} from "../../domain/comparison.ts";
import type { TestSetEc57 } from "../../domain/ec57.ts";
import type { Evaluation, PatientResults } from "../../domain/evaluation.ts";
import { explanationQuerySchema, type BeatExplanation } from "../../domain/explanations.ts";
import {
  mlflowCredentialsSchema,
  mlflowTargetSchema,
  fileExportSchemas,
  type SignInKeeping,
} from "../../domain/exports.ts";
import type { EnsembleMembers, MadeEnsemble } from "../../domain/ensembles.ts";
import { nameSchema } from "../../domain/names.ts";
import type { TestLook } from "../../domain/test-looks.ts";
import type { ClassShapes } from "../../domain/class-shapes.ts";
import type { Calibration } from "../../domain/calibration.ts";
import type { ClassMetricTable, RunDetails, RunFiles, RunLogEntry, RunOverview } from "../../domain/runs.ts";
import { setExportSchema } from "../../domain/set-exports.ts";
import type { EpochMetrics, ThinnedSteps } from "../../domain/training.ts";
import { method, id, nothing, run, path, someRuns, type StartedJob } from "./method.ts";

const tags = z.array(z.string().min(1).max(100)).max(100);

export const runMethods = {
  "comparison.runs": method<RunComparison>()(z.strictObject({ runs: z.array(id).min(1).max(500) })),
  "comparison.curves": method<RunCurves>()(run),
  "comparison.paired": method<PairedTest>()(z.strictObject({ one: id, other: id })),
  /** Beats of a run's test set, such as those of a cell of its confusion matrix. */
  "comparison.beats": method<TestedBeats>()(run.extend({ query: beatQuerySchema })),

  /** Newest first. */
  "runs.list": method<RunOverview[]>()(nothing),
  /** One entry of the list; null: the run does not exist, or was removed. */
  "runs.overview": method<RunOverview | null>()(run),
  /** Metrics of each class on the test set, of all runs of the list. */
  "runs.classMetrics": method<ClassMetricTable>()(nothing),
  "runs.get": method<RunDetails>()(run),
  "runs.epochs": method<EpochMetrics[]>()(run),
  /** Curve by step, thinned to `points` points. */
  "runs.steps": method<ThinnedSteps>()(run.extend({ points: z.int().min(10).max(10_000) })),
  /** Null before the run has ended. */
  "runs.evaluation": method<Evaluation | null>()(run.extend({ set: z.enum(["validation", "test"]) })),
  /** Null where test beats are synthetic: those belong to two recordings. */
  "runs.byPatient": method<PatientResults | null>()(run),
  /** The same over folds of one cross-validation; null where their recordings or classes differ, too. */
  "runs.pooledByPatient": method<PatientResults | null>()(z.strictObject({ runs: someRuns })),
  /**
   * Predictions on the test recordings compared with their annotations by EC57, from `from` s on; `from` absent: after its learning
   * period. Null: `noEc57Text` says why not.
   */
  "runs.ec57": method<TestSetEc57 | null>()(run.extend({ from: z.number().min(0).optional() })),
  /** Calibration, and the sensitivity of each class at `rate` false positives per hour. */
  "runs.calibration": method<Calibration>()(run.extend({ rate: z.number().min(0).max(100_000) })),
  /** What of its inputs spoke for a class, for one test beat. */
  "runs.explainBeat": method<BeatExplanation>()(run.extend(explanationQuerySchema.shape)),
  /** Mean beat of each class of the test set, and the beats that the run confused. */
  "runs.classShapes": method<ClassShapes>()(run),
  /** Looks at the test set of a run, oldest first: one for each evaluation of a run on it. */
  "runs.looks": method<TestLook[]>()(run),
  /** Oldest first. */
  "runs.log": method<RunLogEntry[]>()(run),
  /** Null: the run is no ensemble. */
  "runs.members": method<EnsembleMembers | null>()(run),
  /** Evaluates several runs of one preparation as one model, and stores it as a run. Counts as a look at the test set. */
  "runs.makeEnsemble": method<MadeEnsemble>()(
    z.strictObject({ runs: z.array(id).min(1).max(1000), name: nameSchema.default("") }),
  ),
  "runs.files": method<RunFiles>()(run),
  "runs.remark": method<null>()(
    run.extend({
      notes: z.string().max(100_000).optional(),
      tags: tags.optional(),
    }),
  ),
  /** Adds and removes tags of several runs; all of them or none. */
  "runs.tag": method<null>()(z.strictObject({ runs: someRuns, add: tags, remove: tags })),
  "runs.remove": method<null>()(run),
  "runs.restore": method<null>()(run),
  /** Moves several runs to the bin; all of them or none. */
  "runs.removeAll": method<null>()(z.strictObject({ runs: someRuns })),
  "runs.restoreAll": method<null>()(z.strictObject({ runs: someRuns })),
  "runs.rename": method<null>()(run.extend({ name: nameSchema })),

  /** Exports each model into a sub-folder of `folder`, with its model card and an example. A notice names the path. */
  "exports.model": method<StartedJob>()(fileExportSchemas.model.extend({ folder: path })),
  /**
   * Exports runs to an MLflow server or into a folder in MLflow's format; unchanged runs are skipped. Credentials in the arguments are
   * not stored; `kept`: the stored credentials of the server are used instead.
   */
  "exports.mlflow": method<StartedJob>()(
    mlflowTargetSchema.extend({ runs: someRuns, kept: z.boolean().default(false) }),
  ),
  "exports.signIns": method<SignInKeeping>()(nothing),
  /** Stores credentials in the system's keychain. */
  "exports.keepSignIn": method<null>()(z.strictObject({ address: path, credentials: mlflowCredentialsSchema })),
  "exports.forgetSignIn": method<null>()(z.strictObject({ address: path })),
  /** Exports a report on one run, or comparing several, as HTML, and as PDF on request. */
  "exports.report": method<StartedJob>()(fileExportSchemas.report.extend({ folder: path })),
  /** Exports each figure as SVG and PNG, at its print size. */
  "exports.figures": method<StartedJob>()(fileExportSchemas.figures.extend({ folder: path })),
  /** Exports tables of settings, epochs, classes, confusion matrix and all test beats. */
  "exports.csv": method<StartedJob>()(fileExportSchemas.csv.extend({ folder: path })),
  /** Exports the report of a recording as HTML, PDF and tables. */
  "exports.recordingReport": method<StartedJob>()(fileExportSchemas.recordingReport.extend({ folder: path })),
  /** Exports an annotation set as WFDB annotation files, EDF+ or CSV. */
  "exports.annotations": method<StartedJob>()(setExportSchema.extend({ folder: path })),
};
