/** What happened to a run: its log. */
import type { RunLogEntry } from "../../contract/domain/runs.ts";
import type { Connection } from "./database.ts";

export class RunLogStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  add(run: number, { at, kind, message }: RunLogEntry): void {
    this.#database
      .prepare("INSERT INTO run_log (run_id, at, kind, message) VALUES (?, ?, ?, ?)")
      .run(run, at, kind, message);
  }

  /** Oldest first. */
  ofRun(run: number): RunLogEntry[] {
    return this.#database
      .prepare<[number], RunLogEntry>("SELECT at, kind, message FROM run_log WHERE run_id = ? ORDER BY id")
      .all(run);
  }
}
