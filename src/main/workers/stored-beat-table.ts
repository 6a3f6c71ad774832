/** Reads tables of beats from a dataset's folder, as `store-beat-table.ts` writes them. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { BeatTableFacts } from "../../contract/domain/recordings.ts";
import { systemError } from "../../contract/domain/system-errors.ts";

/** A table of beats in a dataset's folder. */
export interface StoredBeatTable {
  folder: string;
  name: string;
  table: BeatTableFacts;
}

/** Returns the number of each beat's class. @throws EctopyError `damaged-file`, `not-found`, `no-access` */
export function readTableClasses({ folder, name, table }: StoredBeatTable): Uint8Array {
  let classes: Uint8Array;
  try {
    classes = readFileSync(join(folder, `${name}.u8`));
  } catch (error) {
    throw systemError(error, `table ${name}`);
  }
  if (classes.some((number) => number >= table.classes.length)) throw changed(name);
  return classes;
}

/**
 * Returns rows of a table, one after the other.
 * @param rows their numbers, ascending
 * @throws EctopyError `damaged-file`, `not-found`, `no-access`
 */
export function readTableRows({ folder, name, table }: StoredBeatTable, rows: ArrayLike<number>): Float32Array {
  const { samples } = table;
  const values = new Float32Array(rows.length * samples);
  try {
    const descriptor = openSync(join(folder, `${name}.f32`), "r");
    try {
      for (let i = 0; i < rows.length;) {
        let end = i + 1;
        while (end < rows.length && rows[end] === rows[end - 1] + 1) end++;
        const part = new Uint8Array(values.buffer, 4 * i * samples, 4 * (end - i) * samples);
        if (readSync(descriptor, part, 0, part.length, 4 * rows[i] * samples) < part.length) throw changed(name);
        i = end;
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw systemError(error, `table ${name}`);
  }
  return values;
}

function changed(name: string): EctopyError {
  return new EctopyError(
    "damaged-file",
    `Table ${name} has changed since it was imported.`,
    "Import the file again: it replaces the damaged copy.",
  );
}
