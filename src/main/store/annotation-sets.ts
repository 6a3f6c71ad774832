/** Annotation sets in the database: each set's row, and the columns of its annotations by recording. */
import { z } from "zod";
import type { AnnotationSet } from "../../contract/domain/annotation-sets.ts";
import type { Annotation } from "../../contract/domain/recordings.ts";
import { codeOfSymbol, symbolOfCode } from "../../pipeline/recordings/wfdb/codes.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";

interface SetRow extends Omit<AnnotationSet, "leads"> {
  settings: string;
}

interface ColumnRow {
  samples: Buffer;
  codes: Buffer;
  subtypes: Buffer;
}

const settingsSchema = z.object({ leads: z.array(z.string()) });

export class AnnotationSetStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Stores a set with its annotations, all or nothing; a set of the same name is replaced. */
  replace(set: Omit<AnnotationSet, "id">, byRecord: ReadonlyMap<string, readonly Annotation[]>): number {
    const { leads, ...columns } = set;
    return this.#database.transaction(() => {
      this.remove(set.datasetId, set.name);
      const { lastInsertRowid } = this.#database
        .prepare(
          `INSERT INTO annotation_sets (dataset_id, name, origin, parent, settings, created_at)
           VALUES (@datasetId, @name, @origin, @parent, @settings, @createdAt)`,
        )
        .run({ ...columns, settings: JSON.stringify({ leads }) });
      const add = this.#database.prepare(
        "INSERT INTO annotation_columns (set_id, record, samples, codes, subtypes) VALUES (?, ?, ?, ?, ?)",
      );
      for (const [record, annotations] of byRecord) {
        const { samples, codes, subtypes } = columnsOf(annotations);
        add.run(lastInsertRowid, record, samples, codes, subtypes);
      }
      return Number(lastInsertRowid);
    })();
  }

  /** @returns false if there is no such set */
  remove(dataset: number, name: string): boolean {
    return (
      this.#database.prepare("DELETE FROM annotation_sets WHERE dataset_id = ? AND name = ?").run(dataset, name)
        .changes > 0
    );
  }

  list(dataset: number): AnnotationSet[] {
    return this.#database
      .prepare<[number], SetRow>(
        `SELECT id, dataset_id AS datasetId, name, origin, parent, settings, created_at AS createdAt
         FROM annotation_sets WHERE dataset_id = ? ORDER BY id`,
      )
      .all(dataset)
      .map(({ settings, ...row }) => ({
        ...row,
        ...parseColumn(settingsSchema, settings, `the settings of annotation set ${row.id}`),
      }));
  }

  /** Returns the annotations of a recording in order of time; null: the set has none of it. */
  annotations(set: number, record: string): Annotation[] | null {
    const row = this.#database
      .prepare<[number, string], ColumnRow>(
        "SELECT samples, codes, subtypes FROM annotation_columns WHERE set_id = ? AND record = ?",
      )
      .get(set, record);
    if (row === undefined) return null;
    const { samples, codes, subtypes } = row;
    return Array.from(codes, (code, i) => ({
      sample: samples.readInt32LE(4 * i),
      symbol: symbolOfCode(code),
      subtype: subtypes.readInt8(i),
      channel: 0,
      num: 0,
      aux: "",
    }));
  }
}

function columnsOf(annotations: readonly Annotation[]): ColumnRow {
  const samples = Buffer.alloc(4 * annotations.length);
  const codes = Buffer.alloc(annotations.length);
  const subtypes = Buffer.alloc(annotations.length);
  for (const [i, { sample, symbol, subtype }] of annotations.entries()) {
    const code = codeOfSymbol(symbol);
    if (code === undefined) throw new RangeError(`The symbol ${symbol} has no WFDB code.`);
    samples.writeInt32LE(sample, 4 * i);
    codes[i] = code;
    subtypes.writeInt8(subtype, i);
  }
  return { samples, codes, subtypes };
}
