/** Machines that trained runs for this workspace, by an executor; runs that this machine trained have no row. */
import type { RunMachine } from "../../contract/domain/cluster.ts";
import type { Connection } from "./database.ts";

export class RunMachineStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Stores the machine of the latest attempt to train a run. */
  set(run: number, machine: RunMachine): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO run_machines (run_id, executor, host, job, attempt)
         VALUES (@run, @executor, @host, @job, @attempt)`,
      )
      .run({ run, ...machine });
  }

  /** Removes the machine of a run that this machine trains from now on. */
  remove(run: number): void {
    this.#database.prepare("DELETE FROM run_machines WHERE run_id = ?").run(run);
  }
}
