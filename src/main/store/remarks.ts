/** Notes and tags that a person wrote beside a run. */
import type { RunRemarks } from "../../contract/domain/runs.ts";
import type { Connection } from "./database.ts";

export class RemarkStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  find(run: number): RunRemarks {
    const row = this.#database
      .prepare<[number], { notes: string; tags: string }>("SELECT notes, tags FROM run_remarks WHERE run_id = ?")
      .get(run);
    // Written by `set`.
    return row ? { notes: row.notes, tags: JSON.parse(row.tags) as string[] } : { notes: "", tags: [] };
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
