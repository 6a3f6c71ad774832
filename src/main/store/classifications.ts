/** Classification in the database: recordings of an unfinished annotation set, and references of runs. */
import { z } from "zod";
import type { NoveltyReference } from "../../pipeline/evaluation/novelty.ts";
import { bytesOf, ownBytes } from "./blob-bytes.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";

/** Result of one recording, a value for each beat that has a class, in order of time. */
export interface ClassifiedBeats {
  /** R-peaks, in samples of the recording. */
  samples: Uint32Array;
  /** Number of the predicted class. */
  classes: Uint8Array;
  /** Its calibrated probability. */
  probabilities: Float32Array;
  /** 1: unlike all training beats. */
  unlike: Uint8Array;
  /** Names of the leads that were read. */
  leads: string[];
}

interface DraftRow {
  record: string;
  leads: string;
  samples: Buffer;
  classes: Buffer;
  probabilities: Buffer;
  unlike: Buffer;
}

const leadsSchema = z.array(z.string());

export class ClassificationStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Stores the result of a recording. @param key of all that it depends on */
  addDraft(key: string, dataset: number, record: string, beats: ClassifiedBeats): void {
    const { leads, samples, classes, probabilities, unlike } = beats;
    this.#database
      .prepare("INSERT OR REPLACE INTO classification_drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .run(...[key, dataset, record, JSON.stringify(leads)], ...[samples, classes, probabilities, unlike].map(bytesOf));
  }

  /** Returns the results of an interrupted classification, by recording. */
  drafts(key: string): Map<string, ClassifiedBeats> {
    const rows = this.#database
      .prepare<[string], DraftRow>(
        "SELECT record, leads, samples, classes, probabilities, unlike FROM classification_drafts WHERE key = ?",
      )
      .all(key);
    return new Map(
      rows.map(({ record, leads, samples, classes, probabilities, unlike }) => [
        record,
        {
          samples: new Uint32Array(ownBytes(samples)),
          classes: new Uint8Array(ownBytes(classes)),
          probabilities: new Float32Array(ownBytes(probabilities)),
          unlike: new Uint8Array(ownBytes(unlike)),
          leads: parseColumn(leadsSchema, leads, `the leads of recording ${record}`),
        },
      ]),
    );
  }

  /** Removes the drafts of a dataset: one classification of it is continued at most. */
  removeDrafts(dataset: number, except = ""): void {
    this.#database.prepare("DELETE FROM classification_drafts WHERE dataset_id = ? AND key <> ?").run(dataset, except);
  }

  /** @param member index of the network in an ensemble; 0 of other runs */
  reference(run: number, member: number): NoveltyReference | null {
    const row = this.#database
      .prepare<[number, number], { means: Buffer; whitening: Buffer; threshold: number }>(
        "SELECT means, whitening, threshold FROM run_references WHERE run_id = ? AND member = ?",
      )
      .get(run, member);
    if (row === undefined) return null;
    const { means, whitening, threshold } = row;
    return {
      means: new Float32Array(ownBytes(means)),
      whitening: new Float32Array(ownBytes(whitening)),
      threshold,
    };
  }

  setReference(run: number, member: number, { means, whitening, threshold }: NoveltyReference): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO run_references VALUES (?, ?, ?, ?, ?)")
      .run(run, member, bytesOf(means), bytesOf(whitening), threshold);
  }
}
