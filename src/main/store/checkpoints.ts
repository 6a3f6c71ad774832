/** Checkpoints of runs: where a training can be taken up again. Their files lie in `checkpoints/ID`. */
import type { Connection } from "./database.ts";

export interface CheckpointRow {
  id: number;
  runId: number;
  /** Over its files. */
  sha256: string;
  /** Epochs that had ended. */
  epochs: number;
  /** Steps done, over all epochs. */
  steps: number;
  /** ISO 8601, UTC. */
  createdAt: string;
}

export class CheckpointStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** @param number that it had before; without it, the next one */
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

  list(): CheckpointRow[] {
    return this.#database.prepare<[], CheckpointRow>(`${SELECT} ORDER BY id`).all();
  }

  /** Newest first. */
  ofRun(runId: number): CheckpointRow[] {
    return this.#database.prepare<[number], CheckpointRow>(`${SELECT} WHERE run_id = ? ORDER BY id DESC`).all(runId);
  }

  /** Returns the checkpoints of runs that have their result: these are never resumed. */
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
