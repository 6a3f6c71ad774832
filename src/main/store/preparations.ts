/** Preparations: prepared beats, found again by dataset and settings. */
import {
  preparationSettingsSchema,
  type Preparation,
  type PreparationSettings,
  type PreparationSummary,
} from "../../contract/domain/preparation.ts";
import type { Connection } from "./database.ts";

interface Row extends Omit<Preparation, "settings" | "summary"> {
  settings: string;
  summary: string;
}

export class PreparationStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** @param number that it had before; without it, the next one */
  add(preparation: Omit<Preparation, "id">, number: number | null = null): number {
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO preparations (id, dataset_id, settings, summary, fingerprint, seconds, created_at)
         VALUES (@number, @datasetId, @settings, @summary, @fingerprint, @seconds, @createdAt)`,
      )
      .run({
        ...preparation,
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

  /** Writes down what came out when the files of a preparation were made again. */
  setFingerprint(id: number, fingerprint: string): void {
    this.#database.prepare("UPDATE preparations SET fingerprint = ? WHERE id = ?").run(fingerprint, id);
  }

  find(id: number): Preparation | undefined {
    const row = this.#database.prepare<[number], Row>(`${SELECT} WHERE id = ?`).get(id);
    return row && fromRow(row);
  }

  /** The preparation of a dataset with exactly these settings, if it was made before. */
  findBySettings(datasetId: number, settings: PreparationSettings): Preparation | undefined {
    const row = this.#database
      .prepare<[number, string], Row>(`${SELECT} WHERE dataset_id = ? AND settings = ?`)
      .get(datasetId, canonicalSettings(settings));
    return row && fromRow(row);
  }

  /** Returns the first preparation with these very files. */
  findByFingerprint(fingerprint: string): Preparation | undefined {
    const row = this.#database.prepare<[string], Row>(`${SELECT} WHERE fingerprint = ? ORDER BY id`).get(fingerprint);
    return row && fromRow(row);
  }

  list(): Preparation[] {
    return this.#database.prepare<[], Row>(`${SELECT} ORDER BY id`).all().map(fromRow);
  }
}

const SELECT = `SELECT id, dataset_id AS datasetId, settings, summary, fingerprint, seconds, created_at AS createdAt
  FROM preparations`;

/** The same settings give the same text: keys in the schema's order. */
function canonicalSettings(settings: PreparationSettings): string {
  return JSON.stringify(preparationSettingsSchema.parse(settings));
}

function fromRow(row: Row): Preparation {
  return {
    ...row,
    settings: preparationSettingsSchema.parse(JSON.parse(row.settings)),
    // Written by `add` from the same type.
    summary: JSON.parse(row.summary) as PreparationSummary,
  };
}
