/** Experiments in the database whose runs are trained on other machines, with what has been collected of each run. */
import { z } from "zod";
import { executorSchema, type Executor } from "../../contract/domain/executors.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";

/** Attempts in the cluster folder when workers were started again without a request of the user; absent at other starts. */
const attempts = z.int().min(0).exactOptional();

/** Started workers: a job of the executor, or a process of a host. */
export const startedWorkersSchema = z.union([
  z.strictObject({ job: z.string(), attempts }),
  z.strictObject({ host: z.string(), pid: z.string(), attempts }),
]);
export type StartedWorkers = z.infer<typeof startedWorkersSchema>;

export interface ClusterExperiment {
  experiment: number;
  executor: Executor;
  /** Path of the cluster folder on this machine. */
  folder: string;
  workers: StartedWorkers[];
  cancelled: boolean;
}

/** A run that has not ended. */
export interface ClusterRunRow {
  run: number;
  /** Number of the run in the cluster folder. */
  number: number;
  /** Attempt whose events are stored; 0: none. */
  attempt: number;
  /** Bytes of the attempt's events that are stored. */
  eventBytes: number;
}

interface Row extends Omit<ClusterExperiment, "executor" | "workers" | "cancelled"> {
  executor: string;
  workers: string;
  cancelled: number;
}

export class ClusterExperimentStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Adds an experiment with its runs, in the order of their numbers. Call it inside a transaction. */
  add(
    { experiment, executor, folder }: Omit<ClusterExperiment, "workers" | "cancelled">,
    runs: readonly number[],
  ): void {
    this.#database
      .prepare("INSERT INTO cluster_experiments (experiment_id, executor, folder, workers) VALUES (?, ?, ?, '[]')")
      .run(experiment, JSON.stringify(executor), folder);
    const addRun = this.#database.prepare("INSERT INTO cluster_runs (run_id, experiment_id, number) VALUES (?, ?, ?)");
    runs.forEach((run, i) => addRun.run(run, experiment, i + 1));
  }

  find(experiment: number): ClusterExperiment | undefined {
    const row = this.#database.prepare<[number], Row>(`${SELECT} WHERE experiment_id = ?`).get(experiment);
    return row && fromRow(row);
  }

  /** Returns the experiments with runs that have not ended. */
  open(): ClusterExperiment[] {
    const withRuns = `${SELECT} WHERE experiment_id IN (SELECT experiment_id FROM cluster_runs) ORDER BY experiment_id`;
    return this.#database.prepare<[], Row>(withRuns).all().map(fromRow);
  }

  /** Returns the experiments whose runs have all ended. */
  ended(): ClusterExperiment[] {
    const withoutRuns = `${SELECT} WHERE experiment_id NOT IN (SELECT experiment_id FROM cluster_runs) ORDER BY experiment_id`;
    return this.#database.prepare<[], Row>(withoutRuns).all().map(fromRow);
  }

  /** Returns the runs of an experiment that have not ended. */
  runs(experiment: number): ClusterRunRow[] {
    return this.#database
      .prepare<[number], ClusterRunRow>(
        `SELECT run_id AS run, number, attempt, event_bytes AS eventBytes FROM cluster_runs
         WHERE experiment_id = ? ORDER BY number`,
      )
      .all(experiment);
  }

  /** Returns the experiment that a run belongs to, and its number in the cluster folder; undefined: it is trained here, or has ended. */
  ofRun(run: number): { experiment: number; number: number } | undefined {
    return this.#database
      .prepare<[number], { experiment: number; number: number }>(
        "SELECT experiment_id AS experiment, number FROM cluster_runs WHERE run_id = ?",
      )
      .get(run);
  }

  addWorkers(experiment: number, workers: readonly StartedWorkers[]): void {
    const all = [...(this.find(experiment)?.workers ?? []), ...workers];
    this.#database
      .prepare("UPDATE cluster_experiments SET workers = ? WHERE experiment_id = ?")
      .run(JSON.stringify(all), experiment);
  }

  setCancelled(experiment: number): void {
    this.#database.prepare("UPDATE cluster_experiments SET cancelled = 1 WHERE experiment_id = ?").run(experiment);
  }

  /** Stores which events of a run have been stored. */
  setCollected(run: number, attempt: number, eventBytes: number): void {
    this.#database
      .prepare("UPDATE cluster_runs SET attempt = ?, event_bytes = ? WHERE run_id = ?")
      .run(attempt, eventBytes, run);
  }

  /** Removes a run that has ended, or is trained on this machine from now on. */
  removeRun(run: number): void {
    this.#database.prepare("DELETE FROM cluster_runs WHERE run_id = ?").run(run);
  }
}

const SELECT = "SELECT experiment_id AS experiment, executor, folder, workers, cancelled FROM cluster_experiments";

function fromRow({ executor, workers, cancelled, ...row }: Row): ClusterExperiment {
  const of = `of experiment ${row.experiment}`;
  return {
    ...row,
    executor: parseColumn(executorSchema, executor, `the executor ${of}`),
    workers: parseColumn(z.array(startedWorkersSchema), workers, `the workers ${of}`),
    cancelled: cancelled === 1,
  };
}
