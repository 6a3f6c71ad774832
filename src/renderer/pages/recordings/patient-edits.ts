/** Edits of the patients of a dataset's recordings before they are stored. Pure. */
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";

export type PatientRecord = Pick<DatasetRecord, "name" | "place" | "patient" | "usable" | "details">;
/** Edited patients by the names of their recordings; empty: unknown. */
export type PatientEdits = Readonly<Record<string, string>>;

/** Returns the patient of a recording with the edits; empty: unknown. */
export function patientIn(edits: PatientEdits, { name, patient }: Pick<PatientRecord, "name" | "patient">): string {
  return edits[name] ?? patient ?? "";
}

/** Returns the edits with the patient of several recordings. */
export function withPatient(edits: PatientEdits, names: Iterable<string>, patient: string): PatientEdits {
  return { ...edits, ...Object.fromEntries([...names].map((name) => [name, patient])) };
}

/** Returns what the edits change: patients by recording; null: unknown. */
export function changesOf(edits: PatientEdits, records: readonly PatientRecord[]): Record<string, string | null> {
  return Object.fromEntries(
    records.flatMap(({ name, patient }): [string, string | null][] => {
      const edited = edits[name]?.trim();
      return edited === undefined || edited === (patient ?? "") ? [] : [[name, edited === "" ? null : edited]];
    }),
  );
}

/** Returns the recordings whose name, folder or patient contains a text, in any case. */
export function matching(records: readonly PatientRecord[], edits: PatientEdits, text: string): PatientRecord[] {
  const needle = text.trim().toLowerCase();
  return records.filter((record) =>
    [record.name, record.place, patientIn(edits, record)].some((each) => each.toLowerCase().includes(needle)),
  );
}

/** Returns the number of patients with the edits, and of usable recordings whose patient is unknown. */
export function countPatients(
  edits: PatientEdits,
  records: readonly PatientRecord[],
): { patients: number; unknown: number } {
  const labels = records.filter(({ usable }) => usable).map((record) => patientIn(edits, record).trim());
  const known = labels.filter((label) => label !== "");
  return { patients: new Set(known).size, unknown: labels.length - known.length };
}
