/** Puts the services together, in order. */
import type { Workspace } from "../store/workspace.ts";
import { DatasetService } from "./datasets.ts";
import { HardwareService } from "./hardware/hardware.ts";
import { PreparationService } from "./preparations.ts";
import { RecordingService } from "./recordings.ts";
import { RemovalService } from "./removal.ts";
import { ExportService } from "./exports/exports.ts";
import { ResultService } from "./results.ts";
import { TrainingService } from "./training.ts";

export interface Services {
  datasets: DatasetService;
  recordings: RecordingService;
  preparations: PreparationService;
  training: TrainingService;
  results: ResultService;
  exports: ExportService;
  removal: RemovalService;
}

/** @param warn told in one sentence what a user should know but need not act on at once */
export function createServices(workspace: Workspace, warn: (message: string) => void): Services {
  const results = new ResultService(workspace);
  return {
    datasets: new DatasetService(workspace),
    recordings: new RecordingService(workspace),
    preparations: new PreparationService(workspace),
    training: new TrainingService(workspace, new HardwareService(workspace.folder), warn),
    results,
    exports: new ExportService(workspace, results),
    removal: new RemovalService(workspace),
  };
}
