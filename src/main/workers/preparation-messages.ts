/**
 * Messages of a preparation thread, and the input that it starts with. The only message to it is the request to stop.
 */
import type { RecordToPrepare } from "../../contract/domain/dataset-records.ts";
import type { ErrorReport } from "../../contract/domain/errors.ts";
import type { JobProgress } from "../../contract/domain/jobs.ts";
import type { PreparationSettings, PreparationSummary } from "../../contract/domain/preparation.ts";
import type { PatientBase } from "./prepare-patient.ts";
import type { TestSource } from "./prepare-beats.ts";
import type { WrittenPreparation } from "./write-preparation.ts";

export interface PreparationInput {
  folder: string;
  /** The usable recordings in the folder. */
  records: readonly RecordToPrepare[];
  /** The dataset that is the test set; absent: none. */
  test?: TestSource | undefined;
  /** The run that is fine-tuned for a patient; absent: the preparation is not patient-specific. */
  base?: PatientBase | undefined;
  settings: PreparationSettings;
  /** An empty folder for the preparation's files. */
  destination: string;
}

export interface PreparationOutcome {
  summary: PreparationSummary;
  stored: WrittenPreparation & { seconds: number };
}

export type PreparationMessage =
  | { type: "progress"; progress: JobProgress }
  | ({ type: "done" } & PreparationOutcome)
  | { type: "failed"; error: ErrorReport };
