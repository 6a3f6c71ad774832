/** Puts the services together, in order. */
import type { Workspace } from "../store/workspace.ts";
import { DatasetService } from "./datasets.ts";
import { HardwareService } from "./hardware/hardware.ts";
import { ModelService } from "./models.ts";
import { PreparationService } from "./preparations.ts";
import { RecordingService } from "./recordings.ts";
import { RemovalService } from "./removal.ts";
import { ResultService } from "./results.ts";
import { TrainingService } from "./training.ts";

export interface Services {
  datasets: DatasetService;
  recordings: RecordingService;
  preparations: PreparationService;
  models: ModelService;
  hardware: HardwareService;
  training: TrainingService;
  results: ResultService;
  removal: RemovalService;
}

/** @param warn told in one sentence what a user should know but need not act on at once */
export function createServices(workspace: Workspace, warn: (message: string) => void): Services {
  const hardware = new HardwareService(workspace.folder);
  return {
    datasets: new DatasetService(workspace),
    recordings: new RecordingService(workspace),
    preparations: new PreparationService(workspace),
    models: new ModelService(workspace),
    hardware,
    training: new TrainingService(workspace, hardware, warn),
    results: new ResultService(workspace),
    removal: new RemovalService(workspace),
  };
}
