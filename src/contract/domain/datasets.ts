/** Datasets, as they are listed and shown: imported recordings with the report of their health. */
import { z } from "zod";
import type { Finding, HealthReport, RecordHealth } from "./recordings.ts";

/** Source of recordings that Ectopy made itself. */
export const SAMPLE = "sample";

/** What an import may be given beside its recordings. */
export const importSchema = z.strictObject({
  /** Name of the dataset; without it, the folder's. */
  name: z.string().min(1).max(200).optional(),
  /** Leaves out header comments and other free text, which may hold patients' names (docs/privacy.md). */
  withoutComments: z.boolean().optional(),
});
export type ImportSettings = z.infer<typeof importSchema>;

export interface Dataset {
  id: number;
  name: string;
  /** Where it was imported from: a path, {@link SAMPLE}, or a database's page on PhysioNet (`physioNetPage`). */
  source: string;
  /** SHA-256 over the stored files, in hexadecimal. */
  fingerprint: string;
  /** ISO 8601, UTC. */
  createdAt: string;
}

export interface DatasetOverview extends Dataset {
  /** Usable records. */
  records: number;
  beats: number;
}

/** A dataset with each of its records, damaged ones too. */
export interface DatasetDetails {
  dataset: DatasetOverview;
  records: RecordHealth[];
  /** Findings that belong to no single record. */
  findings: Finding[];
}

export interface ImportedDataset {
  dataset: Dataset;
  report: HealthReport;
  /** The same recordings had been imported before. */
  alreadyThere: boolean;
}
