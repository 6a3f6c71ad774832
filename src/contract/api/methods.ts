/**
 * The method map: all methods of a shell. Handlers (src/main/api), the preload script and the renderer's clients derive their types
 * from it. Arguments are parsed by their schema where they arrive; answers are typed.
 *
 * Long work answers at once with a job, whose snapshots follow as events. Large arrays are typed arrays in both directions.
 */
import { z } from "zod";
import {
  classificationSchema,
  type ClassificationCheck,
  type ClassificationResult,
  type UnsureCosts,
} from "../domain/classification.ts";
import {
  beatQuerySchema,
  type PairedTest,
  type RunComparison,
  type RunCurves,
  type TestedBeats,
} from "../domain/comparison.ts";
import type { AnnotationSetOverview } from "../domain/annotation-sets.ts";
import {
  importSchema,
  patientChangesSchema,
  type CorrectedPatients,
  type DatasetDetails,
  type DatasetOverview,
} from "../domain/datasets.ts";
import type {
  ClusterExperimentState,
  ClusterProgress,
  ClusterSending,
  TestedExecutor,
  WorkerLog,
} from "../domain/cluster.ts";
import { beatConventions, type SetComparison, type TestSetEc57 } from "../domain/ec57.ts";
import type { Evaluation, PatientResults } from "../domain/evaluation.ts";
import {
  experimentNameSchema,
  experimentPlanSchema,
  winnerMetrics,
  type ExperimentOverview,
  type ExperimentResults,
  type PlannedRun,
} from "../domain/experiments.ts";
import { explanationQuerySchema, type BeatExplanation } from "../domain/explanations.ts";
import {
  mlflowCredentialsSchema,
  mlflowTargetSchema,
  fileExportSchemas,
  type SignInKeeping,
} from "../domain/exports.ts";
import { healthOptionsSchema, type Bin, type WorkspaceHealth } from "../domain/integrity.ts";
import type { Inspection } from "../domain/inspection.ts";
import type { JobSnapshot } from "../domain/jobs.ts";
import {
  pathPurposes,
  type AppInfo,
  type FolderListing,
  type MachineInfo,
  type NamedPath,
  type WorkspaceInfo,
} from "../domain/machine.ts";
import { logLevels, MAX_LOG_ENTRIES, type LogEntry, type SupportReport } from "../domain/log.ts";
import type { EnsembleMembers, MadeEnsemble } from "../domain/ensembles.ts";
import type { MethodName } from "./method-names.ts";
import { savingSchema, type SavedNetwork } from "../domain/saved-networks.ts";
import { MAX_SPEED_QUESTIONS, speedQuestionSchema, type StepSpeed } from "../domain/step-speed.ts";
import type { ForeignModel } from "../domain/foreign-models.ts";
import { datasetNameSchema, nameSchema } from "../domain/names.ts";
import { networkSchema, networkShapeSchema, type NetworkDescription } from "../domain/networks.ts";
import {
  databaseAddressSchema,
  recordPatternsSchema,
  type DatabaseContents,
  type DownloadState,
} from "../domain/physionet.ts";
import { preparationSettingsSchema, type Preparation, type PreparationSummary } from "../domain/preparation.ts";
import { reportSchema } from "../domain/recording-report.ts";
import { overruleSchema, restoreSchema } from "../domain/recording-report-choices.ts";
import type { RecordingReport } from "../domain/reported-recording.ts";
import {
  editSchema,
  editedBeatsSchema,
  reviewerSchema,
  type EditAnswer,
  type OpenedReview,
  type ReviewOverview,
} from "../domain/reviews.ts";
import type { BeatShapes } from "../domain/beat-families.ts";
import type { LabelsSince } from "../domain/label-choice.ts";
import { fineTuningSchema } from "../domain/patient-choice.ts";
import type { RhythmSummary } from "../domain/rhythm.ts";
import type { StripDrawing } from "../domain/strip-drawing.ts";
import type { TestLook } from "../domain/test-looks.ts";
import type { Calibration } from "../domain/calibration.ts";
import type { ClassMetricTable, RunDetails, RunFiles, RunLogEntry, RunOverview } from "../domain/runs.ts";
import { setExportSchema } from "../domain/set-exports.ts";
import { settingsChangeSchema, type Settings } from "../settings/app-settings.ts";
import {
  networkNames,
  trainingSettingsSchema,
  type EpochMetrics,
  type ThinnedSteps,
  type TrainingQueue,
} from "../domain/training.ts";
import {
  annotationsSchema,
  disagreementsSchema,
  beatPreviewSchema,
  denoisedSchema,
  envelopeSchema,
  recordSchema,
  rhythmSchema,
  setNameSchema,
  stretchSchema,
  stripsSchema,
  tableQuerySchema,
  type AnnotationColumns,
  type BeatPreview,
  type Disagreements,
  type DenoisedStretch,
  type Envelope,
  type SignalStretch,
  type TableBeats,
} from "../domain/viewing.ts";

interface Method<Schema extends z.ZodType, Answer> {
  /** Schema of the arguments. */
  schema: Schema;
  /** Never set: it carries the type of the answer. */
  answer?: Answer;
}

/** `method<Answer>()(schema)`: the type of the answer is explicit, the type of the arguments is inferred. */
function method<Answer>() {
  return <Schema extends z.ZodType>(schema: Schema): Method<Schema, Answer> => ({ schema });
}

const id = z.int().min(1);
const nothing = z.strictObject({});
const dataset = z.strictObject({ dataset: id });
const network = z.strictObject({ network: id });
const preparation = z.strictObject({ preparation: id });
const run = z.strictObject({ run: id });
const experiment = z.strictObject({ experiment: id });
const executorName = z.string().min(1).max(40);
/** A recording in a reviewed set. */
const reviewSchema = recordSchema.extend({ set: setNameSchema });
const annotationSet = z.strictObject({ set: id });
const inspection = z.strictObject({ inspection: id });
const someRuns = z.array(id).min(1).max(100_000);
const tags = z.array(z.string().min(1).max(100)).max(100);
const path = z.string().min(1).max(4096);
const database = z.strictObject({ name: databaseAddressSchema });
const download = database.extend({ records: recordPatternsSchema.optional() });

/** Answer of a method that starts a job. */
export interface StartedJob {
  job: JobSnapshot;
}

export const methods = {
  "app.info": method<AppInfo>()(nothing),
  "machine.info": method<MachineInfo>()(nothing),
  /** Measures every backend of this machine with the networks, and stores the times. */
  "machine.measure": method<StartedJob>()(z.strictObject({ networks: z.array(z.enum(networkNames)).min(1).max(3) })),
  /** Installs TensorFlow for NVIDIA GPUs; a cancelled download is resumed by the next installation. */
  "machine.installCuda": method<StartedJob>()(nothing),
  "machine.removeCuda": method<StartedJob>()(nothing),
  "workspace.info": method<WorkspaceInfo>()(nothing),
  /** Warnings about the workspace since it was opened: repairs, and a location where data is less safe. */
  "workspace.warnings": method<readonly string[]>()(nothing),
  /** Checks the workspace, and repairs it on request; `workspace.health` then returns the findings. */
  "workspace.check": method<StartedJob>()(healthOptionsSchema),
  /** Findings of the last check; null before the first. */
  "workspace.health": method<WorkspaceHealth | null>()(nothing),
  /** Removed items that can be restored. */
  "workspace.bin": method<Bin>()(nothing),
  /** Deletes all items of the bin permanently. */
  "workspace.emptyBin": method<{ items: number }>()(nothing),
  /** Newest entries of the log that are at least as severe as `level`, oldest first. */
  "log.read": method<LogEntry[]>()(
    z.strictObject({ lines: z.int().min(1).max(MAX_LOG_ENTRIES), level: z.enum(logLevels) }),
  ),
  /** Versions, machine, settings and the last log entries as text, without paths or names; shown before it is saved. */
  "log.supportReport": method<SupportReport>()(nothing),
  /** Folders, recordings, ZIP files and models on the machine that runs Ectopy; without `folder`, those of the user's home folder. */
  "files.list": method<FolderListing>()(z.strictObject({ folder: path.optional() })),
  /** Checks a path for its purpose, within seconds. An error says what is wrong with the path. */
  "files.check": method<NamedPath>()(z.strictObject({ path, purpose: z.enum(pathPurposes) })),

  "settings.get": method<Settings>()(nothing),
  "settings.set": method<Settings>()(settingsChangeSchema),

  /** Running jobs and the latest ended ones, newest first. */
  "jobs.list": method<JobSnapshot[]>()(nothing),
  "jobs.cancel": method<null>()(z.strictObject({ job: id })),
  /** Removes an ended job from the list. */
  "jobs.dismiss": method<null>()(z.strictObject({ job: id })),

  "datasets.list": method<DatasetOverview[]>()(nothing),
  "datasets.get": method<DatasetDetails>()(dataset),
  /** Examines the recordings of a folder, a file or a ZIP file; nothing is stored. The job's subject is the inspection. */
  "datasets.inspect": method<StartedJob>()(z.strictObject({ path })),
  /** Result of an inspection, which is held until it is imported or discarded. */
  "datasets.inspection": method<Inspection>()(inspection),
  "datasets.discardInspection": method<null>()(inspection),
  /** Imports a folder, a file or a ZIP file; with `inspection`, what that has found. The job's subject is the dataset. */
  "datasets.import": method<StartedJob>()(importSchema.extend({ path })),
  "datasets.makeSample": method<StartedJob>()(z.strictObject({ seed: z.int().min(0).max(0xffffffff).optional() })),
  /** Moves a dataset to the bin; `datasets.restore` restores it until the bin is emptied. */
  /** Examines recordings that an earlier version imported without examining their leads. The job's subject is the dataset. */
  "datasets.examine": method<StartedJob>()(dataset),
  "datasets.remove": method<null>()(dataset),
  "datasets.restore": method<null>()(dataset),
  "datasets.rename": method<null>()(dataset.extend({ name: datasetNameSchema })),
  /** Corrects the patients of some recordings; preparations keep theirs, and say so. */
  "datasets.setPatients": method<CorrectedPatients>()(dataset.extend({ patients: patientChangesSchema })),
  /** Undoes the last correction of patients. */
  "datasets.undoPatients": method<CorrectedPatients>()(dataset),

  /** State of the download of each described PhysioNet database (`physioNetDatabases`), and of the others on the disk. */
  "downloads.list": method<DownloadState[]>()(nothing),
  /** Returns what a database holds: records with sizes, annotators, licence and citation, from the server's files. */
  "downloads.inspect": method<DatabaseContents>()(database),
  /** Downloads a database, or resumes its download, and imports it. The job's subject is the dataset. */
  "downloads.start": method<StartedJob>()(download.extend(importSchema.pick({ withoutComments: true }).shape)),
  /** Deletes the downloaded files of a database that has not been imported. */
  "downloads.discard": method<null>()(download),

  "recordings.signal": method<SignalStretch>()(stretchSchema),
  "recordings.envelope": method<Envelope>()(envelopeSchema),
  "recordings.denoised": method<DenoisedStretch>()(denoisedSchema),
  "recordings.annotations": method<AnnotationColumns>()(annotationsSchema),
  /** Beats of a class in a table whose rows are beats. */
  "recordings.tableBeats": method<TableBeats>()(tableQuerySchema),
  "recordings.rhythm": method<RhythmSummary>()(rhythmSchema),
  /** The report of a recording by an annotation set. */
  "recordings.report": method<RecordingReport>()(reportSchema),
  /** Strips of ECG paper, each around a range of samples, with the beats of an annotation set. */
  "recordings.strips": method<StripDrawing[]>()(stripsSchema),
  /** States that a place of a report is not the extreme, with a reason: another place takes its strip. */
  "recordings.overruleExtreme": method<null>()(overruleSchema),
  /** Removes that statement. */
  "recordings.restoreExtreme": method<null>()(restoreSchema),

  /** Where two annotation sets of a recording disagree: beats are matched within 150 ms, as by EC57. */
  "recordings.disagreements": method<Disagreements>()(disagreementsSchema),

  /** Annotation sets of a dataset: imported annotators first, then the sets that Ectopy made, oldest first. */
  "annotationSets.list": method<AnnotationSetOverview[]>()(dataset),
  /** Compares two sets by EC57: beats, runs of ectopic beats, and labels (Cohen's kappa). */
  "annotationSets.compare": method<SetComparison>()(
    dataset.extend({
      reference: setNameSchema,
      test: setNameSchema,
      /** Start of the comparison in s: 300 by EC57. */
      from: z.number().min(0).max(1_000_000),
      convention: z.enum(beatConventions),
    }),
  ),
  /** Detects R-peaks, and stores them as an annotation set. The job's subject is the dataset. */
  "annotationSets.detect": method<StartedJob>()(
    dataset.extend({
      /** Name of the set; by default `detected`. */
      name: setNameSchema.optional(),
      /** Lead to read; by default all leads together. */
      lead: z.string().min(1).max(200).optional(),
      /** Recording to read, in a set that keeps its other recordings; by default all. */
      record: recordSchema.shape.record.optional(),
    }),
  ),
  /** Moves a set to the bin; `annotationSets.restore` restores it until the bin is emptied. */
  "annotationSets.remove": method<null>()(annotationSet),
  "annotationSets.restore": method<null>()(annotationSet),
  "annotationSets.rename": method<null>()(annotationSet.extend({ name: setNameSchema })),

  /** What fits and what does not, before recordings are classified. */
  "classification.check": method<ClassificationCheck>()(classificationSchema),
  /** What thresholds of unsure beats cost on the test set of the runs. */
  "classification.costs": method<UnsureCosts>()(classificationSchema.pick({ run: true })),
  /** Classifies recordings, and stores an annotation set. The job's subject is the dataset. */
  "classification.start": method<StartedJob>()(classificationSchema),
  /** Counts of a classified annotation set. */
  "classification.result": method<ClassificationResult>()(dataset.extend({ set: setNameSchema })),

  /** Reviewed sets of a dataset, with their reviewers and recordings. */
  "reviews.list": method<ReviewOverview[]>()(dataset),
  /** Begins the review of a recording, or continues it. Returns the name of the reviewed set. */
  "reviews.begin": method<{ set: string }>()(
    recordSchema.extend({ from: setNameSchema, name: setNameSchema.optional() }),
  ),
  "reviews.open": method<OpenedReview>()(reviewSchema),
  /** Stores an edit before it answers; so do undo and redo, which are entries of the log, too. */
  "reviews.edit": method<EditAnswer>()(reviewSchema.extend({ edit: editSchema, reviewer: reviewerSchema })),
  "reviews.undo": method<EditAnswer>()(reviewSchema.extend({ reviewer: reviewerSchema })),
  "reviews.redo": method<EditAnswer>()(reviewSchema.extend({ reviewer: reviewerSchema })),
  /** Beats of a review by their shapes: families, and a map of beats. */
  "reviews.shapes": method<BeatShapes>()(reviewSchema),
  /** Splits beats into two by shape, and returns the smaller half; nothing is stored. */
  "reviews.split": method<{ beats: Int32Array }>()(reviewSchema.extend({ beats: editedBeatsSchema })),
  /** Fine-tunes a run on the reviewed beats, and labels the others. The job's subject is the run. */
  "reviews.learn": method<StartedJob>()(reviewSchema.extend({ run: id.optional(), reviewer: reviewerSchema })),
  /** Takes the labels of a fine-tuned run back, where they are still its labels. */
  "reviews.takeBack": method<EditAnswer>()(reviewSchema.extend({ entry: id, reviewer: reviewerSchema })),
  /** Sample of the R-peak next to a sample. */
  "reviews.peak": method<{ sample: number }>()(recordSchema.extend({ sample: z.int().min(0) })),

  "preparations.list": method<Preparation[]>()(nothing),
  "preparations.get": method<Preparation>()(preparation),
  "preparations.previewBeat": method<BeatPreview>()(beatPreviewSchema),
  /** Summary of a preparation without storing it: classes, excluded beats, patients in several sets, limitations. */
  "preparations.preview": method<PreparationSummary>()(
    z.strictObject({ dataset: id, settings: preparationSettingsSchema }),
  ),
  /** The job's subject is the preparation. */
  "preparations.prepare": method<StartedJob>()(z.strictObject({ dataset: id, settings: preparationSettingsSchema })),
  /** Restores missing or damaged files of a preparation from its settings; its runs stay. The job's subject is the preparation. */
  "preparations.repair": method<StartedJob>()(preparation),
  "preparations.remove": method<null>()(preparation),
  "preparations.restore": method<null>()(preparation),
  /** An empty name removes the name; so it does for a run. */
  /** How the reviewed sets have changed since a preparation took its labels. */
  "preparations.labelsSince": method<LabelsSince[]>()(preparation),
  "preparations.rename": method<null>()(preparation.extend({ name: nameSchema })),

  /** Custom networks, in the order in which they were saved. */
  "networks.list": method<SavedNetwork[]>()(nothing),
  "networks.save": method<SavedNetwork>()(savingSchema),
  "networks.remove": method<null>()(network),
  "networks.restore": method<null>()(network),
  /** Output shape, parameters and memory of each layer, and its problem. */
  "networks.describe": method<NetworkDescription>()(
    z.strictObject({ network: networkSchema, ...networkShapeSchema.shape }),
  ),

  /** Speed of a training step; null where it has not been measured on this machine. */
  "networks.speed": method<StepSpeed | null>()(speedQuestionSchema),
  /** Speeds for several settings, in their order: an experiment may vary the network or the backend. */
  "networks.speeds": method<(StepSpeed | null)[]>()(
    z.strictObject({ questions: z.array(speedQuestionSchema).max(MAX_SPEED_QUESTIONS) }),
  ),
  /** Measures the speed of the candidate configurations, and stores the fastest for trainings. */
  "networks.measure": method<StartedJob>()(speedQuestionSchema),
  /** Evaluates a Keras model (.h5, .keras) on the test set of a preparation. The result is a run, the job's subject. */
  "models.test": method<StartedJob>()(
    z.strictObject({
      path,
      preparation: id,
      /** Classes of the outputs, in their order; needed where the file does not name them. */
      classes: z.array(z.string().min(1).max(100)).max(100).optional(),
      /** Evaluates although the preparation differs from the recipe in the file. */
      acceptDifferences: z.boolean().optional(),
    }),
  ),
  /** Returns what a model's file says of it, beside a preparation. */
  "models.describe": method<ForeignModel>()(z.strictObject({ path, preparation: id })),

  "training.queue": method<TrainingQueue>()(nothing),
  /** Adds a run to the queue; it starts when the runs before it have ended. */
  /** Prepares a recording, and queues a run that is fine-tuned for its patient. The job's subject is the run. */
  "training.fineTune": method<StartedJob>()(fineTuningSchema),
  "training.start": method<{ run: number }>()(z.strictObject({ preparation: id, settings: trainingSettingsSchema })),
  /** Pauses the training after the current step, with a checkpoint. */
  "training.pause": method<null>()(run),
  /** Resumes a paused, interrupted or failed run from its last checkpoint. */
  "training.resume": method<null>()(run),
  /** Stops a running training after the current step and keeps its best epoch; removes a waiting run from the queue. */
  "training.stop": method<null>()(run),

  "experiments.list": method<ExperimentOverview[]>()(nothing),
  "experiments.get": method<ExperimentOverview>()(experiment),
  /** Results over the completed runs; requested apart, since an overview is requested after each epoch. */
  "experiments.results": method<ExperimentResults>()(experiment),
  /** Runs of a plan, without adding them. */
  "experiments.plan": method<PlannedRun[]>()(
    z.strictObject({ plan: experimentPlanSchema, settings: trainingSettingsSchema, preparation: id }),
  ),
  /** Adds an experiment, prepares its folds, and adds its runs to the queue. The job's subject is the experiment. */
  "experiments.start": method<StartedJob>()(
    z.strictObject({
      name: experimentNameSchema,
      preparation: id,
      settings: trainingSettingsSchema,
      plan: experimentPlanSchema,
      metric: z.enum(winnerMetrics),
      /** Executor that trains the runs on other machines; absent: this machine. */
      executor: executorName.optional(),
    }),
  ),
  /**
   * Stops the experiment's running trainings, which keep their best epoch, and removes its waiting runs from the queue; so it does
   * on other machines.
   */
  "experiments.stop": method<null>()(experiment),

  /** Trains one step by an executor of the settings. The result is in `executors.tested`. */
  "executors.test": method<StartedJob>()(z.strictObject({ executor: executorName })),
  /** Results of the latest successful tests since Ectopy was started. */
  "executors.tested": method<TestedExecutor[]>()(nothing),

  /** What is copied into the shared folder for runs on a preparation. */
  "cluster.sending": method<ClusterSending>()(preparation),
  /** State of an experiment on other machines, as of the latest collection; null: this machine trains it. */
  "cluster.state": method<ClusterExperimentState | null>()(experiment),
  /** Ends of the workers' logs, newest first. */
  "cluster.logs": method<WorkerLog[]>()(experiment),
  /** Stores what other machines have trained since the last time. Returns the experiments that have not ended. */
  "cluster.collect": method<ClusterProgress[]>()(nothing),
  /** Stops the training of a run on another machine, which keeps its best epoch. */
  "cluster.cancelRun": method<null>()(run),
  "cluster.startWorkers": method<null>()(experiment),
  /** Takes the open runs back, and resumes them here from their checkpoints. Returns the runs. */
  "cluster.takeBack": method<number[]>()(experiment),
  /** Deletes the experiment's folder on the shared disk. Its open runs are cancelled. */
  "cluster.deleteFolder": method<null>()(experiment),

  "comparison.runs": method<RunComparison>()(z.strictObject({ runs: z.array(id).min(1).max(500) })),
  /** Evaluates several runs of one preparation as one model; nothing is stored. */
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
  /** Looks at the test set of a run, oldest first: one for each evaluation of a run on it. */
  "runs.looks": method<TestLook[]>()(run),
  /** Oldest first. */
  "runs.log": method<RunLogEntry[]>()(run),
  /** Null: the run is no ensemble. */
  "runs.members": method<EnsembleMembers | null>()(run),
  /** Counts as a look at the test set. */
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
} satisfies Record<MethodName, Method<z.ZodType, unknown>>;

type Methods = typeof methods;

/** Arguments of a caller, before parsing. */
export type Arguments<Name extends MethodName> = z.input<Methods[Name]["schema"]>;
/** Arguments of a handler, after parsing. */
export type CheckedArguments<Name extends MethodName> = z.output<Methods[Name]["schema"]>;
export type Answer<Name extends MethodName> = Exclude<Methods[Name]["answer"], undefined>;

/** `client.call("runs.get", { run: 1 })`: the same in the app's window, in a browser and in tests. */
export type Call = <Name extends MethodName>(name: Name, args: Arguments<Name>) => Promise<Answer<Name>>;
