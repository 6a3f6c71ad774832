/** Puts the services together, in order. */
import type { Workspace } from "../store/workspace.ts";
import { ComparisonService } from "./runs/comparison.ts";
import { DatasetService } from "./datasets/datasets.ts";
import { DownloadService } from "./downloads/downloads.ts";
import { HardwareService } from "./hardware/hardware.ts";
import { ModelService } from "./models/models.ts";
import { startNodeProcess } from "../workers/processes/node-process.ts";
import type { StartProcess } from "../workers/processes/start-process.ts";
import { PreparationService } from "./preparations/preparations.ts";
import { RecordingService } from "./datasets/recordings.ts";
import { RemovalService } from "./workspace/removal.ts";
import { ExperimentService } from "./experiments/experiments.ts";
import { ExportService } from "./exports/exports.ts";
import { BackupService } from "./workspace/backups.ts";
import { BinService } from "./workspace/bin.ts";
import { Doctor } from "./workspace/doctor.ts";
import { Verifier } from "./workspace/verifier.ts";
import { ReportService } from "./reports/reports.ts";
import { ResultService } from "./runs/results.ts";
import { TestBeatService } from "./runs/test-beats.ts";
import { TrainingService } from "./training/training.ts";

export interface Services {
  datasets: DatasetService;
  downloads: DownloadService;
  recordings: RecordingService;
  preparations: PreparationService;
  models: ModelService;
  hardware: HardwareService;
  training: TrainingService;
  results: ResultService;
  exports: ExportService;
  testBeats: TestBeatService;
  comparison: ComparisonService;
  reports: ReportService;
  experiments: ExperimentService;
  removal: RemovalService;
  backups: BackupService;
  bin: BinService;
  verifier: Verifier;
  doctor: Doctor;
}

/**
 * @param warn told in one sentence what a user should know but need not act on at once
 * @param startProcess how processes of our own are started
 */
export function createServices(
  workspace: Workspace,
  warn: (message: string) => void,
  startProcess: StartProcess = startNodeProcess,
): Services {
  const backups = new BackupService(workspace, warn);
  const bin = new BinService(workspace, warn);
  const verifier = new Verifier(workspace);
  const datasets = new DatasetService(workspace, bin, verifier);
  const results = new ResultService(workspace);
  const testBeats = new TestBeatService(workspace);
  const exports = new ExportService(workspace, results);
  const comparison = new ComparisonService(results, testBeats);
  const hardware = new HardwareService(workspace.folder, startProcess);
  const preparations = new PreparationService(workspace, bin, verifier);
  const training = new TrainingService(workspace, { hardware, startProcess, bin, backups, warn });
  return {
    datasets,
    downloads: new DownloadService(workspace, datasets),
    recordings: new RecordingService(workspace),
    preparations,
    models: new ModelService(workspace),
    hardware,
    training,
    results,
    exports,
    testBeats,
    comparison,
    reports: new ReportService(workspace, { results, testBeats, comparison, exports }),
    experiments: new ExperimentService(workspace, preparations, training),
    removal: new RemovalService(workspace),
    backups,
    bin,
    verifier,
    doctor: new Doctor({ workspace, backups, bin, verifier }),
  };
}
