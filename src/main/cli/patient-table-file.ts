/** Reads a table of patients that a command names. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parsePatientTable } from "../../contract/domain/patient-table.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { decodeText } from "../../pipeline/recordings/text.ts";

/** @throws EctopyError `not-found`, `no-access`, `invalid-settings` with the line */
export function readPatientTable(path: string): Record<string, string> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw systemError(error, path);
  }
  return Object.fromEntries(parsePatientTable(decodeText(bytes), basename(path)));
}
