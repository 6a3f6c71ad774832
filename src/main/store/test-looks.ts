/** Looks at test sets in the database. They stay when their runs are deleted. */
import { preparationSettingsSchema, type PreparationSettings } from "../../contract/domain/preparation.ts";
import type { LookCount, TestLook } from "../../contract/domain/test-looks.ts";
import { trainingSettingsSchema, type TrainingSettings } from "../../contract/domain/training.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";

/** A look with the settings of its run. */
export interface StoredLook extends Omit<TestLook, "changes"> {
  settings: { preparation: PreparationSettings; training: TrainingSettings };
}

interface Row {
  run: number;
  isDeleted: number;
  experimentId: number | null;
  experimentName: string | null;
  at: string;
  network: string;
  preparationId: number;
  preparation: string;
  training: string;
  accuracy: number;
  macroF1: number;
}

/**
 * Stores the evaluation of a run on its test set. A run that is registered again is not counted twice.
 * @param at ISO 8601, UTC
 */
export function addLook(
  database: Connection,
  run: number,
  { at, accuracy, macroF1 }: { at: string; accuracy: number; macroF1: number },
): void {
  database
    .prepare(
      `INSERT OR IGNORE INTO test_looks
       SELECT runs.id, coalesce(summary ->> '$.testSetHash', fingerprint),
         coalesce(preparations.settings ->> '$.testDataset.id', dataset_id) || ' ' || coalesce(summary -> '$.recordsBySet.test', fingerprint), @at, network, preparation_id,
         preparations.settings, runs.settings, @accuracy, @macroF1
       FROM runs JOIN preparations ON preparations.id = preparation_id WHERE runs.id = @run`,
    )
    .run({ run, at, accuracy, macroF1 });
}

export class TestLookStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Returns how often the test set of a run was evaluated; null before its evaluation. */
  count(run: number): LookCount | null {
    return (
      this.#database
        .prepare<[number], LookCount>(
          `SELECT (SELECT count(*) FROM test_looks WHERE test_set = look.test_set) AS looks,
             (SELECT count(*) FROM test_looks WHERE test_set = look.test_set AND (at, run_id) <= (look.at, look.run_id))
               AS position,
             (SELECT count(*) FROM test_looks WHERE recordings = look.recordings AND test_set <> look.test_set)
               AS sameRecordings
           FROM test_looks AS look WHERE run_id = ?`,
        )
        .get(run) ?? null
    );
  }

  /**
   * Returns how often the test set with the most looks was evaluated, of the test sets of some runs; null without any. The
   * position is that of the first of the runs on it. Each test set is counted once: a search has a thousand runs on one.
   */
  mostOf(runs: readonly number[]): LookCount | null {
    return this.#database
      .prepare<[string], { run: number }>(
        `SELECT min(run_id) AS run FROM test_looks WHERE run_id IN (SELECT value FROM json_each(?))
         GROUP BY test_set ORDER BY run`,
      )
      .all(JSON.stringify(runs))
      .map(({ run }) => this.count(run)!)
      .reduce<LookCount | null>((most, count) => (most === null || count.looks > most.looks ? count : most), null);
  }

  /** Returns the looks at the test set of a run, oldest first; none before its evaluation. @throws EctopyError `damaged-file` */
  ofRun(run: number): StoredLook[] {
    return this.#database
      .prepare<[number], Row>(
        `SELECT look.run_id AS run, runs.id IS NULL AS isDeleted, experiments.id AS experimentId,
           experiments.name AS experimentName, at, look.network, look.preparation_id AS preparationId, preparation, training,
           accuracy, macro_f1 AS macroF1
         FROM test_looks AS look
         LEFT JOIN runs ON runs.id = look.run_id
         LEFT JOIN experiment_runs ON experiment_runs.run_id = look.run_id
         LEFT JOIN experiments ON experiments.id = experiment_id
         WHERE test_set = (SELECT test_set FROM test_looks WHERE run_id = ?) ORDER BY at, look.run_id`,
      )
      .all(run)
      .map((row) => ({
        run: row.run,
        isDeleted: row.isDeleted === 1,
        experiment:
          row.experimentId === null || row.experimentName === null
            ? null
            : { id: row.experimentId, name: row.experimentName },
        at: row.at,
        network: row.network,
        preparation: row.preparationId,
        settings: {
          preparation: parseColumn(preparationSettingsSchema, row.preparation, `the preparation of look ${row.run}`),
          training: parseColumn(trainingSettingsSchema, row.training, `the training settings of look ${row.run}`),
        },
        accuracy: row.accuracy,
        macroF1: row.macroF1,
      }));
  }
}
