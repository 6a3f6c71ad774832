/** Remarks in the database: notes and tags that a user wrote on a run. */
import type { RunRemarks } from "../../contract/domain/runs.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";
import { textsSchema } from "./stored-schemas.ts";

export class RemarkStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Returns the remarks on a run; both empty if there are none. @throws EctopyError `damaged-file` */
  find(run: number): RunRemarks {
    const row = this.#database
      .prepare<[number], { notes: string; tags: string }>("SELECT notes, tags FROM run_remarks WHERE run_id = ?")
      .get(run);
    if (row === undefined) return { notes: "", tags: [] };
    return { notes: row.notes, tags: parseColumn(textsSchema, row.tags, `the tags of run ${run}`) };
  }

  set(run: number, { notes, tags }: RunRemarks): void {
    this.#database
      .prepare(
        `INSERT INTO run_remarks (run_id, notes, tags) VALUES (@run, @notes, @tags)
         ON CONFLICT (run_id) DO UPDATE SET notes = excluded.notes, tags = excluded.tags`,
      )
      .run({ run, notes, tags: JSON.stringify(tags) });
  }
}
