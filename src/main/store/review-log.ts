/** The log of edits of reviewed sets in the database. Rows are only ever added. */
import { z } from "zod";
import type { LogEntry, LogKind } from "../../contract/domain/reviews.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";
import { changesText, parseChanges } from "./review-changes.ts";

/** Edits of one reviewer in one recording of a set. */
export interface EditCount {
  record: string;
  reviewer: string;
  edits: number;
  latest: string;
}

interface Row {
  id: number;
  kind: LogKind;
  target: number | null;
  reviewer: string;
  at: string;
  label: string;
  fromSample: number | null;
  toSample: number | null;
  changes: string;
  families: string | null;
}

const familiesSchema = z.array(z.tuple([z.int(), z.int().nullable(), z.int().nullable()]));

export class ReviewLogStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Appends an entry; it is on the disk when this returns. @returns its number */
  append(set: number, record: string, entry: Omit<LogEntry, "id">): number {
    const { changes, families, stretch, ...columns } = entry;
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO review_edits (set_id, record, kind, target, reviewer, at, label, from_sample, to_sample, changes,
           families)
         VALUES (@set, @record, @kind, @target, @reviewer, @at, @label, @from, @to, @changes, @families)`,
      )
      .run({
        ...columns,
        set,
        record,
        from: stretch?.from ?? null,
        to: stretch?.to ?? null,
        changes: changesText(changes),
        families:
          families.length === 0 ? null : JSON.stringify(families.map(({ sample, from, to }) => [sample, from, to])),
      });
    return Number(lastInsertRowid);
  }

  /** Returns the log of a recording, oldest first. @throws EctopyError `damaged-file` */
  entries(set: number, record: string): LogEntry[] {
    return this.#database
      .prepare<[number, string], Row>(
        `SELECT id, kind, target, reviewer, at, label, from_sample AS fromSample, to_sample AS toSample, changes,
           families
         FROM review_edits WHERE set_id = ? AND record = ? ORDER BY id`,
      )
      .all(set, record)
      .map(({ changes, families, fromSample, toSample, ...row }) => ({
        ...row,
        stretch: fromSample === null || toSample === null ? null : { from: fromSample, to: toSample },
        changes: parseChanges(changes, `edit ${row.id} of a review`),
        families:
          families === null
            ? []
            : parseColumn(familiesSchema, families, `edit ${row.id} of a review`).map(([sample, from, to]) => {
                return { sample, from, to };
              }),
      }));
  }

  /** Returns the number of entries of a recording after one of them. */
  entriesAfter(set: number, record: string, entry: number): number {
    return this.#database
      .prepare<[number, string, number], number>(
        "SELECT count(*) FROM review_edits WHERE set_id = ? AND record = ? AND id > ?",
      )
      .pluck()
      .get(set, record, entry)!;
  }

  /** Returns how often each reviewer edited each recording, undos and redos included. */
  counts(set: number): EditCount[] {
    return this.#database
      .prepare<[number], EditCount>(
        `SELECT record, reviewer, count(*) AS edits, max(at) AS latest
         FROM review_edits WHERE set_id = ? GROUP BY record, reviewer ORDER BY record, reviewer`,
      )
      .all(set);
  }
}
