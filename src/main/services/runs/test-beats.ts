/** Beats of a run's test set with their predictions: the way from a metric back to the recordings. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BeatPlace, BeatQuery, TestedBeat, TestedBeats } from "../../../contract/domain/comparison.ts";
import type { SetColumns } from "../../../contract/domain/annotation-sets.ts";
import type { RecordIdentity } from "../../../contract/domain/dataset-records.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { testDatasetOf, windowLengthOf, type Preparation } from "../../../contract/domain/preparation.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { predictedClasses } from "../../../pipeline/evaluation/confusion.ts";
import { patientsOf } from "../../../pipeline/beats/patients.ts";
import type { TestedRecordings } from "../../../pipeline/evaluation/by-patient.ts";
import { interpolateBeat } from "../../../pipeline/beats/smote.ts";
import { toColumns } from "../../../pipeline/recordings/annotation-columns.ts";
import type { Workspace } from "../../store/workspace.ts";
import { PreparationFiles } from "../preparations/preparation-files.ts";
import { finishedRun } from "./results.ts";

/** Predictions of a run on one of its sets, in the order of the set. */
export interface TestPredictions {
  classes: number;
  truth: Uint8Array;
  predicted: Uint8Array;
  /** Beats × classes. */
  probabilities: Float32Array;
}

/** Runs whose predictions stay in memory: a comparison reads them repeatedly. */
const MAX_CACHED_RUNS = 8;

export class TestBeatService {
  readonly #workspace: Workspace;
  readonly #kept = new Map<string, TestPredictions>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * Returns the predictions on the test set, or on the validation set.
   * @throws EctopyError `nothing-usable` where the run has no result, or was stored before predictions on the validation set
   *   were; `damaged-file`
   */
  predictions(details: RunDetails, set: "validation" | "test" = "test"): TestPredictions {
    const key = `${details.run.id} ${set}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const { run, preparation } = finishedRun(details, "Choose a run that has been trained and tested.");
    const classes = preparation.summary.labels.length;
    const prepared = this.#prepared(preparation.id);
    const classOf = prepared.array("classes.u8");
    const truth = Uint8Array.from(prepared.array(`${set}.u32`), (example) => classOf[example]);
    const folder = this.#workspace.path("runs", run.id);
    const subject = { kind: "runs", id: run.id } as const;
    const name = `${set}-probabilities.f32`;
    if (set === "validation" && !existsSync(join(folder, name))) {
      const message = `Run ${run.id} has no stored predictions on its validation set: an earlier version trained it.`;
      throw new EctopyError("nothing-usable", message, "Train it again with the same settings.", { subject });
    }
    const probabilities = new PreparationFiles(folder, subject).floats(name);
    if (probabilities.length !== truth.length * classes) {
      const message = `The predictions in ${folder} do not fit the run's preparation.`;
      throw new EctopyError("damaged-file", message, "Train it again.", { subject });
    }
    const predictions = { classes, truth, predicted: predictedClasses(probabilities, classes), probabilities };
    this.#kept.set(key, predictions);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_CACHED_RUNS) this.#kept.delete(oldest);
    return predictions;
  }

  /**
   * Returns true and predicted classes in the order of the beats: by recording and time. The order is the same for every preparation
   * with these test beats, and so are the numbers of the classes, which follow the labels.
   * @throws EctopyError as {@link predictions}
   */
  inOrder(details: RunDetails): Pick<TestPredictions, "truth" | "predicted"> {
    const { truth, predicted } = this.predictions(details);
    const prepared = this.#prepared(details.preparation.id);
    const { records, beats: realCount } = prepared.describe();
    const [record, sample] = [prepared.array("beat-record.u32"), prepared.array("beat-sample.u32")];
    const examples = prepared.array("test.u32");
    const order = [...examples.keys()].sort((i, j) => {
      const [a, b] = [examples[i], examples[j]];
      // Synthetic beats come last, in their own order: such test sets are compared within one preparation only.
      if (a >= realCount || b >= realCount) return a - b;
      const [one, other] = [records[record[a]], records[record[b]]];
      return one === other ? sample[a] - sample[b] : one < other ? -1 : 1;
    });
    return {
      truth: Uint8Array.from(order, (i) => truth[i]),
      predicted: Uint8Array.from(order, (i) => predicted[i]),
    };
  }

  /** @throws EctopyError `nothing-usable`, `damaged-file` */
  find(details: RunDetails, query: BeatQuery): TestedBeats {
    const { preparation } = details;
    const { classes, truth, predicted, probabilities } = this.predictions(details);
    const prepared = this.#prepared(preparation.id);
    const examples = prepared.array("test.u32");
    const confidence = (i: number): number => probabilities[i * classes + predicted[i]];
    const windowLength = windowLengthOf(preparation.settings);
    const rateOf = this.#ratesOf(testDatasetOf(preparation));
    const origins = originsIn(prepared, windowLength, rateOf);
    const numbers = [...truth.keys()].filter(
      (i) =>
        (query.truth ?? truth[i]) === truth[i] &&
        (query.predicted ?? predicted[i]) === predicted[i] &&
        (query.errors !== true || truth[i] !== predicted[i]) &&
        (query.record === undefined || origins.origin(examples[i]).record === query.record),
    );
    // Beats are numbered by record and time, synthetic ones after them: the part's own order is one of chance.
    if (query.order === "record") numbers.sort((a, b) => examples[a] - examples[b]);
    else if (query.order === "most-confident") numbers.sort((a, b) => confidence(b) - confidence(a));
    else numbers.sort((a, b) => confidence(a) - confidence(b));
    const { every = 1, from, count } = query;
    const shown = numbers.filter((_, i) => i % every === 0).slice(from, from + count);
    const values = new Float32Array(shown.length * windowLength);
    shown.forEach((i, row) => origins.read(examples[i], values, row * windowLength));
    return {
      total: numbers.length,
      rate: preparation.settings.rate ?? rateOf(prepared.describe().records[0]),
      beats: shown.map((i) => ({
        ...origins.origin(examples[i]),
        number: i,
        truth: truth[i],
        predicted: predicted[i],
        confidence: confidence(i),
        probabilityOfTruth: probabilities[i * classes + truth[i]],
      })),
      windowLength,
      values,
    };
  }

  /**
   * Returns the test beats with their recordings and patients; null where test beats are synthetic, or rows of a table.
   * @throws EctopyError as {@link predictions}
   */
  testedRecordings(details: RunDetails): TestedRecordings | null {
    if (details.preparation.settings.rowSamples !== undefined) return null;
    const { truth, predicted, probabilities } = this.predictions(details);
    const prepared = this.#prepared(details.preparation.id);
    const { records, beats: realCount } = prepared.describe();
    const examples = prepared.array("test.u32");
    if (examples.some((example) => example >= realCount)) return null;
    const recordOf = prepared.array("beat-record.u32");
    return {
      labels: details.preparation.summary.labels,
      records,
      patients: patientsOf(this.#identities(details.preparation, records)),
      truth,
      predicted,
      probabilities,
      record: examples.map((example) => recordOf[example]),
    };
  }

  /**
   * Returns the predicted beats of each test recording as columns of an annotation set, in order of time.
   * @param symbols annotation symbol of each class
   * @throws EctopyError as {@link predictions}
   */
  predictedSets(details: RunDetails, symbols: readonly string[]): ReadonlyMap<string, SetColumns> {
    const { predicted } = this.predictions(details);
    const origins = this.origins(details).map(({ record, sample }, i) => ({
      ...{ record, sample, symbol: symbols[predicted[i]] },
      ...{ subtype: 0, channel: 0, num: 0, aux: "" },
    }));
    return new Map(
      [...Map.groupBy(origins, ({ record }) => record)].map(([record, beats]) => {
        const inOrder = beats.sort((a, b) => a.sample - b.sample);
        return [record, toColumns(inOrder)];
      }),
    );
  }

  /**
   * Returns the duration that the test beats are of, in hours: that of their recordings, each by the share of its beats
   * that are in the test set; null where test beats are synthetic.
   */
  testedHours({ preparation }: RunDetails): number | null {
    const prepared = this.#prepared(preparation.id);
    const { records, beats: realCount } = prepared.describe();
    const examples = prepared.array("test.u32");
    if (examples.some((example) => example >= realCount)) return null;
    const recordOf = prepared.array("beat-record.u32");
    const [all, tested] = [new Uint32Array(records.length), new Uint32Array(records.length)];
    for (const record of recordOf) all[record]++;
    for (const example of examples) tested[recordOf[example]]++;
    const seconds = new Map(
      this.#workspace.datasets
        .records(testDatasetOf(preparation))
        .map(({ name, length, rate }) => [name, length / rate]),
    );
    return records.reduce(
      (sum, name, i) => sum + (all[i] === 0 ? 0 : ((seconds.get(name) ?? 0) * tested[i]) / all[i] / 3600),
      0,
    );
  }

  /** Returns the recordings with the patients that the preparation was made with; of a test dataset, with those of today. */
  #identities(preparation: Preparation, names: readonly string[]): RecordIdentity[] {
    const { datasets, preparations } = this.#workspace;
    const { id, datasetId, settings } = preparation;
    const version = settings.testDataset === undefined ? preparations.datasetVersion(id) : undefined;
    const of = settings.testDataset?.id ?? datasetId;
    const stored = new Map(datasets.records(of, version).map((record) => [record.name, record]));
    return names.map((name) => stored.get(name) ?? { name, patient: null, knownAs: null });
  }

  /** Returns the origin of each beat of the test set, in the order of the set. @throws EctopyError `damaged-file` */
  origins({ preparation }: RunDetails): BeatOrigin[] {
    const prepared = this.#prepared(preparation.id);
    const origins = originsIn(
      prepared,
      windowLengthOf(preparation.settings),
      this.#ratesOf(testDatasetOf(preparation)),
    );
    return Array.from(prepared.array("test.u32"), (example) => origins.origin(example));
  }

  /** Returns a function that gives the sampling rate of a recording in Hz; 0: the dataset lacks it. */
  #ratesOf(dataset: number): (record: string) => number {
    const rates = new Map(this.#workspace.datasets.records(dataset).map(({ name, rate }) => [name, rate]));
    return (record) => rates.get(record) ?? 0;
  }

  #prepared(id: number): PreparationFiles {
    return new PreparationFiles(this.#workspace.path("preparations", id), { kind: "preparations", id });
  }
}

/** Origin of a beat of the test set. */
export type BeatOrigin = Pick<TestedBeat, "record" | "sample" | "rate" | "towards">;

interface Origins {
  origin(example: number): BeatOrigin;
  /** Writes the beat as it was classified: its first channel. */
  read(example: number, into: Float32Array, offset: number): void;
}

function originsIn(prepared: PreparationFiles, length: number, rateOf: (record: string) => number): Origins {
  const { records, beats: realCount, channels = 1 } = prepared.describe();
  const [record, sample] = [prepared.array("beat-record.u32"), prepared.array("beat-sample.u32")];
  const recipe = {
    base: prepared.array("recipe-base.u32"),
    neighbour: prepared.array("recipe-neighbour.u32"),
    lambda: prepared.array("recipe-lambda.f32"),
  };
  const rates = records.map(rateOf);
  const placeOf = (beat: number): BeatPlace => {
    const number = record[beat];
    return { record: records[number], sample: sample[beat], rate: rates[number] };
  };
  return {
    origin: (example) => {
      if (example < realCount) return { ...placeOf(example), towards: null };
      const row = example - realCount;
      const towards = { ...placeOf(recipe.neighbour[row]), way: recipe.lambda[row] };
      return { ...placeOf(recipe.base[row]), towards };
    },
    read: (example, into, offset) => {
      if (example < realCount) {
        // The first channel stands for the beat; channels come last.
        const row = prepared.rows("beats.f32", [example], length * channels);
        for (let i = 0; i < length; i++) into[offset + i] = row[i * channels];
        return;
      }
      const row = example - realCount;
      const pair = prepared.rows("beats.f32", [recipe.base[row], recipe.neighbour[row]], length);
      const own = {
        base: Uint32Array.of(0),
        neighbour: Uint32Array.of(1),
        lambda: Float32Array.of(recipe.lambda[row]),
      };
      interpolateBeat(pair, own, 0, into.subarray(offset, offset + length));
    },
  };
}
