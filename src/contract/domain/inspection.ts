/** What an inspection finds in a folder, a file or a ZIP file, before anything is imported. */
import type { DatasetContents, DatasetRecord, PatientSource } from "./dataset-records.ts";
import type { TableSet } from "./recordings.ts";

/** Why a file is not imported. */
export const leftOutReasons = [
  "no-header",
  "not-a-recording",
  "archive",
  "link",
  "too-deep",
  "other-file",
  "beat-table",
] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

export const leftOutTexts: Readonly<Record<LeftOutReason, string>> = {
  "no-header": "has no header (.hea)",
  "not-a-recording": "is no recording of a supported format",
  archive: "is an archive: unpack it, or import it alone",
  link: "is a link to a folder, which may lead out of the imported one",
  "too-deep": "is a folder more than 32 levels down",
  "other-file": "was not chosen",
  "beat-table": "is a table whose rows are beats: import it without the recordings beside it",
};

/** A file or folder that is not imported. */
export interface LeftOut {
  /** Folder below the imported path; empty: the imported folder itself. */
  place: string;
  file: string;
  reason: LeftOutReason;
}

/** A recording that was found, with what an import would store of it. */
export type InspectedRecord = Omit<DatasetRecord, "version">;

/** A lead by its name, over all recordings. */
export interface LeadSummary {
  lead: string;
  /** Number of recordings that have it. */
  records: number;
  /** Recordings at each position, from 1: `{ "1": 12, "2": 1 }`. */
  positions: Record<string, number>;
  /** Recordings in each unit of the source; an empty key: the file names none. */
  units: Record<string, number>;
  /** Names of the recordings without it. */
  missingIn: string[];
}

export interface AnnotatorSummary {
  annotator: string;
  records: number;
  /** Annotations by symbol, over all recordings. */
  symbols: Record<string, number>;
}

/** A folder that holds recordings. */
export interface PlaceSummary {
  place: string;
  records: number;
}

export interface Inspection {
  /** Number to import it by, while the app runs. */
  id: number;
  /** What the user named. */
  path: string;
  /** Proposed name of the dataset. */
  name: string;
  contents: DatasetContents;
  /** Tables of beats that are imported by default, by their names, with the set of each; empty for recordings. */
  tables: Record<string, TableSet>;
  records: InspectedRecord[];
  patientsFrom: PatientSource | null;
  leftOut: LeftOut[];
  /** Recordings by format, and by sampling rate in Hz. */
  formats: Record<string, number>;
  rates: Record<string, number>;
  leads: LeadSummary[];
  annotators: AnnotatorSummary[];
  places: PlaceSummary[];
  /** Findings on the folder, not on one recording. */
  findings: DatasetRecord["findings"];
  /** Duration of all readable recordings, in seconds. */
  seconds: number;
}
