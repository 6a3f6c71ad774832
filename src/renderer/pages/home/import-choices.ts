/** Choices of an import in the dialog, and the settings that they make. Pure. */
import type { PatientSource } from "../../../contract/domain/dataset-records.ts";
import type { ImportSettings } from "../../../contract/domain/datasets.ts";
import type { Inspection } from "../../../contract/domain/inspection.ts";
import type { TableSet } from "../../../contract/domain/recordings.ts";

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
  /** Use of each table of beats, by its name. */
  tables: Record<string, TableUse>;
  /** Names of the classes of tables of beats that were edited, by their texts in the files. */
  classNames: Record<string, string>;
  /** Sampling rate of tables of beats in Hz; 0: unknown. */
  rate: number;
}

export const LEFT_OUT = "leave-out";
export type TableUse = TableSet | typeof LEFT_OUT;

export function freshChoices(
  { name, leads, places, patientsFrom, tables, records }: Inspection,
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
    tables: { ...tables },
    classNames: {},
    rate: records.find(({ name: table }) => Object.hasOwn(tables, table))?.rate ?? 0,
  };
}

/** Returns the tables that are imported, with the set of each. */
export function chosenTables({ tables }: Pick<ImportChoices, "tables">): [name: string, set: TableSet][] {
  return Object.entries(tables).flatMap(([name, use]): [string, TableSet][] => (use === LEFT_OUT ? [] : [[name, use]]));
}

/** Returns the classes of the chosen tables: text in the files, name, and number of beats. */
export function classRows(
  { tables, classNames }: Pick<ImportChoices, "tables" | "classNames">,
  { records }: Pick<Inspection, "records">,
): { text: string; name: string; beats: number }[] {
  const chosen = new Set(chosenTables({ tables }).map(([name]) => name));
  const rows = new Map<string, { text: string; name: string; beats: number }>();
  for (const { name: table, beats, details } of records) {
    if (!chosen.has(table)) continue;
    const { classes = [], classTexts = [] } = details?.table ?? {};
    classTexts.forEach((text, i) => {
      const row = rows.get(text) ?? { text, name: classNames[text] ?? classes[i], beats: 0 };
      row.beats += beats[classes[i]] ?? 0;
      rows.set(text, row);
    });
  }
  return [...rows.values()];
}

/** Returns what is wrong with the choices for tables of beats; null: nothing. */
export function tableProblem(choices: ImportChoices, inspection: Inspection): string | null {
  const chosen = chosenTables(choices);
  if (chosen.length === 0) return "Choose a table.";
  if (chosen.every(([, set]) => set === "test")) return "Choose a table for training.";
  const names = classRows(choices, inspection).map(({ name }) => name.trim());
  if (names.includes("")) return "Give each class a name.";
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return `Two classes have the name ${twice}.`;
  const lengths = new Set(
    inspection.records
      .filter(({ name }) => chosen.some(([table]) => table === name))
      .map(({ details }) => details?.table?.samples),
  );
  return lengths.size > 1 ? "Choose tables whose beats have the same number of samples." : null;
}

function tableSettings(choices: ImportChoices, inspection: Inspection): ImportSettings {
  const { name, addTo, rate } = choices;
  return {
    ...(addTo === 0 && name.trim() !== "" ? { name: name.trim() } : {}),
    ...(addTo === 0 ? {} : { addTo }),
    tables: Object.fromEntries(chosenTables(choices)),
    classNames: Object.fromEntries(classRows(choices, inspection).map((row) => [row.text, row.name.trim()])),
    rate,
  };
}

/** Returns the settings; what is as it is by default is left out. */
export function importSettingsOf(choices: ImportChoices, inspection: Inspection): ImportSettings {
  if (inspection.contents === "beats") return tableSettings(choices, inspection);
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
