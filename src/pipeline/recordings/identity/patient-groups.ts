/**
 * Groups recordings by patient, by a rule that holds for all of them, or not at all: a wrong group that is too small
 * lets a split train and test on one patient.
 */
import type { DatasetRecord, PatientSource } from "../../../contract/domain/dataset-records.ts";
import { isMitBih } from "../../beats/mitbih.ts";
import { patientLabel } from "../../beats/patients.ts";

/** What the rules ask of a recording. */
export type GroupedRecord = Pick<DatasetRecord, "name" | "place" | "patient" | "knownAs" | "comments"> & {
  /** Name in its source, where the stored name is another. */
  originalName?: string | undefined;
};

export interface PatientGroups {
  /** The rule; null: patients are unknown. */
  source: PatientSource | null;
  /** Label of the patient of each recording, in the order of the recordings; null: unknown. */
  patients: (string | null)[];
}

/** `data_21_7`: a prefix without digits, the subject's number, a separator, and the rest. */
const SUBJECT_IN_NAME = /^(\D*?)(\d+)[_-][A-Za-z0-9]+$/;
/** `patient001`, `subject-21`, `p12`: a folder for each patient, as in the PTB database. */
const PATIENT_FOLDER = /^(?:patient|subject|subj|sub|pat|p|s)[-_ ]?(\d+)$/i;
/** `Patient ID: 12`, `Subject 21`, `patient number = A-7`: with a digit, so that a sentence is no number. */
const PATIENT_NOTE = /\b(?:patient|subject)\b\s*(?:id|no\.?|number|nr\.?)?\s*[:=#]?\s*([A-Za-z]*-?\d[\w-]*)/i;

/** Returns the patients by the first rule that holds: a public database, header notes, folders, record names. */
export function groupPatients(records: readonly GroupedRecord[]): PatientGroups {
  if (isMitBih(records)) return { source: "database", patients: records.map(patientLabel) };
  const notes = all(records, ({ comments }) => firstMatch(comments, PATIENT_NOTE));
  if (notes !== null) return { source: "notes", patients: notes };
  const folders = all(
    records,
    ({ place }) => PATIENT_FOLDER.exec(place.slice(place.lastIndexOf("/") + 1))?.[1] ?? null,
  );
  if (folders !== null) return { source: "folders", patients: folders };
  const names = subjectsInNames(records.map(({ name, originalName }) => originalName ?? name));
  if (names !== null) return { source: "names", patients: names };
  return { source: null, patients: records.map(() => null) };
}

/**
 * Returns the subject of each name. Null unless all names have one form with one prefix, several subjects occur, and one
 * of them several times: else the number counts recordings, not subjects.
 */
function subjectsInNames(names: readonly string[]): string[] | null {
  const matches = names.map((name) => SUBJECT_IN_NAME.exec(name));
  if (!matches.every((match) => match !== null)) return null;
  if (new Set(matches.map(([, prefix]) => prefix)).size !== 1) return null;
  const subjects = matches.map(([, , subject]) => subject);
  const count = new Set(subjects).size;
  return count > 1 && count < subjects.length ? subjects : null;
}

function all(records: readonly GroupedRecord[], labelOf: (record: GroupedRecord) => string | null): string[] | null {
  const labels = records.map(labelOf);
  return labels.length > 0 && labels.every((label) => label !== null) ? labels : null;
}

function firstMatch(lines: readonly string[], pattern: RegExp): string | null {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match) return match[1];
  }
  return null;
}
