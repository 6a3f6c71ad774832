/** Patients of recordings: the same number for all recordings of one patient, so that splits keep them together. */
import type { RecordIdentity } from "../../contract/domain/dataset-records.ts";
import { mitBihNumber, SHARED_PATIENT } from "./mitbih.ts";

/**
 * Returns the patient of each recording, numbered from 0 in order of appearance. A recording whose patient is unknown
 * counts as one patient.
 */
export function patientsOf(records: readonly RecordIdentity[]): number[] {
  const numbers = new Map<string, number>();
  return records.map((record) => {
    const key = patientKey(record);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

/** Returns whether the patient of every recording is known. */
export function arePatientsKnown(records: readonly RecordIdentity[]): boolean {
  return records.every((record) => record.patient !== null || mitBihNumber(record) !== null);
}

/** Returns the label of a recording's patient; null: unknown. */
export function patientLabel(record: RecordIdentity): string | null {
  if (record.patient !== null) return record.patient;
  const number = mitBihNumber(record);
  return number === SHARED_PATIENT.test ? SHARED_PATIENT.train : number;
}

function patientKey(record: RecordIdentity): string {
  const label = patientLabel(record);
  const of = record.external === true ? "external " : "";
  return label === null ? `${of}record ${record.name}` : `${of}patient ${label}`;
}
