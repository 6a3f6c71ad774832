/** Networks of one's own, by name. */
import type { SavedModel } from "../../contract/domain/models.ts";
import { networkSchema, type NetworkSpec } from "../../contract/domain/networks.ts";
import type { Connection } from "./database.ts";

interface Row {
  id: number;
  network: string;
  createdAt: string;
  changedAt: string;
}

export class ModelStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  add(network: NetworkSpec, at: string): number {
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO models (name, network, created_at, changed_at) VALUES (?, ?, ?, ?)")
      .run(network.name, JSON.stringify(network), at, at);
    return Number(lastInsertRowid);
  }

  change(id: number, network: NetworkSpec, at: string): void {
    this.#database
      .prepare("UPDATE models SET name = ?, network = ?, changed_at = ? WHERE id = ?")
      .run(network.name, JSON.stringify(network), at, id);
  }

  find(id: number): SavedModel | undefined {
    const row = this.#database.prepare<[number], Row>(`${SELECT} WHERE id = ?`).get(id);
    return row && fromRow(row);
  }

  /** In the order in which they were made. */
  list(): SavedModel[] {
    return this.#database.prepare<[], Row>(`${SELECT} ORDER BY id`).all().map(fromRow);
  }
}

const SELECT = "SELECT id, network, created_at AS createdAt, changed_at AS changedAt FROM models";

function fromRow(row: Row): SavedModel {
  return { ...row, network: networkSchema.parse(JSON.parse(row.network)) };
}
