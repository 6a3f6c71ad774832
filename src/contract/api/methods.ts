/**
 * The method map: everything that a shell can be asked, once. Handlers (src/main/api), the preload and the renderer's clients
 * derive their types from it. Arguments are checked against their schema where they enter; answers are typed.
 *
 * Long work answers at once with a job, whose snapshots follow as events. Big arrays are typed arrays on both ways.
 */
import { z } from "zod";
import {
  beatQuerySchema,
  type PairedTest,
  type RunComparison,
  type RunCurves,
  type TestedBeats,
} from "../domain/comparison.ts";
import { importSchema, type DatasetDetails, type DatasetOverview } from "../domain/datasets.ts";
import type { Evaluation } from "../domain/evaluation.ts";
import {
  experimentNameSchema,
  experimentPlanSchema,
  winnerMetrics,
  type ExperimentOverview,
  type PlannedRun,
} from "../domain/experiments.ts";
import {
  figureSizeSchema,
  mlflowCredentialsSchema,
  mlflowTargetSchema,
  modelFormatSchema,
  type SignInKeeping,
} from "../domain/exports.ts";
import { healthOptionsSchema, type Bin, type WorkspaceHealth } from "../domain/integrity.ts";
import type { JobSnapshot } from "../domain/jobs.ts";
import type { AppInfo, FolderListing, MachineInfo, WorkspaceInfo } from "../domain/machine.ts";
import type { MethodName } from "./method-names.ts";
import { savingSchema, speedQuestionSchema, type SavedModel, type StepSpeed } from "../domain/models.ts";
import { networkSchema, type NetworkDescription } from "../domain/networks.ts";
import { physioNetNames, type DownloadState } from "../domain/physionet.ts";
import { preparationSettingsSchema, type Preparation, type PreparationSummary } from "../domain/preparation.ts";
import type { RunDetails, RunFiles, RunLogEntry, RunOverview } from "../domain/runs.ts";
import { settingsChangeSchema, type Settings } from "../settings/app-settings.ts";
import {
  networkNames,
  trainingSettingsSchema,
  type EpochMetrics,
  type ThinnedSteps,
  type TrainingQueue,
} from "../domain/training.ts";
import {
  beatPreviewSchema,
  denoisedSchema,
  envelopeSchema,
  recordSchema,
  stretchSchema,
  type AnnotationColumns,
  type BeatPreview,
  type DenoisedStretch,
  type Envelope,
  type SignalStretch,
} from "../domain/viewing.ts";

interface Method<Schema extends z.ZodType, Answer> {
  /** Of the arguments. */
  schema: Schema;
  /** Never there: carries the answer's type. */
  answer?: Answer;
}

/** `method<Answer>()(schema)`: the answer's type is given, the arguments' is inferred. */
function method<Answer>() {
  return <Schema extends z.ZodType>(schema: Schema): Method<Schema, Answer> => ({ schema });
}

const id = z.int().min(1);
const nothing = z.strictObject({});
const dataset = z.strictObject({ dataset: id });
const model = z.strictObject({ model: id });
const preparation = z.strictObject({ preparation: id });
const run = z.strictObject({ run: id });
const someRuns = z.array(id).min(1).max(100_000);
const path = z.string().min(1).max(4096);
const database = z.strictObject({ name: z.enum(physioNetNames) });

/** Answer of a method that starts a job. */
export interface StartedJob {
  job: JobSnapshot;
}

export const methods = {
  "app.info": method<AppInfo>()(nothing),
  "machine.info": method<MachineInfo>()(nothing),
  /** Times the training step of networks on this machine; the figures go into the settings. */
  "machine.measure": method<StartedJob>()(z.strictObject({ networks: z.array(z.enum(networkNames)).min(1).max(3) })),
  "workspace.info": method<WorkspaceInfo>()(nothing),
  /** What its user should know of the workspace since it was opened: repairs, and a place where data is less safe. */
  "workspace.warnings": method<readonly string[]>()(nothing),
  /** Checks the workspace, and repairs it where that is asked for; `workspace.health` then has what was found. */
  "workspace.check": method<StartedJob>()(healthOptionsSchema),
  /** What the last check found; null before the first. */
  "workspace.health": method<WorkspaceHealth | null>()(nothing),
  /** What was removed and can be restored. */
  "workspace.bin": method<Bin>()(nothing),
  /** Deletes what is in the bin for good. */
  "workspace.emptyBin": method<{ items: number }>()(nothing),
  /** Folders and ZIP files on the machine that Ectopy runs on, to choose from; without a folder, the user's own. */
  "files.list": method<FolderListing>()(z.strictObject({ folder: path.optional() })),

  "settings.get": method<Settings>()(nothing),
  "settings.set": method<Settings>()(settingsChangeSchema),

  /** Running jobs and the latest that ended, newest first. */
  "jobs.list": method<JobSnapshot[]>()(nothing),
  "jobs.cancel": method<null>()(z.strictObject({ job: id })),
  /** Takes a job that has ended from the list. */
  "jobs.dismiss": method<null>()(z.strictObject({ job: id })),

  "datasets.list": method<DatasetOverview[]>()(nothing),
  "datasets.get": method<DatasetDetails>()(dataset),
  /** Imports a folder or a ZIP file. The job's subject is the dataset. */
  "datasets.import": method<StartedJob>()(importSchema.extend({ path })),
  "datasets.makeSample": method<StartedJob>()(z.strictObject({ seed: z.int().min(0).max(0xffffffff).optional() })),
  /** Moves it to the bin; `restore` brings it back until the bin is emptied. */
  "datasets.remove": method<null>()(dataset),
  "datasets.restore": method<null>()(dataset),

  /** What is there of each of PhysioNet's databases that can be fetched (`physioNetDatabases`). */
  "downloads.list": method<DownloadState[]>()(nothing),
  /** Fetches a database, or the rest of it, and takes it in. The job's subject is the dataset. */
  "downloads.start": method<StartedJob>()(database.extend(importSchema.pick({ withoutComments: true }).shape)),
  /** Takes away what was fetched of it and not taken in. */
  "downloads.discard": method<null>()(database),

  "recordings.signal": method<SignalStretch>()(stretchSchema),
  "recordings.envelope": method<Envelope>()(envelopeSchema),
  "recordings.denoised": method<DenoisedStretch>()(denoisedSchema),
  "recordings.annotations": method<AnnotationColumns>()(recordSchema),

  "preparations.list": method<Preparation[]>()(nothing),
  "preparations.get": method<Preparation>()(preparation),
  "preparations.previewBeat": method<BeatPreview>()(beatPreviewSchema),
  /** What `prepare` would give, counted but not stored: classes, what is left out, patients on both sides, caveats. */
  "preparations.preview": method<PreparationSummary>()(
    z.strictObject({ dataset: id, settings: preparationSettingsSchema }),
  ),
  /** The job's subject is the preparation. */
  "preparations.prepare": method<StartedJob>()(z.strictObject({ dataset: id, settings: preparationSettingsSchema })),
  /** Prepares it again where its files are missing or damaged: its settings and its runs stay. The job's subject is the preparation. */
  "preparations.repair": method<StartedJob>()(preparation),
  "preparations.remove": method<null>()(preparation),
  "preparations.restore": method<null>()(preparation),

  /** Networks of one's own, in the order in which they were made. */
  "models.list": method<SavedModel[]>()(nothing),
  "models.save": method<SavedModel>()(savingSchema),
  "models.remove": method<null>()(model),
  "models.restore": method<null>()(model),
  /** Each layer's output, parameters and memory, and what is wrong where. */
  "models.describe": method<NetworkDescription>()(
    z.strictObject({ network: networkSchema, windowLength: z.int().min(1), classes: z.int().min(1).max(256) }),
  ),

  /** Null where it was not measured on this machine. */
  "models.speed": method<StepSpeed | null>()(speedQuestionSchema),
  /** Measures it, in the ways of training that are left open, and remembers the fastest for trainings too. */
  "models.measure": method<StartedJob>()(speedQuestionSchema),
  /** Tries a Keras model (.h5) on the preparation's test part: it becomes a run like any other, the job's subject. */
  "models.test": method<StartedJob>()(z.strictObject({ path, preparation: id })),

  "training.queue": method<TrainingQueue>()(nothing),
  /** Puts a run into the queue; it begins when those before it have ended. */
  "training.start": method<{ run: number }>()(z.strictObject({ preparation: id, settings: trainingSettingsSchema })),
  /** Stands still after the step at hand, with a checkpoint. */
  "training.pause": method<null>()(run),
  /** Goes on with a run that was paused or interrupted, or has failed, where it was left. */
  "training.resume": method<null>()(run),
  /** Under way: stops after the step at hand and keeps the best epoch so far. Waiting: is taken out of the queue. */
  "training.stop": method<null>()(run),

  "experiments.list": method<ExperimentOverview[]>()(nothing),
  "experiments.get": method<ExperimentOverview>()(z.strictObject({ experiment: id })),
  /** The runs that it would come to, without adding any. */
  "experiments.plan": method<PlannedRun[]>()(
    z.strictObject({ plan: experimentPlanSchema, settings: trainingSettingsSchema }),
  ),
  /** Adds an experiment, folds prepared first, and puts its runs into the queue. The job's subject is the experiment. */
  "experiments.start": method<StartedJob>()(
    z.strictObject({
      name: experimentNameSchema,
      preparation: id,
      settings: trainingSettingsSchema,
      plan: experimentPlanSchema,
      metric: z.enum(winnerMetrics),
    }),
  ),
  /** Stops its run under way, which keeps its best epoch so far, and takes those that wait out of the queue. */
  "experiments.stop": method<null>()(z.strictObject({ experiment: id })),

  "comparison.runs": method<RunComparison>()(z.strictObject({ runs: z.array(id).min(1).max(500) })),
  "comparison.curves": method<RunCurves>()(run),
  "comparison.paired": method<PairedTest>()(z.strictObject({ one: id, other: id })),
  /** Beats of a run's test part, such as those behind a cell of its confusion matrix. */
  "comparison.beats": method<TestedBeats>()(run.extend({ query: beatQuerySchema })),

  /** Newest first. */
  "runs.list": method<RunOverview[]>()(nothing),
  /** One line of that list; null: there is no such run, or it was removed. */
  "runs.overview": method<RunOverview | null>()(run),
  "runs.get": method<RunDetails>()(run),
  "runs.epochs": method<EpochMetrics[]>()(run),
  /** The curve by step, thinned to so many points. */
  "runs.steps": method<ThinnedSteps>()(run.extend({ points: z.int().min(10).max(10_000) })),
  /** Null before the end. */
  "runs.evaluation": method<Evaluation | null>()(run.extend({ part: z.enum(["validation", "test"]) })),
  /** Oldest first. */
  "runs.log": method<RunLogEntry[]>()(run),
  "runs.files": method<RunFiles>()(run),
  "runs.remark": method<null>()(
    run.extend({
      notes: z.string().max(100_000).optional(),
      tags: z.array(z.string().min(1).max(100)).max(100).optional(),
    }),
  ),
  "runs.remove": method<null>()(run),
  "runs.restore": method<null>()(run),

  /** Each model into a folder of its own below `folder`, with its card and an example. Where to find them is told as a notice. */
  "exports.model": method<StartedJob>()(z.strictObject({ runs: someRuns, format: modelFormatSchema, folder: path })),
  /**
   * To a server or into a folder, as MLflow keeps runs; runs that are there as they are stay. Credentials that are given are kept
   * nowhere; `kept`: those that are kept for the server are used instead.
   */
  "exports.mlflow": method<StartedJob>()(
    mlflowTargetSchema.extend({ runs: someRuns, kept: z.boolean().default(false) }),
  ),
  "exports.signIns": method<SignInKeeping>()(nothing),
  /** In the system's keychain, where there is one. */
  "exports.keepSignIn": method<null>()(z.strictObject({ address: path, credentials: mlflowCredentialsSchema })),
  "exports.forgetSignIn": method<null>()(z.strictObject({ address: path })),
  /** One run, or several side by side, as one page, which opens in any browser; and as PDF where that is wanted. */
  "exports.report": method<StartedJob>()(
    z.strictObject({ runs: someRuns.max(100), folder: path, pdf: z.boolean().default(false) }),
  ),
  /** Each figure as SVG and PNG, at its size in print. */
  "exports.figures": method<StartedJob>()(figureSizeSchema.extend({ runs: someRuns.max(100), folder: path })),
  /** Tables of settings, epochs, classes, confusion and every test beat. */
  "exports.csv": method<StartedJob>()(z.strictObject({ runs: someRuns, folder: path })),
} satisfies Record<MethodName, Method<z.ZodType, unknown>>;

type Methods = typeof methods;

/** What a caller gives. */
export type Arguments<Name extends MethodName> = z.input<Methods[Name]["schema"]>;
/** What a handler gets, checked. */
export type CheckedArguments<Name extends MethodName> = z.output<Methods[Name]["schema"]>;
export type Answer<Name extends MethodName> = Exclude<Methods[Name]["answer"], undefined>;

/** `client.call("runs.get", { run: 1 })`: the same in the window, in the browser and in tests. */
export type Call = <Name extends MethodName>(name: Name, args: Arguments<Name>) => Promise<Answer<Name>>;
