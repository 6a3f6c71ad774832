/** Remarks in the database: name, notes and tags that a user gave a run. */
import type { RunRemarks } from "../../contract/domain/runs.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";
import { textsSchema } from "./stored-schemas.ts";

export class RemarkStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Returns the remarks on a run; all empty if there are none. @throws EctopyError `damaged-file` */
  find(run: number): RunRemarks {
    const row = this.#database
      .prepare<[number], { name: string; notes: string; tags: string }>(
        "SELECT name, notes, tags FROM run_remarks WHERE run_id = ?",
      )
      .get(run);
    if (row === undefined) return { name: "", notes: "", tags: [] };
    return { ...row, tags: parseColumn(textsSchema, row.tags, `the tags of run ${run}`) };
  }

  set(run: number, { name, notes, tags }: RunRemarks): void {
    this.#database
      .prepare(
        `INSERT INTO run_remarks (run_id, name, notes, tags) VALUES (@run, @name, @notes, @tags)
         ON CONFLICT (run_id) DO UPDATE SET name = excluded.name, notes = excluded.notes, tags = excluded.tags`,
      )
      .run({ run, name, notes, tags: JSON.stringify(tags) });
  }
}
