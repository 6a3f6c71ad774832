/** Completes imported recordings: public recordings by their data, patients, and recordings with the same samples. */
import {
  contentsOf,
  UNKNOWN_ORIGIN,
  type DatasetRecord,
  type PatientSource,
} from "../../../contract/domain/dataset-records.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { knownRecord } from "../../../pipeline/recordings/identity/known-records.ts";
import { groupPatients } from "../../../pipeline/recordings/identity/patient-groups.ts";
import type { RecordInspected } from "../../workers/inspect-recording.ts";

/** How the user says whose the recordings are. */
export interface PatientChoice {
  /** Patient of each recording, by its name in the dataset, in its source, or with its folder (`a/b/100`). */
  patients?: Readonly<Record<string, string>> | undefined;
  /** The user states that each recording is of another patient. */
  onePatientEach?: boolean | undefined;
  /** No rule is used. */
  patientsUnknown?: boolean | undefined;
}

export interface IdentifiedRecords {
  records: DatasetRecord[];
  patientsFrom: PatientSource | null;
  /** Findings on all recordings together. */
  findings: Finding[];
}

/** Returns recordings with their place and the public recording that they are; patients are not known yet. */
export function recordOf({ health, hashes, annotators }: RecordInspected, place: string): DatasetRecord {
  return { ...UNKNOWN_ORIGIN, ...health, place, hashes, annotators, knownAs: knownRecord({ hashes }) };
}

/**
 * Groups the recordings by patient.
 * @param withoutComments the header's notes name no patient, because they are not imported
 * @throws EctopyError `invalid-settings`: the table of patients names none of the recordings
 */
export function withPatients(
  records: readonly DatasetRecord[],
  { patients, onePatientEach = false, patientsUnknown = false }: PatientChoice,
  withoutComments: boolean,
): IdentifiedRecords {
  if (contentsOf(records) === "beats") return ofUnknownPatients(records);
  if (patients !== undefined) return withTable(records, patients);
  if (onePatientEach) {
    return {
      records: records.map((record) => ({ ...record, patient: record.name })),
      patientsFrom: "records",
      findings: [],
    };
  }
  if (patientsUnknown) return ofUnknownPatients(records);
  const usable = records.filter((record) => record.usable);
  const groups = groupPatients(
    usable.map((record) => ({
      ...record,
      originalName: record.details?.originalName,
      comments: withoutComments ? [] : record.comments,
    })),
  );
  const patientOf = new Map(usable.map(({ name }, i) => [name, groups.patients[i]]));
  const grouped = records.map((record) => ({ ...record, patient: patientOf.get(record.name) ?? null }));
  return { records: grouped, patientsFrom: groups.source, findings: [] };
}

function ofUnknownPatients(records: readonly DatasetRecord[]): IdentifiedRecords {
  return { records: records.map((record) => ({ ...record, patient: null })), patientsFrom: null, findings: [] };
}

function withTable(records: readonly DatasetRecord[], patients: Readonly<Record<string, string>>): IdentifiedRecords {
  const used = new Set<string>();
  const grouped = records.map((record) => {
    const key = nameInTable(record, patients);
    if (key !== undefined) used.add(key);
    return { ...record, patient: key === undefined ? null : patients[key] };
  });
  const unused = Object.keys(patients).filter((name) => !used.has(name));
  if (used.size === 0) {
    throw new EctopyError(
      "invalid-settings",
      `The table of patients names none of the recordings; it names ${listed(unused)}.`,
      "Name the recordings as the inspection does.",
    );
  }
  const findings: Finding[] =
    unused.length === 0
      ? []
      : [
          {
            severity: "note",
            message: `The table of patients names recordings that were not imported: ${listed(unused)}.`,
            fix: "",
          },
        ];
  return { records: grouped, patientsFrom: "table", findings };
}

/** Returns the name by which a table of patients names a recording: its own, or the original one; undefined: none. */
export function nameInTable(
  { name, place, details }: DatasetRecord,
  patients: Readonly<Record<string, unknown>>,
): string | undefined {
  const original = details?.originalName ?? name;
  const path = place === "" ? original : `${place}/${original}`;
  return [name, path, original].find((each) => Object.hasOwn(patients, each));
}

/**
 * Marks recordings that have a lead with the samples of another one. Both get one patient where their patients are
 * unknown, so that splits by patient keep them together.
 */
export function withDuplicates(records: readonly DatasetRecord[]): DatasetRecord[] {
  const firstWith = new Map<string, DatasetRecord>();
  const marked = records.map((record) => ({ ...record }));
  for (const record of marked) {
    const twin = record.hashes.flatMap((hash) => firstWith.get(hash ?? "") ?? [])[0];
    if (twin !== undefined) markDuplicate(twin, record);
    for (const hash of record.hashes) if (hash !== null && !firstWith.has(hash)) firstWith.set(hash, record);
  }
  return marked;
}

function markDuplicate(twin: DatasetRecord, record: DatasetRecord): void {
  const finding: Finding = {
    severity: "warning",
    message: `The samples are those of recording ${twin.name}.`,
    fix: "Exclude one of both: a model that trains on one and is tested on the other has seen its test beats.",
  };
  // Recordings without a patient count as one patient each; a shared label joins them.
  twin.patient ??= twin.name;
  record.patient ??= twin.patient;
  record.findings = [...record.findings, finding];
}

/** Returns a finding on recordings whose samples are in other datasets, too; one for each dataset. */
export function sharedWith(
  records: readonly DatasetRecord[],
  others: readonly { id: number; name: string; records: readonly Pick<DatasetRecord, "hashes" | "knownAs">[] }[],
): Finding[] {
  return others.flatMap(({ id, name, records: stored }) => {
    const shared = sameRecordings(records, stored);
    if (shared.length === 0) return [];
    const those =
      shared.length === 1 ? "The samples of a recording are" : `The samples of ${shared.length} recordings are`;
    return [
      {
        severity: "note" as const,
        message: `${those} also in dataset ${id}, ${name}: ${listed(shared)}.`,
        fix: "A model that is trained on one dataset and tested on the other has seen these recordings.",
      },
    ];
  });
}

/** Returns the names of the recordings that have a lead of the others, by its samples. */
export function sameRecordings(
  records: readonly Pick<DatasetRecord, "name" | "hashes" | "knownAs">[],
  others: readonly Pick<DatasetRecord, "hashes" | "knownAs">[],
): string[] {
  const known = new Set(others.flatMap(({ hashes, knownAs }) => [...hashes, knownAs]).filter((each) => each !== null));
  return records
    .filter(({ hashes, knownAs }) => [...hashes, knownAs].some((each) => each !== null && known.has(each)))
    .map(({ name }) => name);
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`;
}
