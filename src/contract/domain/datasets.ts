/** Datasets: imported recordings with their health report. */
import { z } from "zod";
import type { DatasetRecord, PatientSource } from "./dataset-records.ts";
import type { Finding, HealthReport } from "./recordings.ts";

/** Source of the app's synthetic sample recordings. */
export const SAMPLE = "sample";

/** Settings of an import. */
export const importSchema = z.strictObject({
  /** Name of the dataset; the folder's name by default. */
  name: z.string().min(1).max(200).optional(),
  /** Leaves out header comments and other free text, which may hold patients' names (docs/privacy.md). */
  withoutComments: z.boolean().optional(),
});
export type ImportSettings = z.infer<typeof importSchema>;

export interface Dataset {
  id: number;
  name: string;
  /** Origin: a path, {@link SAMPLE}, or a database's page on PhysioNet (`physioNetPage`). */
  source: string;
  /** SHA-256 over the stored files, in hexadecimal. */
  fingerprint: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** How the patients are known; null: they are unknown. */
  patientsFrom: PatientSource | null;
}

export interface DatasetOverview extends Dataset {
  /** Number of usable recordings. */
  records: number;
  beats: number;
}

/** A dataset with all its recordings, including damaged ones. */
export interface DatasetDetails {
  dataset: DatasetOverview;
  records: DatasetRecord[];
  /** Findings that belong to no single recording. */
  findings: Finding[];
}

export interface ImportedDataset {
  dataset: Dataset;
  report: HealthReport;
  /** Whether the same recordings had been imported before. */
  alreadyThere: boolean;
}
