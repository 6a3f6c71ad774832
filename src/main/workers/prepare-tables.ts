/** Reads and filters the beats of tables, whose rows are beats. */
import type { RecordIdentity, RecordToPrepare } from "../../contract/domain/dataset-records.ts";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import type { BeatTable } from "../../pipeline/beats/beat-table.ts";
import { chooseRecords } from "../../pipeline/beats/records.ts";
import type { SelectedBeats } from "../../pipeline/beats/windows.ts";
import { normaliseZScore } from "../../pipeline/beats/windows.ts";
import { createDenoiser } from "../../pipeline/signal/denoise.ts";
import type { DenoisingSettings } from "./denoise-beats.ts";
import { readTableClasses, readTableRows, type StoredBeatTable } from "./stored-beat-table.ts";

/** Rows that one task filters: enough to outweigh the message, few enough for an even load. */
const ROWS_PER_TASK = 4096;

/** A table with its beats; the sample number of a beat is the number of its row, from 0. */
export type ReadTable = RecordIdentity & { beats: SelectedBeats; stored: StoredBeatTable };

export interface ReadTables {
  tables: ReadTable[];
  /** Tables that the settings exclude. */
  leftOut: string[];
  /** Names of the classes in the order of the first table that has each. */
  classes: string[];
}

/** @throws EctopyError `invalid-settings` where a table has beats of another length; `damaged-file`, `not-found` */
export function readTables(
  folder: string,
  records: readonly RecordToPrepare[],
  settings: PreparationSettings,
): ReadTables {
  const { used, leftOut } = chooseRecords(records, settings);
  const tables = used.map((record): ReadTable => {
    const { name, details } = record;
    const table = details?.table;
    if (table === undefined || table.samples !== settings.rowSamples) {
      throw new EctopyError(
        "invalid-settings",
        `${name} has no rows of ${settings.rowSamples} samples.`,
        "Choose tables whose beats have the same number of samples.",
      );
    }
    const stored = { folder, name, table };
    const classes = readTableClasses(stored);
    const rows = Uint32Array.from(classes, (_, row) => row);
    const labels = Array.from(classes, (number) => table.classes[number]);
    const none = { outsideRecord: 0, missingSamples: 0, symbols: {} };
    return { ...record, beats: { samples: rows, positions: rows, labels, leftOut: none }, stored };
  });
  return { tables, leftOut, classes: [...new Set(tables.flatMap(({ stored }) => stored.table.classes))] };
}

/** Rows of one table to filter and normalise. */
export interface RowsToPrepare {
  stored: StoredBeatTable;
  /** Numbers of the rows in the table, ascending. */
  rows: Uint32Array;
  settings: DenoisingSettings;
  /** Rows of the preparation, in shared memory. */
  values: Float32Array;
  /** Row of the first beat. */
  row: number;
}

/** Returns the tasks that fill all rows of a preparation. */
export function rowTasks(
  tables: readonly ReadTable[],
  { recordStarts, position }: Pick<BeatTable, "recordStarts" | "position">,
  { settings, values }: { settings: DenoisingSettings; values: Float32Array },
): RowsToPrepare[] {
  return tables.flatMap(({ stored }, number) => {
    const [from, to] = [recordStarts[number], recordStarts[number + 1]];
    const tasks = Math.ceil((to - from) / ROWS_PER_TASK);
    return Array.from({ length: tasks }, (_, i) => {
      const row = from + i * ROWS_PER_TASK;
      return { stored, rows: position.slice(row, Math.min(to, row + ROWS_PER_TASK)), settings, values, row };
    });
  });
}

/** Writes rows of a table, filtered and normalised, into their rows of `values`. @throws EctopyError as {@link readTables} */
export function prepareRows({ stored, rows, settings, values, row }: RowsToPrepare): void {
  const { samples } = stored.table;
  const read = readTableRows(stored, rows);
  const beat = new Float64Array(samples);
  const denoiser = settings.denoising === "none" ? null : createDenoiser(settings, samples);
  for (let i = 0; i < rows.length; i++) {
    beat.set(read.subarray(i * samples, (i + 1) * samples));
    denoiser?.denoise(beat, 0, beat, 0);
    if (settings.normalisation === "z-score") normaliseZScore(beat);
    values.set(beat, (row + i) * samples);
  }
}
