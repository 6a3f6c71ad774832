/** Parses a table of patients: two columns, record and patient, separated by a comma, a semicolon or a tab. */
import { EctopyError } from "./errors.ts";

/**
 * Returns the patient of each record that the table names. A first line `record,patient` is a heading.
 * @param file name for messages
 * @throws EctopyError `invalid-settings` with the line: not two columns, or a record with two patients
 */
export function parsePatientTable(text: string, file: string): Map<string, string> {
  const patients = new Map<string, string>();
  for (const [i, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (line.trim() === "") continue;
    const [record, patient, ...rest] = line.split(/[,;\t]/).map(unquoted);
    if (record === "" || patient === undefined || patient === "" || rest.some((cell) => cell !== "")) {
      throw refusal(file, i, "does not have two columns, record and patient");
    }
    if (i === 0 && /^records?$/i.test(record)) continue;
    const before = patients.get(record);
    if (before !== undefined && before !== patient) {
      throw refusal(file, i, `gives record ${record} a second patient, ${patient} after ${before}`);
    }
    patients.set(record, patient);
  }
  if (patients.size > 0) return patients;
  throw refusal(file, 0, "and all others name no record");
}

function refusal(file: string, line: number, what: string): EctopyError {
  return new EctopyError(
    "invalid-settings",
    `Line ${line + 1} of ${file} ${what}.`,
    "Write one line for each record, such as `data_21_7,21`.",
  );
}

function unquoted(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, "$1");
}
