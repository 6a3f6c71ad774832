/** Choices of an import in the dialog, and the settings that they make. Pure. */
import type { PatientSource } from "../../../contract/domain/dataset-records.ts";
import type { ImportSettings } from "../../../contract/domain/datasets.ts";
import type { Inspection } from "../../../contract/domain/inspection.ts";

/** `found`: by the rule that was found; `each`: one patient for each recording; `named`: by hand or a table. */
export type PatientRule = "found" | "each" | "named" | "unknown";

export interface ImportChoices {
  name: string;
  /** Names of the chosen leads. */
  leads: string[];
  /** Empty: `atr`, else a recording's first. */
  annotator: string;
  /** Folders of the chosen recordings. */
  places: string[];
  rule: PatientRule;
  /** Patient of each recording, by its name, where the rule is `named`. */
  patients: Record<string, string>;
  /** Number of the dataset that the recordings are added to; 0: a new one. */
  addTo: number;
  withoutComments: boolean;
}

export function freshChoices(
  { name, leads, places, patientsFrom }: Inspection,
  withoutComments: boolean,
): ImportChoices {
  return {
    name,
    leads: leads.map(({ lead }) => lead),
    annotator: "",
    places: places.map(({ place }) => place),
    rule: patientsFrom === null ? "unknown" : "found",
    patients: {},
    addTo: 0,
    withoutComments,
  };
}

/** Returns the settings; what is as it is by default is left out. */
export function importSettingsOf(choices: ImportChoices, inspection: Inspection): ImportSettings {
  const { name, leads, annotator, places, rule, patients, addTo, withoutComments } = choices;
  const named = Object.fromEntries(Object.entries(patients).filter(([, patient]) => patient.trim() !== ""));
  return {
    withoutComments,
    ...(addTo === 0 && name.trim() !== "" ? { name: name.trim() } : {}),
    ...(leads.length < inspection.leads.length ? { leads } : {}),
    ...(annotator === "" ? {} : { annotator }),
    ...(places.length < inspection.places.length ? { places } : {}),
    ...(rule === "each" ? { onePatientEach: true } : {}),
    ...(rule === "unknown" && inspection.patientsFrom !== null ? { patientsUnknown: true } : {}),
    ...(rule === "named" && Object.keys(named).length > 0 ? { patients: named } : {}),
    ...(addTo === 0 ? {} : { addTo }),
  };
}

/** Returns the patients of the recordings by a table of the user: by stored name, original name, or with the folder. */
export function patientsByTable(table: ReadonlyMap<string, string>, { records }: Inspection): Record<string, string> {
  return Object.fromEntries(
    records.flatMap(({ name, place, details }) => {
      const original = details?.originalName ?? name;
      const path = place === "" ? original : `${place}/${original}`;
      const patient = table.get(name) ?? table.get(path) ?? table.get(original);
      return patient === undefined ? [] : [[name, patient]];
    }),
  );
}

/** Returns the number of patients of the chosen recordings by the rule; null: unknown for one of them. */
export function patientCount({ rule, patients, places }: ImportChoices, { records }: Inspection): number | null {
  const chosen = records.filter(({ usable, place }) => usable && places.includes(place));
  if (rule === "unknown") return null;
  const labels = chosen.map(({ name, patient }) =>
    rule === "each" ? name : rule === "named" ? (patients[name] ?? "") : (patient ?? ""),
  );
  return labels.includes("") ? null : new Set(labels).size;
}

export const ruleTexts: Readonly<Record<PatientSource, string>> = {
  database: "by the public database that the samples are from",
  sample: "one for each sample recording",
  table: "by a table",
  notes: "by a number in the header of every recording",
  folders: "by a folder for each patient",
  names: "by a number in every record name",
  records: "each recording is of another patient",
};
