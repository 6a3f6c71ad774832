/** Recordings and patients that two datasets share, by the samples, never by the names. */
import type { SampleIdentity } from "../../../contract/domain/dataset-records.ts";
import { mitBihNumber } from "../../beats/mitbih.ts";
import { patientLabel } from "../../beats/patients.ts";

/**
 * Returns the names of the recordings that have a lead of the others, are the same public recording, or are of a patient
 * of such a recording.
 */
export function sharedRecordings(records: readonly SampleIdentity[], others: readonly SampleIdentity[]): string[] {
  const known = new Set(others.flatMap(keysOf));
  const isShared = (record: SampleIdentity): boolean => keysOf(record).some((key) => known.has(key));
  const patients = new Set(records.filter(isShared).map(patientLabel));
  patients.delete(null);
  return records.filter((record) => isShared(record) || patients.has(patientLabel(record))).map(({ name }) => name);
}

/** Returns what identifies a recording, and the patient of a public one, in every dataset. */
function keysOf(record: SampleIdentity): string[] {
  const { hashes, knownAs } = record;
  const publicPatient = mitBihNumber(record) === null ? null : patientLabel({ ...record, patient: null });
  return [
    ...hashes.filter((hash) => hash !== null),
    ...(knownAs === null ? [] : [knownAs]),
    ...(publicPatient === null ? [] : [`mitdb patient ${publicPatient}`]),
  ];
}
