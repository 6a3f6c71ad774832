/** Runs in the database: their state, training curves and evaluations. */
import type { ErrorReport } from "../../contract/domain/errors.ts";
import type { StoredItem } from "../../contract/domain/integrity.ts";
import type { ClassMetrics, ConfusionMatrix, Evaluation } from "../../contract/domain/evaluation.ts";
import {
  trainingSettingsSchema,
  type DeviceInfo,
  type EpochMetrics,
  type RunRecord,
  type RunStatus,
  type StepCurves,
  type TrainingResult,
  type TrainingSettings,
} from "../../contract/domain/training.ts";
import type { Connection } from "./database.ts";
import { parseColumn, parseNullableColumn } from "./json-column.ts";
import { classScoresSchema, deviceSchema, errorSchema } from "./stored-schemas.ts";
import { addLook } from "./test-looks.ts";

type EvaluatedSet = "validation" | "test";

interface Row {
  id: number;
  preparationId: number;
  settings: string;
  status: RunStatus;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  error: string | null;
  device: string | null;
  bestEpoch: number | null;
  stoppedEarly: number | null;
  temperature: number | null;
  trainableParameters: number | null;
  totalParameters: number | null;
  seconds: number | null;
}

export class RunStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Adds a queued run. @returns its number */
  add(run: { preparationId: number; settings: TrainingSettings; createdAt: string }): number {
    const { network } = run.settings;
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO runs (preparation_id, network, settings, status, created_at)
         VALUES (@preparationId, @network, @settings, 'queued', @createdAt)`,
      )
      .run({
        preparationId: run.preparationId,
        network: typeof network === "string" ? network : network.name,
        settings: JSON.stringify(run.settings),
        createdAt: run.createdAt,
      });
    return Number(lastInsertRowid);
  }

  /**
   * Adds a run that was stored before under its number, with its epochs and results. Call it inside a transaction.
   * @param run a run without a result had not ended: it is stored as `interrupted`
   */
  register(id: number, run: Omit<RunRecord, "id">, epochs: readonly EpochMetrics[]): void {
    const { network } = run.settings;
    this.#database
      .prepare(
        `INSERT INTO runs (id, preparation_id, network, settings, status, created_at, started_at, finished_at, error, device)
         VALUES (@id, @preparationId, @network, @settings, @status, @createdAt, @startedAt, @finishedAt, @error, @device)`,
      )
      .run({
        id,
        preparationId: run.preparationId,
        network: typeof network === "string" ? network : network.name,
        settings: JSON.stringify(run.settings),
        status: run.result === null ? "interrupted" : run.status,
        createdAt: run.createdAt,
        startedAt: run.startedAt,
        finishedAt: run.finishedAt,
        error: run.error && JSON.stringify(run.error),
        device: run.device && JSON.stringify(run.device),
      });
    for (const metrics of epochs) this.addEpoch(id, metrics);
    if (run.result !== null) this.finish(id, run.result, run.finishedAt ?? run.createdAt);
  }

  /** Marks a run as running; a resumed run keeps the time of its first start. */
  start(id: number, at: string): void {
    this.#database
      .prepare(
        `UPDATE runs SET status = 'running', started_at = coalesce(started_at, ?), finished_at = NULL, error = NULL
         WHERE id = ?`,
      )
      .run(at, id);
  }

  /** Marks a run that has started as paused or running. */
  setPaused(id: number, paused: boolean): void {
    this.#database
      .prepare("UPDATE runs SET status = ? WHERE id = ? AND status IN ('running', 'paused')")
      .run(paused ? "paused" : "running", id);
  }

  /** Deletes epochs and steps after a checkpoint: they will be trained again. */
  rewind(id: number, { epochs, steps }: { epochs: number; steps: number }): void {
    this.#database.prepare("DELETE FROM epochs WHERE run_id = ? AND epoch > ?").run(id, epochs);
    this.#database.prepare("DELETE FROM step_curves WHERE run_id = ? AND first_step > ?").run(id, steps);
  }

  /** Adds the losses and accuracies of consecutive steps. */
  addSteps(id: number, { firstStep, losses, accuracies }: StepCurves): void {
    this.#database
      .prepare("INSERT INTO step_curves (run_id, first_step, losses, accuracies) VALUES (?, ?, ?, ?)")
      .run(id, firstStep, bytesOf(losses), bytesOf(accuracies));
  }

  /** Returns loss and accuracy of every step, in the order of the steps. */
  steps(id: number): StepCurves {
    const pieces = this.#database
      .prepare<[number], { losses: Buffer; accuracies: Buffer }>(
        "SELECT losses, accuracies FROM step_curves WHERE run_id = ? ORDER BY first_step",
      )
      .all(id);
    return {
      firstStep: 1,
      losses: floatsOf(pieces.map(({ losses }) => losses)),
      accuracies: floatsOf(pieces.map(({ accuracies }) => accuracies)),
    };
  }

  /** Stores the settings again, after their open values have been chosen for the machine. */
  setSettings(id: number, settings: TrainingSettings): void {
    this.#database.prepare("UPDATE runs SET settings = ? WHERE id = ?").run(JSON.stringify(settings), id);
  }

  setDevice(id: number, device: DeviceInfo): void {
    this.#database.prepare("UPDATE runs SET device = ? WHERE id = ?").run(JSON.stringify(device), id);
  }

  addEpoch(id: number, metrics: EpochMetrics): void {
    this.#database
      .prepare(
        `INSERT INTO epochs (run_id, epoch, train_loss, train_accuracy, validation_loss, validation_accuracy,
           validation_macro_f1, validation_f1, learning_rate, seconds, validation_seconds)
         VALUES (@id, @epoch, @trainLoss, @trainAccuracy, @validationLoss, @validationAccuracy, @validationMacroF1,
           @validationF1, @learningRate, @seconds, @validationSeconds)`,
      )
      .run({ id, ...metrics, validationF1: JSON.stringify(metrics.validationF1) });
  }

  /** Stores the end of a run with all its metrics, and counts the look at its test set. Call it inside a transaction. */
  finish(id: number, result: TrainingResult, at: string): void {
    this.#database
      .prepare(
        `UPDATE runs SET status = @status, finished_at = @at, device = @device, best_epoch = @bestEpoch,
           stopped_early = @stoppedEarly, temperature = @temperature, trainable_parameters = @trainable, total_parameters = @total, seconds = @seconds
         WHERE id = @id`,
      )
      .run({
        id,
        at,
        status: result.cancelled ? "cancelled" : "completed",
        device: JSON.stringify(result.device),
        bestEpoch: result.bestEpoch,
        stoppedEarly: result.stoppedEarly ? 1 : 0,
        temperature: result.temperature ?? null,
        trainable: result.parameters.trainable,
        total: result.parameters.total,
        seconds: result.seconds,
      });
    if (result.validation) this.#addEvaluation(id, "validation", result.validation);
    if (result.test) {
      this.#addEvaluation(id, "test", result.test);
      addLook(this.#database, id, { at, accuracy: result.test.accuracy, macroF1: result.test.macroF1 });
    }
  }

  /** Stores the end of a run without a result. */
  end(id: number, status: "failed" | "cancelled", error: ErrorReport | null, at: string): void {
    this.#database
      .prepare("UPDATE runs SET status = ?, error = ?, finished_at = ? WHERE id = ?")
      .run(status, error && JSON.stringify(error), at, id);
  }

  /**
   * Removes a repaired item from the errors of failed runs, so that no page offers the repair again.
   * @param fix what to do about the runs now
   * @returns the numbers of the changed runs
   */
  markRepaired({ kind, id }: StoredItem, fix: string): number[] {
    return this.#database
      .prepare<[string, string, number], { id: number }>(
        `UPDATE runs SET error = json_set(json_remove(error, '$.subject'), '$.fix', ?)
         WHERE error ->> '$.subject.kind' = ? AND error ->> '$.subject.id' = ? RETURNING id`,
      )
      .all(fix, kind, id)
      .map((row) => row.id);
  }

  /**
   * Marks the runs that an ended process left queued or running as interrupted; paused runs, and those that other
   * machines train, remain as they are.
   * @returns the numbers of the marked runs
   */
  markInterrupted(): number[] {
    return this.#database
      .prepare<[], { id: number }>(
        `UPDATE runs SET status = 'interrupted' WHERE status IN ('queued', 'running')
         AND id NOT IN (SELECT run_id FROM cluster_runs) RETURNING id`,
      )
      .all()
      .map(({ id }) => id);
  }

  /** Marks a run that other machines were to train as interrupted: it can be resumed here. */
  interrupt(id: number): void {
    this.#database
      .prepare("UPDATE runs SET status = 'interrupted' WHERE id = ? AND status IN ('queued', 'running')")
      .run(id);
  }

  /** Returns the numbers of all runs with a result: only these have a folder. */
  finishedIds(): number[] {
    return this.#database
      .prepare<[], { id: number }>("SELECT run_id AS id FROM evaluations WHERE beat_set = 'test' ORDER BY run_id")
      .all()
      .map(({ id }) => id);
  }

  has(id: number): boolean {
    return this.#database.prepare("SELECT 1 FROM runs WHERE id = ?").get(id) !== undefined;
  }

  find(id: number): RunRecord | undefined {
    const row = this.#database.prepare<[number], Row>(`${SELECT} WHERE id = ?`).get(id);
    return row && this.#fromRow(row);
  }

  list(): RunRecord[] {
    return this.#database
      .prepare<[], Row>(`${SELECT} ORDER BY id`)
      .all()
      .map((row) => this.#fromRow(row));
  }

  /** Returns the metrics of a run's epochs, in order. */
  epochs(id: number): EpochMetrics[] {
    return this.#database
      .prepare<[number], Omit<EpochMetrics, "validationF1"> & { validationF1: string }>(
        `SELECT epoch, train_loss AS trainLoss, train_accuracy AS trainAccuracy, validation_loss AS validationLoss,
           validation_accuracy AS validationAccuracy, validation_macro_f1 AS validationMacroF1,
           validation_f1 AS validationF1, learning_rate AS learningRate, seconds, validation_seconds AS validationSeconds
         FROM epochs WHERE run_id = ? ORDER BY epoch`,
      )
      .all(id)
      .map((row) => ({
        ...row,
        validationF1: parseColumn(classScoresSchema, row.validationF1, `the F1 of epoch ${row.epoch} of run ${id}`),
      }));
  }

  /** Returns the evaluation on a set; null before the run has ended. */
  evaluation(id: number, set: EvaluatedSet): Evaluation | null {
    const totals = this.#database
      .prepare<[number, string], Omit<Evaluation, "perClass" | "confusion">>(
        "SELECT loss, accuracy, macro_f1 AS macroF1, weighted_f1 AS weightedF1 FROM evaluations WHERE run_id = ? AND beat_set = ?",
      )
      .get(id, set);
    if (!totals) return null;
    const perClass = this.#database
      .prepare<[number, string], ClassMetrics>(
        "SELECT label, ppv, sensitivity, f1, support FROM class_metrics WHERE run_id = ? AND beat_set = ? ORDER BY class",
      )
      .all(id, set);
    const confusion: ConfusionMatrix = perClass.map(() => perClass.map(() => 0));
    for (const cell of this.#database
      .prepare<[number, string], { t: number; p: number; count: number }>(
        "SELECT true_class AS t, predicted_class AS p, count FROM confusions WHERE run_id = ? AND beat_set = ?",
      )
      .iterate(id, set)) {
      confusion[cell.t][cell.p] = cell.count;
    }
    return { ...totals, perClass, confusion };
  }

  #addEvaluation(id: number, set: EvaluatedSet, evaluation: Evaluation): void {
    this.#database
      .prepare(
        "INSERT INTO evaluations (run_id, beat_set, loss, accuracy, macro_f1, weighted_f1) VALUES (?, ?, ?, ?, ?, ?)",
      )
      .run(id, set, evaluation.loss, evaluation.accuracy, evaluation.macroF1, evaluation.weightedF1);
    const addClass = this.#database.prepare(
      `INSERT INTO class_metrics (run_id, beat_set, class, label, ppv, sensitivity, f1, support)
       VALUES (@id, @set, @number, @label, @ppv, @sensitivity, @f1, @support)`,
    );
    evaluation.perClass.forEach((metrics, number) => addClass.run({ id, set, number, ...metrics }));
    const addCell = this.#database.prepare(
      "INSERT INTO confusions (run_id, beat_set, true_class, predicted_class, count) VALUES (?, ?, ?, ?, ?)",
    );
    evaluation.confusion.forEach((row, t) =>
      row.forEach((count, p) => {
        if (count > 0) addCell.run(id, set, t, p, count);
      }),
    );
  }

  #fromRow(row: Row): RunRecord {
    const device = parseNullableColumn(deviceSchema, row.device, `the device of run ${row.id}`);
    return {
      id: row.id,
      preparationId: row.preparationId,
      settings: parseColumn(trainingSettingsSchema, row.settings, `the settings of run ${row.id}`),
      status: row.status,
      createdAt: row.createdAt,
      startedAt: row.startedAt,
      finishedAt: row.finishedAt,
      error: parseNullableColumn(errorSchema, row.error, `the error of run ${row.id}`),
      device,
      result: this.#result(row, device),
    };
  }

  #result(row: Row, device: DeviceInfo | null): TrainingResult | null {
    if (row.bestEpoch === null || device === null) return null;
    const test = this.evaluation(row.id, "test");
    const validation = this.evaluation(row.id, "validation");
    if (!test || !validation) return null;
    return {
      bestEpoch: row.bestEpoch,
      epochs: this.epochs(row.id),
      stoppedEarly: row.stoppedEarly === 1,
      ...(row.temperature === null ? {} : { temperature: row.temperature }),
      cancelled: row.status === "cancelled",
      test,
      validation,
      parameters: { trainable: row.trainableParameters ?? 0, total: row.totalParameters ?? 0 },
      device,
      seconds: row.seconds ?? 0,
    };
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function floatsOf(pieces: readonly Buffer[]): Float32Array {
  // The copy is aligned: a Float32Array must begin at a multiple of 4 bytes.
  return new Float32Array(new Uint8Array(Buffer.concat(pieces)).buffer);
}

const SELECT = `SELECT id, preparation_id AS preparationId, settings, status, created_at AS createdAt,
  started_at AS startedAt, finished_at AS finishedAt, error, device, best_epoch AS bestEpoch,
  stopped_early AS stoppedEarly, temperature, trainable_parameters AS trainableParameters, total_parameters AS totalParameters, seconds
  FROM runs`;
