/**
 * Experiments in the database, and their runs from one query: an experiment of a thousand runs is shown while it
 * trains.
 */
import type { RunMachine } from "../../contract/domain/cluster.ts";
import { experimentPlanSchema, type Experiment, type WinnerMetric } from "../../contract/domain/experiments.ts";
import type { RunStatus } from "../../contract/domain/training.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";

interface Row {
  id: number;
  name: string;
  plan: string;
  metric: WinnerMetric;
  createdAt: string;
}

/** Run of an experiment, with the results that an overview shows. */
export interface MemberRun {
  run: number;
  label: string;
  status: RunStatus;
  /** Duration of the training; null before its end. */
  seconds: number | null;
  /** Metrics of the epoch with the lowest validation loss, the first of equal ones; null before the first epoch. */
  validationLoss: number | null;
  validationAccuracy: number | null;
  validationMacroF1: number | null;
  /** Metrics of the test set; null before the end. */
  accuracy: number | null;
  macroF1: number | null;
  weightedF1: number | null;
  /** Null: this machine trained it, or no worker has begun it. */
  machine: RunMachine | null;
  /** Null: it did not fail. */
  failure: string | null;
}

type MemberRow = Omit<MemberRun, "machine"> & (RunMachine | { executor: null; host: null; job: null; attempt: null });

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

  /** Returns the experiment that a run belongs to, and the run's label in it. */
  ofRun(run: number): { experiment: Experiment; label: string } | undefined {
    const row = this.#database
      .prepare<[number], { experiment: number; label: string }>(
        "SELECT experiment_id AS experiment, label FROM experiment_runs WHERE run_id = ?",
      )
      .get(run);
    return row && { experiment: this.find(row.experiment)!, label: row.label };
  }

  find(id: number): Experiment | undefined {
    const row = this.#database.prepare<[number], Row>(`${SELECT} WHERE id = ?`).get(id);
    return row && fromRow(row);
  }

  /** Returns all experiments, newest first. @throws EctopyError `damaged-file` */
  list(): Experiment[] {
    return this.#database.prepare<[], Row>(`${SELECT} ORDER BY id DESC`).all().map(fromRow);
  }

  /** Returns the runs of an experiment in the order of its plan, without those in the bin. */
  members(experiment: number): MemberRun[] {
    return this.#database
      .prepare<[number], MemberRow>(MEMBERS)
      .all(experiment)
      .map(({ executor, host, job, attempt, ...member }) => ({
        ...member,
        machine: executor === null ? null : { executor, host, job, attempt },
      }));
  }
}

const MEMBERS = `
  SELECT runs.id AS run, label, status, runs.seconds, validation_loss AS validationLoss,
    validation_accuracy AS validationAccuracy, validation_macro_f1 AS validationMacroF1, accuracy, macro_f1 AS macroF1,
    weighted_f1 AS weightedF1, executor, host, job, attempt,
    CASE status WHEN 'failed' THEN json_extract(runs.error, '$.message') END AS failure
  FROM experiment_runs
  JOIN runs ON runs.id = experiment_runs.run_id
  LEFT JOIN epochs ON epochs.run_id = runs.id AND epochs.epoch =
    (SELECT epoch FROM epochs AS trained WHERE trained.run_id = runs.id ORDER BY validation_loss, epoch LIMIT 1)
  LEFT JOIN evaluations ON evaluations.run_id = runs.id AND beat_set = 'test'
  LEFT JOIN run_machines ON run_machines.run_id = runs.id
  WHERE experiment_id = ? AND runs.id NOT IN (SELECT id FROM removed WHERE kind = 'runs')
  ORDER BY runs.id`;

const SELECT = "SELECT id, name, plan, metric, created_at AS createdAt FROM experiments";

function fromRow(row: Row): Experiment {
  return { ...row, plan: parseColumn(experimentPlanSchema, row.plan, `the plan of experiment ${row.id}`) };
}
