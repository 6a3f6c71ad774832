/** Datasets: imported recordings with their health report. */
import { z } from "zod";
import type { DatasetContents, DatasetRecord, PatientSource } from "./dataset-records.ts";
import { tableSets, type Finding, type HealthReport } from "./recordings.ts";

/** Source of the app's synthetic sample recordings. */
export const SAMPLE = "sample";

const shortText = z.string().min(1).max(200);

/** Name of a class of a table of beats. */
export const classNameSchema = z.string().trim().min(1, "a class needs a name").max(40);

/** Settings of an import. */
export const importSchema = z.strictObject({
  /** Name of the dataset; the folder's name by default. */
  name: shortText.optional(),
  /** Leaves out header comments and other free text, which may hold patients' names (docs/privacy.md). */
  withoutComments: z.boolean().optional(),
  /** Names of the leads to import, whatever their position; by default all. */
  leads: z.array(shortText).min(1).max(100).optional(),
  /** Annotator whose annotations are used; by default `atr`, else a recording's first. */
  annotator: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,20}$/)
    .optional(),
  /** Patient of each recording, by its name. */
  patients: z.record(shortText, shortText).optional(),
  /** The user states that each recording is of another patient. */
  onePatientEach: z.boolean().optional(),
  /** No rule is used: patients are unknown. */
  patientsUnknown: z.boolean().optional(),
  /** Folders whose recordings are imported, with those below them; by default all. */
  places: z.array(z.string().max(4096)).min(1).max(1000).optional(),
  /** Tables of beats to import, by their names, each with the set that it is; by default by the names of their files. */
  tables: z
    .record(shortText, z.enum(tableSets))
    .refine((tables) => Object.keys(tables).length > 0, "at least one table is needed")
    .optional(),
  /** Names of the classes of tables of beats, by their texts in the files. */
  classNames: z.record(shortText, classNameSchema).optional(),
  /** Sampling rate of tables of beats in Hz, in place of the guess; 0: unknown. */
  rate: z.number().min(0).max(100_000).optional(),
  /** Number of the dataset that the recordings are added to. */
  addTo: z.int().min(1).optional(),
  /** Number of an inspection of the same path, whose recordings are imported without another search. */
  inspection: z.int().min(1).optional(),
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
  contents: DatasetContents;
  /** Number of usable recordings, or of tables of beats. */
  records: number;
  beats: number;
}

/** New patients of recordings, by their names; null: unknown. */
export const patientChangesSchema = z.record(shortText, z.string().trim().max(200).nullable());

/** A correction of patients, by the state before it. */
export interface PatientCorrection {
  /** Version of the dataset that the correction made. */
  version: number;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** Patients before, by the names of the changed recordings; null: unknown. */
  patients: Record<string, string | null>;
  /** How patients were known before. */
  patientsFrom: PatientSource | null;
  /** Version whose correction this one undoes; null: it undoes none. */
  undoes: number | null;
}

/** Returns the last correction that neither is undone nor undoes another one; undefined: none. */
export function lastCorrection(corrections: readonly PatientCorrection[]): PatientCorrection | undefined {
  const undone = new Set(corrections.map(({ undoes }) => undoes));
  return corrections.findLast(({ version, undoes }) => undoes === null && !undone.has(version));
}

/** What a correction of patients changed. */
export interface CorrectedPatients {
  /** Names of the recordings whose patient changed. */
  changed: string[];
  /** Names that no recording has. */
  unused: string[];
  /** Numbers of the preparations that keep earlier patients. */
  outdated: number[];
}

/** A dataset with all its recordings, including damaged ones. */
export interface DatasetDetails {
  dataset: DatasetOverview;
  records: DatasetRecord[];
  /** Findings that belong to no single recording. */
  findings: Finding[];
  /** The correction of patients that can be undone; null: none. */
  correction: Pick<PatientCorrection, "createdAt" | "patients"> | null;
}

export interface ImportedDataset {
  dataset: Dataset;
  report: HealthReport<DatasetRecord>;
  /** Whether the same recordings had been imported before. */
  alreadyThere: boolean;
}
