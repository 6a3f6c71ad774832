/** What a dataset stores of each recording beside its health: place, patient, identity, annotators. */
import type { GivenLabels } from "./label-choice.ts";
import type { RecordHealth } from "./recordings.ts";

/** Annotations of one annotator of a recording. */
export interface RecordAnnotator {
  /** Suffix of its file in WFDB, such as `atr` or `qrs`. */
  annotator: string;
  /** Annotations by symbol, in order of code point. */
  symbols: Record<string, number>;
}

/** Origin and identity of a stored recording. */
export interface RecordOrigin {
  /** Folder of the recording below the imported path, with `/` as separator; empty: the imported folder itself. */
  place: string;
  /** Label of the patient; the same for all recordings of one patient. Null: unknown. */
  patient: string | null;
  /**
   * The public recording that these samples are, such as `mitdb/100`; null: none that Ectopy knows. Known by its data,
   * never by its name.
   */
  knownAs: string | null;
  /**
   * Hash of the samples of each lead, in hexadecimal: equal for the same samples in every format, under every name.
   * Null: a lead without two different samples. Empty: imported by an earlier version.
   */
  hashes: (string | null)[];
  /** All annotators of the source, also those that are not used. Empty: imported by an earlier version, or none. */
  annotators: RecordAnnotator[];
  /** Version of the dataset that added the recording, from 1. */
  version: number;
}

/** Origin of a recording that was imported by an earlier version of Ectopy, which stored none. */
export const UNKNOWN_ORIGIN: Readonly<RecordOrigin> = {
  place: "",
  patient: null,
  knownAs: null,
  hashes: [],
  annotators: [],
  version: 1,
};

export type DatasetRecord = RecordHealth & RecordOrigin;

/** Returns whether a recording was imported by an earlier version, which did not examine its leads: an import stores hashes. */
export function isUnexamined({
  usable,
  hashes,
  details,
}: Pick<DatasetRecord, "usable" | "hashes" | "details">): boolean {
  return usable && hashes.length === 0 && details?.table === undefined;
}

/** Returns the annotator whose annotations are those of a recording. */
export function usedAnnotator({ details }: Pick<RecordHealth, "details">): string {
  return details?.annotator ?? "atr";
}

/** What a dataset holds: recordings, or tables whose rows are beats. */
export type DatasetContents = "recordings" | "beats";

/** Returns what a dataset holds, by its records. */
export function contentsOf(records: readonly Pick<RecordHealth, "details">[]): DatasetContents {
  return records.some(({ details }) => details?.table !== undefined) ? "beats" : "recordings";
}

/** What the splits of a preparation must know of a recording. */
export type RecordIdentity = Pick<DatasetRecord, "name" | "patient" | "knownAs"> & {
  /** Whether the recording is of another dataset, the test set: equal names and patients mean nothing there. */
  external?: true;
};

/** What tells whether two recordings have the same samples or the same patient. */
export type SampleIdentity = RecordIdentity & Pick<DatasetRecord, "hashes">;

/** What the choice of leads and of a sampling rate must know of a recording. */
export type LeadsAndRate = Pick<RecordHealth, "name" | "leads" | "rate" | "details"> & {
  beats?: RecordHealth["beats"] | undefined;
};

/** What a preparation must know of a recording. */
export type RecordToPrepare = RecordIdentity &
  LeadsAndRate & {
    /** Findings of the import; absent: none. A lead is examined again only where there are some. */
    findings?: RecordHealth["findings"] | undefined;
    /** Labels of an annotation set; absent: the recording's annotations. */
    given?: GivenLabels | undefined;
  };

/**
 * How the patients of a dataset are known.
 *
 * - `database`: a public database, recognised by its samples, whose patients are published
 * - `sample`: the app's sample recordings
 * - `table`: a table of the user, or corrections by hand
 * - `notes`: a patient number in the header of every recording
 * - `folders`: a folder for each patient
 * - `names`: a subject number in every record name, such as `data_21_7`
 * - `records`: the user states that each recording is of another patient
 */
export const patientSources = ["database", "sample", "table", "notes", "folders", "names", "records"] as const;
export type PatientSource = (typeof patientSources)[number];
