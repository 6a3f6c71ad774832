/** What a preparation thread is told, and what it tells. The only message to it is a wish to stop. */
import type { ErrorReport } from "../../contract/domain/errors.ts";
import type { JobProgress } from "../../contract/domain/jobs.ts";
import type { PreparationSettings, PreparationSummary } from "../../contract/domain/preparation.ts";
import type { WrittenPreparation } from "./dataset-files.ts";

export interface PreparationOrder {
  folder: string;
  /** Usable records of the folder. */
  names: readonly string[];
  settings: PreparationSettings;
  /** An empty folder for the prepared files; null: count only. */
  destination: string | null;
}

export interface PreparationOutcome {
  summary: PreparationSummary;
  /** Null where it was only counted. */
  stored: (WrittenPreparation & { seconds: number }) | null;
}

export type PreparationMessage =
  | { type: "progress"; progress: JobProgress }
  | ({ type: "done" } & PreparationOutcome)
  | { type: "failed"; error: ErrorReport };
