/**
 * Preparations in the database. A version of a dataset and the settings identify a preparation, so that none
 * is made twice.
 */
import {
  preparationSettingsSchema,
  type Preparation,
  type PreparationSettings,
} from "../../contract/domain/preparation.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";
import { summarySchema } from "./stored-schemas.ts";

interface Row extends Omit<Preparation, "settings" | "summary"> {
  settings: string;
  summary: string;
}

export class PreparationStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /**
   * Adds a preparation.
   * @param datasetVersion version of the dataset whose recordings it is made of
   * @param number its number if it was stored before; null: the next free number
   */
  add(preparation: Omit<Preparation, "id">, datasetVersion = 1, number: number | null = null): number {
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO preparations
           (id, name, dataset_id, dataset_version, settings, summary, fingerprint, seconds, created_at)
         VALUES (@number, @name, @datasetId, @datasetVersion, @settings, @summary, @fingerprint, @seconds, @createdAt)`,
      )
      .run({
        ...preparation,
        datasetVersion,
        number,
        settings: canonicalSettings(preparation.settings),
        summary: JSON.stringify(preparation.summary),
      });
    const id = Number(lastInsertRowid);
    const addClass = this.#database.prepare(
      `INSERT INTO preparation_classes (preparation_id, class, label, found, train, validation, test,
         synthetic_train, synthetic_validation, synthetic_test)
       VALUES (@id, @number, @label, @found, @train, @validation, @test, @syntheticTrain, @syntheticValidation, @syntheticTest)`,
    );
    preparation.summary.counts.forEach((counts, number) => addClass.run({ id, number, ...counts }));
    return id;
  }

  /** @param name empty: the preparation has no name */
  rename(id: number, name: string): void {
    this.#database.prepare("UPDATE preparations SET name = ? WHERE id = ?").run(name, id);
  }

  /** Stores the new fingerprint of a preparation whose files were made again. */
  setFingerprint(id: number, fingerprint: string): void {
    this.#database.prepare("UPDATE preparations SET fingerprint = ? WHERE id = ?").run(fingerprint, id);
  }

  find(id: number): Preparation | undefined {
    const row = this.#database.prepare<[number], Row>(`${SELECT} WHERE id = ?`).get(id);
    return row && fromRow(row);
  }

  /** Returns the version of its dataset that a preparation is made of. @throws Error if there is no such preparation */
  datasetVersion(id: number): number {
    const version = this.#database
      .prepare<[number], number>("SELECT dataset_version FROM preparations WHERE id = ?")
      .pluck()
      .get(id);
    if (version === undefined) throw new Error(`There is no preparation ${id}.`);
    return version;
  }

  /**
   * Returns the preparation of a dataset with exactly these settings; undefined if there is none.
   * @param of.versions versions of the dataset with the same recordings and patients
   */
  findBySettings(
    of: { id: number; versions: readonly number[] },
    settings: PreparationSettings,
  ): Preparation | undefined {
    const row = this.#database
      .prepare<[number, string, string], Row>(
        `${SELECT} WHERE dataset_id = ? AND dataset_version IN (SELECT value FROM json_each(?)) AND settings = ?
         ORDER BY dataset_version DESC`,
      )
      .get(of.id, JSON.stringify(of.versions), canonicalSettings(settings));
    return row && fromRow(row);
  }

  /** Returns the first preparation whose files have this fingerprint. */
  findByFingerprint(fingerprint: string): Preparation | undefined {
    const row = this.#database.prepare<[string], Row>(`${SELECT} WHERE fingerprint = ? ORDER BY id`).get(fingerprint);
    return row && fromRow(row);
  }

  /** Returns the numbers of all preparations, also of those whose values are damaged. */
  ids(): number[] {
    return this.#database.prepare<[], number>("SELECT id FROM preparations ORDER BY id").pluck().all();
  }

  /** Returns all preparations. @throws EctopyError `damaged-file` */
  list(): Preparation[] {
    return this.#database.prepare<[], Row>(`${SELECT} ORDER BY id`).all().map(fromRow);
  }
}

const SELECT = `SELECT id, name, dataset_id AS datasetId, settings, summary, fingerprint, seconds, created_at AS createdAt
  FROM preparations`;

/** Returns settings as JSON with the keys in the schema's order: equal settings give equal texts. */
function canonicalSettings(settings: PreparationSettings): string {
  return JSON.stringify(preparationSettingsSchema.parse(settings));
}

function fromRow(row: Row): Preparation {
  return {
    ...row,
    settings: parseColumn(preparationSettingsSchema, row.settings, `the settings of preparation ${row.id}`),
    summary: parseColumn(summarySchema, row.summary, `the summary of preparation ${row.id}`),
  };
}
