/** What an inspection found, as text. */
import { groupFindings } from "../../../contract/domain/finding-groups.ts";
import {
  leftOutTexts,
  type Inspection,
  type InspectedRecord,
  type LeadSummary,
} from "../../../contract/domain/inspection.ts";
import type { PatientSource } from "../../../contract/domain/dataset-records.ts";
import { counted, formatDuration, formatInteger } from "../../../contract/text/format-number.ts";
import { formatTable } from "../format.ts";
import { tablesText } from "./dataset.ts";
import { describeGroups } from "./findings.ts";

export const patientTexts: Readonly<Record<PatientSource, string>> = {
  database: "by the public database that the samples are from",
  sample: "one for each sample recording",
  table: "by a table",
  notes: "by a number in the header of every recording",
  folders: "by a folder for each patient",
  names: "by a number in every record name",
  records: "each recording is of another patient, as stated",
};

export function describeInspection(inspection: Inspection): string {
  const lines = inspection.contents === "beats" ? tableLines(inspection) : recordingLines(inspection);
  const groups = describeGroups(groupFindings(inspection.records), inspection.findings);
  if (groups.length > 0) lines.push("", "Quality issues", ...groups);
  if (inspection.leftOut.length > 0) lines.push("", ...describeLeftOut(inspection));
  return lines.join("\n");
}

function tableLines({ path, records, tables }: Inspection): string[] {
  const readable = records.filter(({ usable }) => usable);
  const isChosen = ({ name }: InspectedRecord): boolean => Object.hasOwn(tables, name);
  const others = readable.filter((each) => !isChosen(each)).map(({ name }) => name);
  const [first] = readable;
  const { classes = [], classTexts = [] } = first?.details?.table ?? {};
  const names = classTexts.map((text, i) => (text === classes[i] ? text : `${text} = ${classes[i]}`));
  return [
    `${path}: ${counted(readable.length, "table")} whose rows are beats. Nothing was imported.`,
    "",
    tablesText(readable.filter(isChosen), tables),
    "",
    `Classes         ${names.join(", ")}; --class-names gives them other names`,
    "Patients        unknown: the tables name none",
    ...(others.length === 0 ? [] : [`Not chosen      ${others.join(", ")}; --train-tables and --test-tables choose`]),
  ];
}

function recordingLines(inspection: Inspection): string[] {
  const { records, formats, rates, leads, annotators, places, seconds } = inspection;
  const readable = records.filter(({ usable }) => usable).length;
  const lines = [
    `${inspection.path}: ${counted(records.length, "recording")}, ${formatInteger(readable)} readable, ${formatDuration(seconds)}. Nothing was imported.`,
    "",
    `Formats         ${counts(formats)}`,
    ...(readable === 0 ? [] : [`Sampling rates  ${counts(rates, " Hz")}`]),
    `Patients        ${describePatients(inspection)}`,
  ];
  if (places.length > 1) {
    lines.push(
      "",
      formatTable(
        ["Folder", "Recordings>"],
        places.map(({ place, records: n }) => [place || ".", formatInteger(n)]),
      ),
    );
  }
  if (leads.length > 0) {
    lines.push("", formatTable(["Lead", "Recordings>", "Position", "Unit", "Missing in"], leads.map(leadRow)));
  }
  if (readable === 0) return lines;
  const annotatorRows = annotators.map(({ annotator, records: n, symbols }) => [
    annotator,
    formatInteger(n),
    counts(symbols),
  ]);
  lines.push(
    "",
    annotatorRows.length === 0
      ? "No annotations: the recordings can be viewed, but not prepared."
      : formatTable(["Annotator", "Recordings>", "Annotations by symbol"], annotatorRows),
  );
  return lines;
}

/** Returns how the patients are known, and how many they are. */
export function describePatients({
  records,
  patientsFrom,
}: Pick<Inspection, "patientsFrom"> & { records: readonly InspectedRecord[] }): string {
  if (patientsFrom === null) return "unknown; --patients TABLE names them";
  const patients = new Set(records.flatMap(({ patient }) => patient ?? []));
  return `${formatInteger(patients.size)}, ${patientTexts[patientsFrom]}`;
}

function leadRow({ lead, records, positions, units, missingIn }: LeadSummary): string[] {
  const missing =
    missingIn.length === 0
      ? ""
      : `${missingIn.slice(0, 3).join(", ")}${missingIn.length > 3 ? ` and ${missingIn.length - 3} more` : ""}`;
  return [lead, formatInteger(records), Object.keys(positions).join(", "), unitsText(units), missing];
}

function unitsText(units: Record<string, number>): string {
  return Object.entries(units)
    .map(([unit]) => (unit === "" ? "none" : unit))
    .join(", ");
}

function describeLeftOut({ leftOut }: Inspection): string[] {
  const groups = Map.groupBy(leftOut, ({ reason }) => reason);
  return [
    "Excluded",
    ...[...groups].map(([reason, files]) => {
      const names = files.slice(0, 5).map(({ place, file }) => (place === "" ? file : `${place}/${file}`));
      return `  ${counted(files.length, "file")}, each of which ${leftOutTexts[reason]}: ${names.join(", ")}${files.length > 5 ? ", …" : ""}`;
    }),
  ];
}

/** Formats counts, the largest first: `360 Hz 40, 128 Hz 2`. */
function counts(values: Record<string, number>, unit = ""): string {
  return Object.entries(values)
    .sort((a, b) => b[1] - a[1])
    .map(([key, count]) => `${key}${unit} ${formatInteger(count)}`)
    .join(", ");
}
