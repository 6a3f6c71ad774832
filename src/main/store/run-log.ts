/** Logs of runs in the database. */
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

  /** Returns the log of a run, oldest entry first. */
  ofRun(run: number): RunLogEntry[] {
    return this.#database
      .prepare<[number], RunLogEntry>("SELECT at, kind, message FROM run_log WHERE run_id = ? ORDER BY id")
      .all(run);
  }
}
