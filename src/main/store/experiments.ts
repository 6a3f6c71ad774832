/** Experiments and which runs belong to each. */
import type { Experiment, ExperimentPlan, WinnerMetric } from "../../contract/experiments.ts";
import type { Connection } from "./database.ts";

interface Row {
  id: number;
  name: string;
  plan: string;
  metric: WinnerMetric;
  createdAt: string;
}

export class ExperimentStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  add({ name, plan, metric, createdAt }: Omit<Experiment, "id">): number {
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO experiments (name, plan, metric, created_at) VALUES (?, ?, ?, ?)")
      .run(name, JSON.stringify(plan), metric, createdAt);
    return Number(lastInsertRowid);
  }

  addRun(experiment: number, run: number, label: string): void {
    this.#database
      .prepare("INSERT INTO experiment_runs (run_id, experiment_id, label) VALUES (?, ?, ?)")
      .run(run, experiment, label);
  }

  find(id: number): Experiment | undefined {
    const row = this.#database.prepare<[number], Row>(`${SELECT} WHERE id = ?`).get(id);
    return row && fromRow(row);
  }

  /** Newest first. */
  list(): Experiment[] {
    return this.#database.prepare<[], Row>(`${SELECT} ORDER BY id DESC`).all().map(fromRow);
  }

  /** In the order in which they were planned. */
  runsOf(experiment: number): { run: number; label: string }[] {
    return this.#database
      .prepare<[number], { run: number; label: string }>(
        "SELECT run_id AS run, label FROM experiment_runs WHERE experiment_id = ? ORDER BY run_id",
      )
      .all(experiment);
  }
}

const SELECT = "SELECT id, name, plan, metric, created_at AS createdAt FROM experiments";

function fromRow(row: Row): Experiment {
  return { ...row, plan: JSON.parse(row.plan) as ExperimentPlan };
}
