/** Composes the services over one workspace, and closes them in order. No other file puts services together. */
import { Network } from "../base/network/network.ts";
import { sweepTemporary } from "../base/temporary.ts";
import { closeInOrder } from "../base/close-in-order.ts";
import { logger, openLog } from "../base/logger.ts";
import { version } from "../version.ts";
import { counted } from "../../contract/text/format-number.ts";
import { openWorkspace, type Workspace } from "../store/workspace.ts";
import { PreferenceStore } from "../store/preferences.ts";
import { startNodeProcess } from "../workers/processes/node-process.ts";
import type { StartProcess } from "../workers/processes/start-process.ts";
import { UserFiles, type FolderCheck } from "../workers/user-files.ts";
import { AnnotatorService } from "./datasets/annotators.ts";
import { FineTuningService } from "./classification/fine-tuning.ts";
import { LearningService } from "./classification/learning.ts";
import { ClassificationService } from "./classification/classification.ts";
import { ClusterService } from "./cluster/cluster.ts";
import { DatasetService } from "./datasets/datasets.ts";
import { PatientService } from "./datasets/patients.ts";
import { RecordingService } from "./datasets/recordings.ts";
import { DownloadService } from "./downloads/downloads.ts";
import { ExperimentService } from "./experiments/experiments.ts";
import { SetExportService } from "./exports/annotation-sets.ts";
import { ExportService } from "./exports/exports.ts";
import { HardwareService } from "./hardware/hardware.ts";
import { announceItems } from "./jobs/announce-items.ts";
import { EventHub } from "./jobs/event-hub.ts";
import { JobService } from "./jobs/jobs.ts";
import { LogService } from "./log/log.ts";
import { NetworkService } from "./networks/networks.ts";
import { PreparationService } from "./preparations/preparations.ts";
import { RecordingReportService } from "./reports/recording-reports.ts";
import { ReportService } from "./reports/reports.ts";
import { ReviewService } from "./reviews/reviews.ts";
import { ComparisonService } from "./runs/comparison.ts";
import { EnsembleService } from "./runs/ensembles.ts";
import { ExplanationService } from "./runs/explanations.ts";
import { ResultService } from "./runs/results.ts";
import { RunService } from "./runs/runs.ts";
import { TestBeatService } from "./runs/test-beats.ts";
import { announceRun } from "./training/announce-run.ts";
import { RunQueue } from "./training/run-queue.ts";
import { TrainingService } from "./training/training.ts";
import { BackupService } from "./workspace/backups.ts";
import { BinService } from "./workspace/bin.ts";
import { Doctor } from "./workspace/doctor.ts";
import { RemovalService } from "./workspace/removal.ts";
import { RenameService } from "./workspace/rename.ts";
import { startUpkeep } from "./workspace/upkeep.ts";
import { Verifier } from "./workspace/verifier.ts";

const log = logger("workspace");

export interface Services {
  workspace: Workspace;
  events: EventHub;
  jobs: JobService;
  userFiles: UserFiles;
  queue: RunQueue;
  datasets: DatasetService;
  downloads: DownloadService;
  recordings: RecordingService;
  annotators: AnnotatorService;
  patients: PatientService;
  reviews: ReviewService;
  classification: ClassificationService;
  fineTuning: FineTuningService;
  learning: LearningService;
  preparations: PreparationService;
  networks: NetworkService;
  hardware: HardwareService;
  training: TrainingService;
  runs: RunService;
  results: ResultService;
  exports: ExportService;
  setExports: SetExportService;
  testBeats: TestBeatService;
  comparison: ComparisonService;
  ensembles: EnsembleService;
  explanations: ExplanationService;
  reports: ReportService;
  recordingReports: RecordingReportService;
  experiments: ExperimentService;
  cluster: ClusterService;
  removal: RemovalService;
  names: RenameService;
  backups: BackupService;
  bin: BinService;
  verifier: Verifier;
  doctor: Doctor;
  log: LogService;
  /**
   * Closes everything in order, once: cancels jobs and suspends trainings with a checkpoint; ends worker threads, the
   * upkeep and backups; then releases the temporary folder, the log and the workspace. Every step runs, also where an
   * earlier one failed.
   */
  close: () => Promise<void>;
}

/** Tells a user one sentence that needs no action at once. */
type Warn = (message: string) => void;

export interface OpenOptions {
  /** `read` works while another process owns the workspace. */
  mode: "read" | "write";
  warn: Warn;
  /** Starts Ectopy's child processes; Node's way where absent. */
  startProcess?: StartProcess;
  /** Runs the upkeep (backups on a timer, the bin, free space) while the workspace is open; needs mode `write`. */
  upkeep?: boolean;
  /** Checks the folders of exports; in a separate process where absent. */
  folders?: FolderCheck;
  /** Requests to servers; by the environment's proxies and the settings' certificate authorities where absent. */
  network?: Network;
}

/**
 * Opens a workspace and composes the services that own it until {@link Services.close}.
 * @throws EctopyError `workspace-busy`, `workspace-unusable`, `disk-full`, `no-access`; `not-found` in mode `read`
 */
export function openServices(
  folder: string,
  { mode, warn, startProcess, upkeep = false, folders, network }: OpenOptions,
): Services {
  const events = new EventHub();
  const notify: Warn = (message) => {
    warn(message);
    events.emit("notice", { message });
  };
  const workspace = openWorkspace(folder, mode, notify);
  const parts = { events, ...(folders && { folders }), ...(network && { network }) };
  if (mode === "read") return createServices(workspace, notify, parts);
  const closeLog = openLog(workspace.folder);
  const releaseTemporary = sweepTemporary(workspace.folder);
  log.info(`Opened by Ectopy ${version}, with ${counted(workspace.warnings.length, "warning")}`);
  return createServices(workspace, notify, {
    ...parts,
    upkeep,
    release: [
      releaseTemporary,
      () => {
        log.info("Closed");
        closeLog();
      },
    ],
    ...(startProcess === undefined ? {} : { startProcess }),
  });
}

interface ComposeOptions {
  events?: EventHub;
  startProcess?: StartProcess;
  upkeep?: boolean;
  folders?: FolderCheck;
  network?: Network;
  /** Steps between the end of all work and the release of the workspace: its temporary folder and its log. */
  release?: readonly (() => void)[];
}

/** Composes the services over a workspace that is open already. {@link Services.close} closes the workspace too. */
export function createServices(workspace: Workspace, warn: Warn, options: ComposeOptions = {}): Services {
  const { events = new EventHub(), startProcess = startNodeProcess, upkeep = false, release = [] } = options;
  const backups = new BackupService(workspace, warn);
  const bin = new BinService(workspace, warn);
  bin.onEmptied = (items) => announceItems(events, items);
  const verifier = new Verifier(workspace);
  const userFiles = new UserFiles(startProcess);
  const { folders = userFiles, network = usualNetwork() } = options;
  const datasets = new DatasetService(workspace, { bin, verifier, userFiles });
  const recordings = new RecordingService(workspace);
  const annotators = new AnnotatorService(workspace);
  const results = new ResultService(workspace);
  const testBeats = new TestBeatService(workspace);
  const comparison = new ComparisonService(workspace, { results, beats: testBeats });
  const exports = new ExportService(workspace, { results, comparison, folders, network });
  const hardware = new HardwareService(workspace.folder, startProcess);
  const preparations = new PreparationService(workspace, bin, verifier);
  preparations.onRunChanged = (run) => events.emit("run.changed", { run });
  const training = new TrainingService(workspace, { hardware, startProcess, userFiles, bin, backups, warn });
  const reviews = new ReviewService(workspace, { annotators, recordings });
  const fineTuning = new FineTuningService(workspace, { results, preparations, training });
  const learned = { results, annotators, reviews, training, fineTuning, startProcess };
  const endUpkeep = upkeep ? startUpkeep({ workspace, backups, bin, verifier, warn }) : () => backups.settled();
  const services: Services = {
    workspace,
    events,
    jobs: new JobService(workspace.jobs, (job) => events.emit("job.changed", job), warn),
    userFiles,
    queue: new RunQueue(training, (event) => announceRun(events, event)),
    datasets,
    downloads: new DownloadService(workspace, datasets, network),
    patients: new PatientService(workspace),
    recordings,
    annotators,
    reviews,
    classification: new ClassificationService(workspace, { results, testBeats, annotators, startProcess }),
    fineTuning,
    learning: new LearningService(workspace, learned),
    preparations,
    networks: new NetworkService(workspace),
    hardware,
    training,
    runs: new RunService(workspace, results),
    results,
    exports,
    setExports: new SetExportService(workspace, folders),
    testBeats,
    comparison,
    ensembles: new EnsembleService(workspace, { results, comparison }),
    explanations: new ExplanationService(workspace, results, testBeats),
    reports: new ReportService(workspace, { results, testBeats, comparison, exports, folders }),
    recordingReports: new RecordingReportService(workspace, { recordings, results, folders }),
    experiments: new ExperimentService(workspace, preparations, training),
    cluster: new ClusterService(workspace, {
      executors: () => new PreferenceStore().read().executors,
      announce: (event) => announceRun(events, event),
      changed: (experiment) => events.emit("cluster.changed", { experiment }),
      warn,
    }),
    removal: new RemovalService(workspace),
    names: new RenameService(workspace),
    backups,
    bin,
    verifier,
    doctor: new Doctor({ workspace, backups, bin, verifier }),
    log: new LogService(workspace, hardware),
    close: closeInOrder([
      [() => services.jobs.close(), () => services.queue.close(), () => services.cluster.close()],
      // After the queue, which decides what becomes of its current run: trainings that the command line started.
      [() => services.training.close()],
      [
        () => services.datasets.close(),
        () => services.recordings.close(),
        () => services.preparations.close(),
        () => services.comparison.close(),
        () => services.annotators.close(),
        () => services.explanations.close(),
        () => userFiles.close(),
        () => endUpkeep(),
      ],
      ...release.map((step) => [step]),
      [() => workspace.close()],
    ]),
  };
  if (upkeep) services.cluster.collectAtIntervals();
  return services;
}

/** Returns the network of a process that knows no settings of the system. */
function usualNetwork(): Network {
  const preferences = new PreferenceStore();
  return new Network({ authorityFile: () => preferences.read().authorityFile });
}
