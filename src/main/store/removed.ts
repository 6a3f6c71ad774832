/** What was removed: hidden at once, and gone for good when the workspace is next opened. Until then it can be brought back. */
import type { Connection } from "./database.ts";

export type RemovableKind = "datasets" | "preparations" | "runs" | "models";

export class RemovedStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  add(kind: RemovableKind, id: number, at: string): void {
    this.#database.prepare("INSERT OR REPLACE INTO removed (kind, id, removed_at) VALUES (?, ?, ?)").run(kind, id, at);
  }

  /** @returns whether it had been removed */
  restore(kind: RemovableKind, id: number): boolean {
    return this.#database.prepare("DELETE FROM removed WHERE kind = ? AND id = ?").run(kind, id).changes > 0;
  }

  has(kind: RemovableKind, id: number): boolean {
    return this.#database.prepare("SELECT 1 FROM removed WHERE kind = ? AND id = ?").get(kind, id) !== undefined;
  }

  /** Numbers of all of a kind. */
  ids(kind: RemovableKind): Set<number> {
    const rows = this.#database.prepare<[string], { id: number }>("SELECT id FROM removed WHERE kind = ?").all(kind);
    return new Set(rows.map(({ id }) => id));
  }

  /** Deletes the rows; what others still rest on stays, and shows again. Their folders are swept after it. */
  purge(): void {
    this.#database.exec(`
      DELETE FROM models WHERE id IN (SELECT id FROM removed WHERE kind = 'models');
      DELETE FROM runs WHERE id IN (SELECT id FROM removed WHERE kind = 'runs');
      DELETE FROM preparations WHERE id IN (SELECT id FROM removed WHERE kind = 'preparations')
        AND id NOT IN (SELECT preparation_id FROM runs);
      DELETE FROM datasets WHERE id IN (SELECT id FROM removed WHERE kind = 'datasets')
        AND id NOT IN (SELECT dataset_id FROM preparations);
      DELETE FROM removed;
    `);
  }
}
