/** Overview of all runs for the table, from one query, so that ten thousand runs are listed without a delay. */
import { SAMPLE } from "../../contract/domain/datasets.ts";
import { classMapNames, type ClassMapTitle } from "../../contract/domain/class-maps.ts";
import { testKey } from "../../contract/domain/comparison.ts";
import type { Protocol } from "../../contract/domain/preparation.ts";
import type { ClassMetricTable, RunOverview } from "../../contract/domain/runs.ts";
import { trainingSettingsSchema, type RunStatus } from "../../contract/domain/training.ts";
import type { Connection } from "./database.ts";
import { parseColumn, parseNullableColumn } from "./json-column.ts";
import { deviceSchema, errorSchema, textsSchema } from "./stored-schemas.ts";

interface Row {
  id: number;
  status: RunStatus;
  settings: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  error: string | null;
  device: string | null;
  preparationId: number;
  preparationName: string;
  protocol: Protocol;
  /** A built-in map's name, or a custom class map as JSON. */
  classMap: string;
  testSetHash: string | null;
  fingerprint: string;
  datasetId: number;
  datasetName: string;
  source: string;
  epochs: number;
  bestEpoch: number | null;
  trainableParameters: number | null;
  seconds: number | null;
  loss: number | null;
  accuracy: number | null;
  macroF1: number | null;
  weightedF1: number | null;
  name: string | null;
  notes: string | null;
  tags: string | null;
  machine: string | null;
}

export class RunOverviewStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Returns all runs that are not in the bin, newest first. @throws EctopyError `damaged-file` */
  list(): RunOverview[] {
    return this.#database.prepare<[], Row>(`${SELECT} ORDER BY runs.id DESC`).all().map(fromRow);
  }

  /** Returns a run; undefined if there is none, or it is in the bin. @throws EctopyError `damaged-file` */
  find(run: number): RunOverview | undefined {
    const row = this.#database.prepare<[number], Row>(`${SELECT} AND runs.id = ?`).get(run);
    return row && fromRow(row);
  }

  /** Returns the metrics of each class on the test set, of the runs of {@link list}. */
  classMetrics(): ClassMetricTable {
    const rows = this.#database.prepare<[], ClassRow>(SELECT_CLASSES).raw().all();
    const numbers = new Map<string, number>();
    const numberOf = (label: string): number => {
      const known = numbers.get(label);
      if (known !== undefined) return known;
      numbers.set(label, numbers.size);
      return numbers.size - 1;
    };
    return {
      run: Int32Array.from(rows, ([run]) => run),
      label: Uint16Array.from(rows, ([, label]) => numberOf(label)),
      sensitivity: Float64Array.from(rows, ([, , sensitivity, , , support]) => (support === 0 ? NaN : sensitivity)),
      ppv: Float64Array.from(rows, ([, , , ppv]) => ppv),
      f1: Float64Array.from(rows, ([, , , , f1]) => f1),
      labels: [...numbers.keys()],
    };
  }
}

type ClassRow = [run: number, label: string, sensitivity: number, ppv: number, f1: number, support: number];

const SELECT_CLASSES = `
  SELECT run_id, label, sensitivity, ppv, f1, support FROM class_metrics
  WHERE beat_set = 'test' AND run_id NOT IN (SELECT id FROM removed WHERE kind = 'runs')
  ORDER BY run_id DESC, class`;

/** Each preparation's JSON is read once, not once for each of its runs. */
const SELECT = `
  WITH prepared AS MATERIALIZED (
    SELECT id, name, dataset_id, fingerprint, settings ->> '$.protocol' AS protocol, settings ->> '$.classMap' AS classMap,
      summary ->> '$.testSetHash' AS testSetHash
    FROM preparations
  )
  SELECT runs.id, runs.status, runs.settings, runs.created_at AS createdAt, started_at AS startedAt,
    finished_at AS finishedAt, error, device, preparation_id AS preparationId, prepared.name AS preparationName,
    protocol, classMap, testSetHash, prepared.fingerprint,
    datasets.id AS datasetId, datasets.name AS datasetName, source,
    (SELECT count(*) FROM epochs WHERE run_id = runs.id) AS epochs, best_epoch AS bestEpoch,
    trainable_parameters AS trainableParameters, runs.seconds, loss, accuracy, macro_f1 AS macroF1,
    weighted_f1 AS weightedF1, run_remarks.name, notes, tags, host AS machine
  FROM runs
  JOIN prepared ON prepared.id = preparation_id
  JOIN datasets ON datasets.id = prepared.dataset_id
  LEFT JOIN evaluations ON evaluations.run_id = runs.id AND beat_set = 'test'
  LEFT JOIN run_remarks ON run_remarks.run_id = runs.id
  LEFT JOIN run_machines ON run_machines.run_id = runs.id
  WHERE runs.id NOT IN (SELECT id FROM removed WHERE kind = 'runs')`;

function fromRow(row: Row): RunOverview {
  const { loss, accuracy, macroF1, weightedF1 } = row;
  return {
    id: row.id,
    status: row.status,
    settings: parseColumn(trainingSettingsSchema, row.settings, `the settings of run ${row.id}`),
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    error: parseNullableColumn(errorSchema, row.error, `the error of run ${row.id}`),
    device: parseNullableColumn(deviceSchema, row.device, `the device of run ${row.id}`),
    machine: row.machine,
    preparation: {
      id: row.preparationId,
      name: row.preparationName,
      protocol: row.protocol,
      classMap: titleOf(row.classMap),
    },
    testKey: testKey({
      datasetId: row.datasetId,
      settings: { protocol: row.protocol },
      summary: { testSetHash: row.testSetHash ?? undefined },
      fingerprint: row.fingerprint,
    }),
    dataset: { id: row.datasetId, name: row.datasetName, synthetic: row.source === SAMPLE },
    epochs: row.epochs,
    bestEpoch: row.bestEpoch,
    trainableParameters: row.trainableParameters,
    seconds: row.seconds,
    test:
      loss === null || accuracy === null || macroF1 === null || weightedF1 === null
        ? null
        : { loss, accuracy, macroF1, weightedF1 },
    name: row.name ?? "",
    notes: row.notes ?? "",
    tags: parseNullableColumn(textsSchema, row.tags, `the tags of run ${row.id}`) ?? [],
  };
}

function titleOf(classMap: string): ClassMapTitle {
  return classMapNames.find((name) => name === classMap) ?? "custom";
}
