/** Methods of preparations, networks, trainings and experiments, here and on other machines. */
import { z } from "zod";
import type {
  ClusterExperimentState,
  ClusterProgress,
  ClusterSending,
  TestedExecutor,
  WorkerLog,
} from "../../domain/cluster.ts";
import {
  experimentNameSchema,
  experimentPlanSchema,
  winnerMetrics,
  type ExperimentOverview,
  type ExperimentResults,
  type PlannedRun,
} from "../../domain/experiments.ts";
import { savingSchema, type SavedNetwork } from "../../domain/saved-networks.ts";
import { MAX_SPEED_QUESTIONS, speedQuestionSchema, type StepSpeed } from "../../domain/step-speed.ts";
import type { ForeignModel } from "../../domain/foreign-models.ts";
import { nameSchema } from "../../domain/names.ts";
import { networkSchema, networkShapeSchema, type NetworkDescription } from "../../domain/networks.ts";
import { preparationSettingsSchema, type Preparation, type PreparationSummary } from "../../domain/preparation.ts";
import type { LabelsSince } from "../../domain/label-choice.ts";
import { fineTuningSchema } from "../../domain/patient-choice.ts";
import { trainingSettingsSchema, type TrainingQueue } from "../../domain/training.ts";
import { beatPreviewSchema, type BeatPreview } from "../../domain/viewing.ts";
import { method, id, nothing, preparation, run, experiment, path, type StartedJob } from "./method.ts";

const network = z.strictObject({ network: id });
const executorName = z.string().min(1).max(40);

export const trainingMethods = {
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
  /** How the reviewed sets have changed since a preparation took its labels. */
  "preparations.labelsSince": method<LabelsSince[]>()(preparation),
  /** An empty name removes the name; so it does for a run. */
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
  /** Prepares a recording, and queues a run that is fine-tuned for its patient. The job's subject is the run. */
  "training.fineTune": method<StartedJob>()(fineTuningSchema),
  /** Adds a run to the queue; it starts when the runs before it have ended. */
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
};
