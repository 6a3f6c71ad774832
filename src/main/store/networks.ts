/** Saved networks in the database, by name. */
import type { SavedNetwork } from "../../contract/domain/saved-networks.ts";
import { networkSchema, type NetworkSpec } from "../../contract/domain/networks.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";

interface Row {
  id: number;
  network: string;
  createdAt: string;
  changedAt: string;
}

export class NetworkStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  add(network: NetworkSpec, at: string): number {
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO networks (name, network, created_at, changed_at) VALUES (?, ?, ?, ?)")
      .run(network.name, JSON.stringify(network), at, at);
    return Number(lastInsertRowid);
  }

  change(id: number, network: NetworkSpec, at: string): void {
    this.#database
      .prepare("UPDATE networks SET name = ?, network = ?, changed_at = ? WHERE id = ?")
      .run(network.name, JSON.stringify(network), at, id);
  }

  find(id: number): SavedNetwork | undefined {
    const row = this.#database.prepare<[number], Row>(`${SELECT} WHERE id = ?`).get(id);
    return row && fromRow(row);
  }

  /** Returns all saved networks in the order of their creation. @throws EctopyError `damaged-file` */
  list(): SavedNetwork[] {
    return this.#database.prepare<[], Row>(`${SELECT} ORDER BY id`).all().map(fromRow);
  }
}

const SELECT = "SELECT id, network, created_at AS createdAt, changed_at AS changedAt FROM networks";

function fromRow(row: Row): SavedNetwork {
  return { ...row, network: parseColumn(networkSchema, row.network, `the layers of the saved network ${row.id}`) };
}
