/** Checkpoints of runs in the database, from which a training is resumed. Their files are in `checkpoints/ID`. */
import type { Connection } from "./database.ts";

export interface CheckpointRow {
  id: number;
  runId: number;
  /** Hash of its files. */
  sha256: string;
  /** Epochs that had ended. */
  epochs: number;
  /** Steps that had ended, over all epochs. */
  steps: number;
  /** ISO 8601, UTC. */
  createdAt: string;
}

export class CheckpointStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Adds a checkpoint. @param number its number if it was stored before; null: the next free number */
  add(checkpoint: Omit<CheckpointRow, "id">, number: number | null = null): number {
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO checkpoints (id, run_id, sha256, epochs, steps, created_at)
         VALUES (@number, @runId, @sha256, @epochs, @steps, @createdAt)`,
      )
      .run({ ...checkpoint, number });
    return Number(lastInsertRowid);
  }

  find(id: number): CheckpointRow | undefined {
    return this.#database.prepare<[number], CheckpointRow>(`${SELECT} WHERE id = ?`).get(id);
  }

  /** Returns the numbers of all checkpoints. */
  ids(): number[] {
    return this.#database.prepare<[], number>("SELECT id FROM checkpoints ORDER BY id").pluck().all();
  }

  /** Returns the checkpoints of a run, newest first. */
  ofRun(runId: number): CheckpointRow[] {
    return this.#database.prepare<[number], CheckpointRow>(`${SELECT} WHERE run_id = ? ORDER BY id DESC`).all(runId);
  }

  /** Returns the numbers of checkpoints of runs with a result: these runs are never resumed. */
  obsolete(): number[] {
    return this.#database
      .prepare<[], { id: number }>(
        `SELECT checkpoints.id FROM checkpoints JOIN evaluations USING (run_id) WHERE beat_set = 'test' ORDER BY checkpoints.id`,
      )
      .all()
      .map(({ id }) => id);
  }

  remove(id: number): void {
    this.#database.prepare("DELETE FROM checkpoints WHERE id = ?").run(id);
  }
}

const SELECT = "SELECT id, run_id AS runId, sha256, epochs, steps, created_at AS createdAt FROM checkpoints";
