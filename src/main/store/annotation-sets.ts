/**
 * Annotation sets in the database: each set's row, and the columns of its annotations by recording. The columns of a reviewed set are
 * those of its parent: its annotations are these with the edits of its log.
 */
import { z } from "zod";
import type {
  AnnotationSet,
  SetAnnotation,
  SetColumns,
  SetRecordCounts,
} from "../../contract/domain/annotation-sets.ts";
import { countSymbols, fromColumns, toColumns } from "../../pipeline/recordings/annotation-columns.ts";
import { applyChanges, type Label } from "../../contract/domain/labels.ts";
import { columnsOfLabels, labelsOfColumns } from "../../pipeline/review/label-columns.ts";
import { replayLog } from "../../pipeline/review/replay-log.ts";
import { ReviewLogStore } from "./review-log.ts";
import { bytesOf, ownBytes } from "./blob-bytes.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";

interface SetRow extends Omit<AnnotationSet, "leads" | "runs" | "threshold"> {
  settings: string;
}

interface ColumnRow {
  samples: Buffer;
  codes: Buffer;
  subtypes: Buffer;
  probabilities: Buffer | null;
  flags: Buffer | null;
  texts: string;
}

/** Sets of earlier versions have no runs. */
const settingsSchema = z.object({
  leads: z.array(z.string()),
  runs: z.array(z.int()).default([]),
  threshold: z.number().exactOptional(),
});
const textsSchema = z.record(z.string(), z.string());
const symbolsSchema = z.record(z.string(), z.int());

const SELECT_SET = `SELECT id, dataset_id AS datasetId, name, origin, parent, settings, created_at AS createdAt
  FROM annotation_sets`;

function setOf({ settings, ...row }: SetRow): AnnotationSet {
  return { ...row, ...parseColumn(settingsSchema, settings, `the settings of annotation set ${row.id}`) };
}

export class AnnotationSetStore {
  readonly #database: Connection;
  readonly #log: ReviewLogStore;

  constructor(database: Connection) {
    this.#database = database;
    this.#log = new ReviewLogStore(database);
  }

  /** Stores a set with its annotations in order of time, all or nothing; a set of the same name is replaced. */
  replace(set: Omit<AnnotationSet, "id">, byRecord: ReadonlyMap<string, readonly SetAnnotation[]>): number {
    return this.#database.transaction(() => {
      this.remove(set.datasetId, set.name);
      const id = this.add(set);
      for (const [record, annotations] of byRecord) this.replaceRecord(id, record, toColumns(annotations));
      return id;
    })();
  }

  /** Adds a set without annotations. @returns its number */
  add({ leads, runs, threshold, ...columns }: Omit<AnnotationSet, "id">): number {
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO annotation_sets (dataset_id, name, origin, parent, settings, created_at)
         VALUES (@datasetId, @name, @origin, @parent, @settings, @createdAt)`,
      )
      .run({ ...columns, settings: JSON.stringify({ leads, runs, threshold }) });
    return Number(lastInsertRowid);
  }

  /** Stores the annotations of one recording of a set, in place of those that it has. */
  replaceRecord(set: number, record: string, columns: SetColumns): void {
    const { samples, codes, subtypes, probabilities, flags, texts } = columns;
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO annotation_columns
           (set_id, record, samples, codes, subtypes, probabilities, flags, texts, symbols)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        set,
        record,
        bytesOf(samples),
        bytesOf(codes),
        bytesOf(subtypes),
        probabilities && bytesOf(probabilities),
        flags && bytesOf(flags),
        JSON.stringify(texts),
        JSON.stringify(countSymbols(codes)),
      );
  }

  /** @returns false if there is no such set */
  remove(dataset: number, name: string): boolean {
    return (
      this.#database.prepare("DELETE FROM annotation_sets WHERE dataset_id = ? AND name = ?").run(dataset, name)
        .changes > 0
    );
  }

  /** Returns the sets of a dataset that are not in the bin, in the order of their making. */
  list(dataset: number): AnnotationSet[] {
    return this.#database
      .prepare<[number], SetRow>(
        `${SELECT_SET} WHERE dataset_id = ?
           AND id NOT IN (SELECT id FROM removed WHERE kind = 'annotationSets') ORDER BY id`,
      )
      .all(dataset)
      .map(setOf);
  }

  /** Returns a set by its number, also one in the bin. */
  get(id: number): AnnotationSet | undefined {
    const row = this.#database.prepare<[number], SetRow>(`${SELECT_SET} WHERE id = ?`).get(id);
    return row && setOf(row);
  }

  /** Names a set. Call it only with a name that no other set of the dataset has. */
  rename(id: number, name: string): void {
    this.#database.prepare("UPDATE annotation_sets SET name = ? WHERE id = ?").run(name, id);
  }

  find(dataset: number, name: string): AnnotationSet | undefined {
    return this.list(dataset).find((set) => set.name === name);
  }

  /** Returns the annotations of each recording by symbol, without reading the annotations. */
  counts(set: number): SetRecordCounts[] {
    const edited = new Set(this.#log.counts(set).map(({ record }) => record));
    return this.#database
      .prepare<[number], { record: string; symbols: string | null; codes: Buffer | null }>(
        `SELECT record, symbols, CASE WHEN symbols IS NULL THEN codes END AS codes
         FROM annotation_columns WHERE set_id = ?`,
      )
      .all(set)
      .map(({ record, symbols, codes }) => ({
        record,
        symbols: edited.has(record)
          ? countSymbols(this.columns(set, record)!.codes)
          : symbols === null
            ? countSymbols(codes ?? new Uint8Array())
            : parseColumn(symbolsSchema, symbols, `the counts of annotation set ${set}`),
      }));
  }

  /** Returns the annotations of a recording as columns, in order of time; null: the set has none of it. */
  columns(set: number, record: string): SetColumns | null {
    const stored = this.storedColumns(set, record);
    const entries = stored === null ? [] : this.#log.entries(set, record);
    if (stored === null || entries.length === 0) return stored;
    return columnsOfLabels(applyChanges(labelsOfColumns(stored), replayLog(entries).changes));
  }

  /**
   * Returns the labels of a recording in a set, in order of time; null: the set has none of it.
   * @param lastEdit last entry of the review's log that counts
   */
  labelsAt(set: number, record: string, lastEdit = Infinity): Label[] | null {
    const stored = this.storedColumns(set, record);
    if (stored === null) return null;
    const entries = this.#log.entries(set, record).filter(({ id }) => id <= lastEdit);
    return applyChanges(labelsOfColumns(stored), replayLog(entries).changes);
  }

  /** Returns the columns of a recording without the edits of a review; null: the set has none of it. */
  storedColumns(set: number, record: string): SetColumns | null {
    const row = this.#database
      .prepare<[number, string], ColumnRow>(
        `SELECT samples, codes, subtypes, probabilities, flags, texts
         FROM annotation_columns WHERE set_id = ? AND record = ?`,
      )
      .get(set, record);
    if (row === undefined) return null;
    const { samples, codes, subtypes, probabilities, flags, texts } = row;
    return {
      samples: new Int32Array(ownBytes(samples)),
      codes: new Uint8Array(ownBytes(codes)),
      subtypes: new Int8Array(ownBytes(subtypes)),
      probabilities: probabilities && new Float32Array(ownBytes(probabilities)),
      flags: flags && new Uint8Array(ownBytes(flags)),
      texts: parseColumn(textsSchema, texts, `the texts of annotation set ${set}`),
    };
  }

  /** Returns the annotations of a recording in order of time; null: the set has none of it. */
  annotations(set: number, record: string): SetAnnotation[] | null {
    const columns = this.columns(set, record);
    return columns && fromColumns(columns);
  }
}
