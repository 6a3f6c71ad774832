/** Bin in the database: removed items are hidden at once, can be restored, and are deleted when the bin is emptied. */
import type { Connection } from "./database.ts";

export type RemovableKind = "datasets" | "preparations" | "runs" | "networks" | "annotationSets";

/** Table of each kind. */
const TABLES: Readonly<Record<RemovableKind, string>> = {
  datasets: "datasets",
  preparations: "preparations",
  runs: "runs",
  networks: "networks",
  annotationSets: "annotation_sets",
};

export interface RemovableItem {
  kind: RemovableKind;
  id: number;
}

export interface RemovedItem extends RemovableItem {
  /** ISO 8601, UTC. */
  removedAt: string;
}

export class RemovedStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  add(kind: RemovableKind, id: number, at: string): void {
    this.#database.prepare("INSERT OR REPLACE INTO removed (kind, id, removed_at) VALUES (?, ?, ?)").run(kind, id, at);
  }

  /** Restores an item. @returns whether it was in the bin */
  restore(kind: RemovableKind, id: number): boolean {
    return this.#database.prepare("DELETE FROM removed WHERE kind = ? AND id = ?").run(kind, id).changes > 0;
  }

  has(kind: RemovableKind, id: number): boolean {
    return this.#database.prepare("SELECT 1 FROM removed WHERE kind = ? AND id = ?").get(kind, id) !== undefined;
  }

  /** Returns the numbers of all removed items of a kind. */
  ids(kind: RemovableKind): Set<number> {
    const rows = this.#database.prepare<[string], { id: number }>("SELECT id FROM removed WHERE kind = ?").all(kind);
    return new Set(rows.map(({ id }) => id));
  }

  /** Returns all items in the bin, the latest first. */
  list(): RemovedItem[] {
    return this.#database
      .prepare<[], RemovedItem>(
        "SELECT kind, id, removed_at AS removedAt FROM removed ORDER BY removed_at DESC, id DESC",
      )
      .all();
  }

  /**
   * Returns the items that were removed before a time (ISO 8601) and that no item outside of the bin depends on, in the
   * order of their deletion.
   */
  deletable(before: string): RemovedItem[] {
    return this.#database
      .prepare<[string], RemovedItem>(
        `WITH old AS (SELECT kind, id, removed_at FROM removed WHERE removed_at < ?),
           old_runs AS (SELECT id FROM old WHERE kind = 'runs'),
           old_preparations AS (SELECT id FROM old WHERE kind = 'preparations'
             AND id NOT IN (SELECT preparation_id FROM runs WHERE id NOT IN old_runs))
         SELECT kind, id, removed_at AS removedAt FROM old
         WHERE kind IN ('networks', 'runs', 'annotationSets')
           OR (kind = 'preparations' AND id IN old_preparations)
           OR (kind = 'datasets' AND id NOT IN (SELECT dataset_id FROM preparations WHERE id NOT IN old_preparations)
             AND id NOT IN (SELECT coalesce(settings ->> '$.testDataset.id', 0) FROM preparations
               WHERE id NOT IN old_preparations))
         ORDER BY CASE kind WHEN 'networks' THEN 1 WHEN 'annotationSets' THEN 1 WHEN 'runs' THEN 2
           WHEN 'preparations' THEN 3 ELSE 4 END, id`,
      )
      .all(before);
  }

  /** Deletes the rows of an item permanently. Call it inside a transaction, in the order of {@link deletable}. */
  delete({ kind, id }: RemovableItem): void {
    this.#database.prepare(`DELETE FROM ${TABLES[kind]} WHERE id = ?`).run(id);
    this.#database.prepare("DELETE FROM removed WHERE kind = ? AND id = ?").run(kind, id);
    if (kind !== "datasets") return;
    // Its annotation sets were deleted with it.
    this.#database
      .prepare("DELETE FROM removed WHERE kind = 'annotationSets' AND id NOT IN (SELECT id FROM annotation_sets)")
      .run();
  }
}
