/** Patients of a custom split: their recordings, and the set that they are assigned to. */
import type { RecordIdentity } from "../../../contract/domain/dataset-records.ts";
import { setNames, type PreparationSettings, type SetName } from "../../../contract/domain/preparation.ts";

type Assigned = NonNullable<PreparationSettings["assigned"]>;

export interface AssignedPatient {
  /** Recordings of the patient, joined: `201 202`. */
  title: string;
  records: string[];
  set: SetName;
}

/** Returns the patients in the order of their first recordings. A recording whose patient is unknown counts as one. */
export function assignedPatients(
  records: readonly Pick<RecordIdentity, "name" | "patient">[],
  { validation, test }: Assigned,
): AssignedPatient[] {
  const groups = Map.groupBy(records, ({ name, patient }) =>
    patient === null ? `record ${name}` : `patient ${patient}`,
  );
  return [...groups.values()].map((group) => {
    const names = group.map(({ name }) => name);
    const isIn = (set: readonly string[]): boolean => names.some((name) => set.includes(name));
    const set = isIn(test) ? "test" : isIn(validation) ? "validation" : "train";
    return { title: names.join(" "), records: names, set };
  });
}

/** Returns the assignment with a patient in another set. */
export function withPatientIn(assigned: Assigned, patient: AssignedPatient, set: SetName): Assigned {
  const others = (names: readonly string[]): string[] => names.filter((name) => !patient.records.includes(name));
  const of = (of: "validation" | "test"): string[] => [...others(assigned[of]), ...(set === of ? patient.records : [])];
  return { validation: of("validation").sort(), test: of("test").sort() };
}

/** Returns the set to the left or right; the same one at the end. */
export function setBeside(set: SetName, step: -1 | 1): SetName {
  return setNames[setNames.indexOf(set) + step] ?? set;
}
