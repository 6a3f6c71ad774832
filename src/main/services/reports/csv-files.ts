/** Writes tables to files piece by piece: the predictions of a large test set do not fit into one string. */
import { open } from "node:fs/promises";
import { CancelledError } from "../../../contract/domain/errors.ts";
import { csvLine } from "../../base/csv.ts";
import type { CsvTable } from "./csv-tables.ts";

const CHARACTERS_PER_WRITE = 1 << 20;

/** @throws CancelledError */
export async function writeCsv(path: string, { header, rows }: CsvTable, signal: AbortSignal): Promise<void> {
  const file = await open(path, "wx");
  try {
    let text = csvLine(header);
    for (const row of rows) {
      text += csvLine(row);
      if (text.length < CHARACTERS_PER_WRITE) continue;
      await file.write(text);
      text = "";
      if (signal.aborted) throw new CancelledError();
    }
    await file.write(text);
  } finally {
    await file.close();
  }
}
