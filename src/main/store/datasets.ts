/** Datasets in the database: imported recordings and their health report. */
import type { Dataset } from "../../contract/domain/datasets.ts";
import type { Finding, HealthReport, RecordHealth } from "../../contract/domain/recordings.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";
import { textsSchema } from "./stored-schemas.ts";

export class DatasetStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /**
   * Adds a dataset with its complete report. Call it inside a transaction that also moves the files to their folder.
   * @param number its number if it was stored before; null: the next free number
   */
  add(
    dataset: Omit<Dataset, "id">,
    report: Pick<HealthReport, "records" | "findings">,
    number: number | null = null,
  ): number {
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO datasets (id, name, source, fingerprint, created_at)
         VALUES (@number, @name, @source, @fingerprint, @createdAt)`,
      )
      .run({ ...dataset, number });
    const id = Number(lastInsertRowid);
    const addRecord = this.#database.prepare(
      `INSERT INTO records (dataset_id, name, usable, rate, length, leads, other_annotations, comments)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const addBeats = this.#database.prepare(
      "INSERT INTO record_beats (dataset_id, record, symbol, count) VALUES (?, ?, ?, ?)",
    );
    const addFinding = this.#database.prepare(
      "INSERT INTO findings (dataset_id, record, severity, message, fix) VALUES (?, ?, ?, ?, ?)",
    );
    for (const record of report.records) {
      addRecord.run(
        id,
        record.name,
        record.usable ? 1 : 0,
        record.rate,
        record.length,
        JSON.stringify(record.leads),
        record.otherAnnotations,
        JSON.stringify(record.comments),
      );
      for (const [symbol, count] of Object.entries(record.beats)) addBeats.run(id, record.name, symbol, count);
      for (const { severity, message, fix } of record.findings) addFinding.run(id, record.name, severity, message, fix);
    }
    for (const { severity, message, fix } of report.findings) addFinding.run(id, null, severity, message, fix);
    return id;
  }

  rename(id: number, name: string): void {
    this.#database.prepare("UPDATE datasets SET name = ? WHERE id = ?").run(name, id);
  }

  setSource(id: number, source: string): void {
    this.#database.prepare("UPDATE datasets SET source = ? WHERE id = ?").run(source, id);
  }

  find(id: number): Dataset | undefined {
    return this.#database.prepare<[number], Dataset>(`${SELECT} WHERE id = ?`).get(id);
  }

  findByFingerprint(fingerprint: string): Dataset | undefined {
    return this.#database.prepare<[string], Dataset>(`${SELECT} WHERE fingerprint = ?`).get(fingerprint);
  }

  /** Returns the numbers of all datasets. */
  ids(): number[] {
    return this.#database.prepare<[], number>("SELECT id FROM datasets ORDER BY id").pluck().all();
  }

  list(): Dataset[] {
    return this.#database.prepare<[], Dataset>(`${SELECT} ORDER BY id`).all();
  }

  /** Returns the recordings of a dataset in the order of their names, each with its beats and findings. */
  records(id: number): RecordHealth[] {
    interface Row {
      name: string;
      usable: number;
      rate: number;
      length: number;
      leads: string;
      otherAnnotations: number;
      comments: string;
    }
    const beats = this.#database.prepare<[number, string], { symbol: string; count: number }>(
      "SELECT symbol, count FROM record_beats WHERE dataset_id = ? AND record = ? ORDER BY symbol",
    );
    const findings = this.#database.prepare<[number, string], Finding>(
      "SELECT severity, message, fix FROM findings WHERE dataset_id = ? AND record = ? ORDER BY id",
    );
    return this.#database
      .prepare<[number], Row>(
        `SELECT name, usable, rate, length, leads, other_annotations AS otherAnnotations, comments
         FROM records WHERE dataset_id = ? ORDER BY name`,
      )
      .all(id)
      .map((row) => ({
        ...row,
        usable: row.usable === 1,
        leads: parseColumn(textsSchema, row.leads, `the leads of recording ${row.name} of dataset ${id}`),
        comments: parseColumn(textsSchema, row.comments, `the comments of recording ${row.name} of dataset ${id}`),
        beats: Object.fromEntries(beats.all(id, row.name).map(({ symbol, count }) => [symbol, count])),
        findings: findings.all(id, row.name),
      }));
  }

  /** Returns the findings on the whole dataset, not on one recording. */
  findings(id: number): Finding[] {
    return this.#database
      .prepare<[number], Finding>(
        "SELECT severity, message, fix FROM findings WHERE dataset_id = ? AND record IS NULL ORDER BY id",
      )
      .all(id);
  }
}

const SELECT = "SELECT id, name, source, fingerprint, created_at AS createdAt FROM datasets";
