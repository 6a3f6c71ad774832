/** Choices of reviewers about the extremes of reports, in the database. */
import type { ChoiceAction, Place, StripChoice } from "../../contract/domain/recording-report-choices.ts";
import type { ExtremeKind } from "../../contract/domain/recording-report.ts";
import type { Connection } from "./database.ts";

/** A recording, and the annotation set of its report. */
export interface ReportedRecording {
  dataset: number;
  record: string;
  /** Number of a stored set, or an imported annotator. */
  set: number | string;
}

interface Row {
  kind: ExtremeKind;
  action: ChoiceAction;
  from: number;
  to: number;
  reason: string;
  reviewer: string;
  createdAt: string;
}

const OF_RECORDING = "dataset_id = @dataset AND record = @record AND set_id IS @setId AND annotator IS @annotator";

export class StripChoiceStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Returns the choices of a recording by a set, oldest first. */
  of(recording: ReportedRecording): StripChoice[] {
    return this.#database
      .prepare<[object], Row>(
        `SELECT kind, action, from_sample AS "from", to_sample AS "to", reason, reviewer, created_at AS createdAt
         FROM strip_choices WHERE ${OF_RECORDING} ORDER BY id`,
      )
      .all(columnsOf(recording));
  }

  add(recording: ReportedRecording, choice: StripChoice): void {
    this.#database
      .prepare(
        `INSERT INTO strip_choices
           (dataset_id, record, set_id, annotator, kind, action, from_sample, to_sample, reason, reviewer, created_at)
         VALUES (@dataset, @record, @setId, @annotator, @kind, @action, @from, @to, @reason, @reviewer, @createdAt)`,
      )
      .run({ ...columnsOf(recording), ...choice });
  }

  /** Removes the choice that overruled a place. @returns false if there is none */
  removeOverruled(recording: ReportedRecording, kind: ExtremeKind, { from, to }: Place): boolean {
    const { changes } = this.#database
      .prepare(
        `DELETE FROM strip_choices
         WHERE ${OF_RECORDING} AND kind = @kind AND action = 'overruled' AND from_sample = @from AND to_sample = @to`,
      )
      .run({ ...columnsOf(recording), kind, from, to });
    return changes > 0;
  }

  /** Removes the choice of a place to show. */
  removeChosen(recording: ReportedRecording, kind: ExtremeKind): void {
    this.#database
      .prepare(`DELETE FROM strip_choices WHERE ${OF_RECORDING} AND kind = @kind AND action = 'chosen'`)
      .run({ ...columnsOf(recording), kind });
  }
}

function columnsOf({ dataset, record, set }: ReportedRecording): object {
  return typeof set === "number"
    ? { dataset, record, setId: set, annotator: null }
    : { dataset, record, setId: null, annotator: set };
}
