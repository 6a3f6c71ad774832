/** Compares runs: differences in settings, metrics, and statistical significance. Changes nothing. */
import type { Calibration } from "../../../contract/domain/calibration.ts";
import {
  testKey,
  type EvaluatedMetrics,
  type PairedTest,
  type Repeats,
  type RunComparison,
  type RunCurves,
  type SettingRow,
  type TrainedOnTests,
} from "../../../contract/domain/comparison.ts";
import type { PatientResults, PooledFolds } from "../../../contract/domain/evaluation.ts";
import type { Ec57Record, TestSetEc57 } from "../../../contract/domain/ec57.ts";
import { damageOf, EctopyError } from "../../../contract/domain/errors.ts";
import { testDatasetOf } from "../../../contract/domain/preparation.ts";
import { networkTitle } from "../../../contract/settings/network-presets.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { originText } from "../../../contract/api/model-origin.ts";
import { stepsOf } from "../../../contract/domain/training.ts";
import { mergeTested } from "../../../pipeline/evaluation/by-patient.ts";
import { summarise } from "../../../pipeline/evaluation/ec57/metrics.ts";
import { poolFolds } from "../../../pipeline/evaluation/pooled-folds.ts";
import { classSpreads, spread } from "../../../pipeline/evaluation/spread.ts";
import { mcnemar } from "../../../pipeline/evaluation/mcnemar.ts";
import { testedRecords, trainedRecords } from "../../../pipeline/recordings/identity/run-records.ts";
import { sharedRecordings } from "../../../pipeline/recordings/identity/shared-recordings.ts";
import { entryPoint } from "../../entry-points.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { AveragedSet, ComparisonTasks } from "../../workers/comparison-tasks.ts";
import { WorkerPool } from "../../workers/worker-pool.ts";
import type { FinishedRun, ResultService } from "./results.ts";
import { chosenSettingRows } from "./setting-rows.ts";
import type { TestBeatService } from "./test-beats.ts";
import { planTestSetEc57 } from "./test-set-ec57.ts";

export class ComparisonService {
  readonly #workspace: Workspace;
  readonly #results: ResultService;
  readonly #beats: TestBeatService;
  #pool: WorkerPool<ComparisonTasks> | undefined;

  constructor(workspace: Workspace, { results, beats }: { results: ResultService; beats: TestBeatService }) {
    this.#workspace = workspace;
    this.#results = results;
    this.#beats = beats;
  }

  /** @param ids at least one, each once @throws EctopyError `not-found` */
  compare(ids: readonly number[]): RunComparison {
    const details = ids.map((id) => this.#results.run(id));
    const rows = chosenSettingRows(details);
    return {
      runs: details.map(({ run, preparation, dataset, looks }) => ({
        id: run.id,
        network: networkTitle(run.settings),
        status: run.status,
        dataset: dataset.name,
        preparation: preparation.id,
        testKey: testKey(preparation),
        protocol: preparation.settings.protocol,
        labels: preparation.summary.labels,
        caveats: [...preparation.summary.caveats, ...originText(run.settings)],
        looks,
        bestEpoch: run.result?.bestEpoch ?? null,
        stepsPerEpoch: stepsOf(preparation.summary.totals.train, run.settings),
        seconds: run.result?.seconds ?? null,
        parameters: run.result?.parameters.trainable ?? null,
        test: run.result?.test ?? null,
        validation: run.result?.validation ?? null,
      })),
      differing: rows.filter(({ values }) => !allEqual(values)),
      shared: rows.filter(({ values }) => allEqual(values)).map(({ name, values }) => ({ name, value: values[0] })),
      repeats: repeatsOf(details),
      trainedOnTests: this.#trainedOnTests(details),
      pooled: pooledOf(details, rows),
    };
  }

  /** Compares what trained the runs with the test sets of other datasets. */
  #trainedOnTests(details: readonly RunDetails[]): TrainedOnTests[] {
    const recordsOf = memoised((dataset: number) =>
      this.#results.dataset(dataset).records.filter(({ usable }) => usable),
    );
    // What trained an imported model is compared with its own test set alone, when it is evaluated.
    const trained = details.filter(({ run }) => run.settings.importedFrom === undefined);
    const groups = new Map<string, TrainedOnTests>();
    for (const [sets, tests] of pairsOf(trained, details)) {
      const tested = testedRecords(tests[0].preparation, recordsOf(testDatasetOf(tests[0].preparation)));
      const training = trainedRecords(sets[0].preparation, recordsOf(sets[0].dataset.id));
      const records = sharedRecordings(tested, training);
      if (records.length === 0) continue;
      const numbers = [sets, tests].map((runs) => runs.map(({ run }) => run.id));
      groups.set(JSON.stringify([numbers, records]), { trained: numbers[0], tested: numbers[1], records });
    }
    return [...groups.values()];
  }

  /**
   * Returns ROC and precision–recall curves of each class on the test set.
   * @throws EctopyError `not-found`, `nothing-usable`, `damaged-file`
   */
  async curves(id: number): Promise<RunCurves> {
    const details = this.#results.run(id);
    const { truth, probabilities } = this.#beats.predictions(details);
    const { labels } = details.preparation.summary;
    return { run: id, ...(await this.#worker().run("curves", { probabilities, truth, labels })) };
  }

  /**
   * Returns results by recording and intervals over patients; null where test beats are synthetic, because those belong
   * to two recordings, or rows of a table.
   * @throws EctopyError `not-found`, `nothing-usable`, `damaged-file`
   */
  async byPatient(id: number): Promise<PatientResults | null> {
    const tested = this.#beats.testedRecordings(this.#results.run(id));
    return tested && (await this.#worker().run("byPatient", tested));
  }

  /**
   * Returns results by recording and intervals over patients of several folds of one cross-validation; null where test
   * beats are synthetic, and where the folds are of different recordings or classes.
   * @throws EctopyError `not-found`, `nothing-usable`, `damaged-file`
   */
  async pooledByPatient(ids: readonly number[]): Promise<PatientResults | null> {
    const folds = ids.map((id) => this.#beats.testedRecordings(this.#results.run(id)));
    const tested = mergeTested(folds.filter((fold) => fold !== null));
    return folds.includes(null) || tested === null ? null : this.#worker().run("byPatient", tested);
  }

  /**
   * Returns the calibration of the probabilities on the test set, and the sensitivity of each class at a rate of false
   * positives per hour.
   * @throws EctopyError `not-found`, `nothing-usable`, `damaged-file`
   */
  async calibration(id: number, rate: number): Promise<Calibration> {
    const details = this.#results.run(id);
    const { truth, probabilities } = this.#beats.predictions(details);
    const { labels } = details.preparation.summary;
    const temperature = details.run.result?.temperature ?? null;
    const hours = this.#beats.testedHours(details);
    return this.#worker().run("calibration", { probabilities, truth, labels, temperature, hours, rate });
  }

  /**
   * Compares the predictions on the test recordings with their annotations by EC57; null: `noEc57Text` says why not.
   * @param from start in s; absent: after EC57's learning period, or 0 where no recording is longer
   * @throws EctopyError `not-found`, `nothing-usable`, `damaged-file`
   */
  async ec57(id: number, from?: number): Promise<TestSetEc57 | null> {
    const details = this.#results.run(id);
    const planned = planTestSetEc57(this.#workspace, this.#beats, details, from);
    if (planned === null) return null;
    const { comparisons, ...options } = planned;
    const records: Ec57Record[] = [];
    for (const comparison of comparisons) {
      const compared = await this.#worker()
        .run("annotators", comparison)
        .catch((error: unknown) => {
          throw damageOf({ kind: "datasets", id: testDatasetOf(details.preparation) }, error);
        });
      if (compared !== null) records.push(compared);
    }
    return records.length === 0 ? null : { ...options, ...summarise(records) };
  }

  /**
   * Computes McNemar's test of two runs on the same test beats.
   * @throws EctopyError `invalid-settings` where their test beats differ; `not-found`, `nothing-usable`, `damaged-file`
   */
  paired(one: number, other: number): PairedTest {
    const [a, b] = [this.#results.run(one), this.#results.run(other)];
    if (testKey(a.preparation) !== testKey(b.preparation)) {
      throw new EctopyError(
        "invalid-settings",
        `Runs ${one} and ${other} were tested on different beats.`,
        "A paired test needs two runs with the same dataset, protocol, classes and test beats.",
      );
    }
    const [first, second] = [this.#beats.inOrder(a), this.#beats.inOrder(b)];
    return mcnemar(first.truth, first.predicted, second.predicted);
  }

  /**
   * Evaluates the mean of several runs' probabilities on validation and test set, and fits the temperature.
   * @param runs of one preparation
   * @throws EctopyError `nothing-usable`, `damaged-file`
   */
  async averaged(runs: readonly FinishedRun[]): Promise<ComparisonTasks["ensemble"]["output"]> {
    const of = (set: "validation" | "test"): AveragedSet => {
      const members = runs.map((run) => this.#beats.predictions(run, set));
      return { members: members.map(({ probabilities }) => probabilities), truth: members[0].truth };
    };
    const { labels } = runs[0].preparation.summary;
    return this.#worker().run("ensemble", { validation: of("validation"), test: of("test"), labels });
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  /** One thread: the main thread stays responsive, and other cores are free for work. */
  #worker(): WorkerPool<ComparisonTasks> {
    return (this.#pool ??= new WorkerPool<ComparisonTasks>(entryPoint("comparison-worker"), 1));
  }
}

/** Pairs the runs of one preparation with those of another whose test set is of another dataset than their training set. */
function pairsOf(trained: readonly RunDetails[], tested: readonly RunDetails[]): [RunDetails[], RunDetails[]][] {
  const byPreparation = (runs: readonly RunDetails[]): RunDetails[][] => [
    ...Map.groupBy(runs, ({ preparation }) => preparation.id).values(),
  ];
  return byPreparation(trained).flatMap((sets) =>
    byPreparation(tested)
      .filter(
        ([test]) =>
          test.preparation.id !== sets[0].preparation.id && testDatasetOf(test.preparation) !== sets[0].dataset.id,
      )
      .map((tests): [RunDetails[], RunDetails[]] => [sets, tests]),
  );
}

function memoised<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key)!;
  };
}

function allEqual(values: readonly (string | null)[]): boolean {
  return values.every((value) => value === values[0]);
}

/** Settings in which the folds of one cross-validation differ. */
const foldSettings = new Set(["preparation.fold.number", "training.seed"]);

/** Returns the results over several runs that are folds of one cross-validation, and otherwise trained alike. */
function pooledOf(details: readonly RunDetails[], rows: readonly SettingRow[]): PooledFolds | null {
  const isDivision = rows.every(({ name, values }) => allEqual(values) || foldSettings.has(name));
  if (details.length < 2 || !isDivision) return null;
  const folds = details.flatMap(({ run, preparation: { settings, summary } }) =>
    run.result === null || settings.fold === undefined
      ? []
      : [{ run: run.id, fold: settings.fold, labels: summary.labels, confusion: run.result.test.confusion }],
  );
  return folds.length < details.length ? null : poolFolds(folds);
}

/** Settings in which repeats of a run differ: random numbers alone. */
const randomSettings = new Set(["training.seed"]);

/** Groups repeats, with mean and standard deviation of their metrics on the test set. */
function repeatsOf(details: readonly RunDetails[]): RunComparison["repeats"] {
  const groups = new Map<string, RunDetails[]>();
  for (const each of details) {
    const settings = chosenSettingRows([each]).filter(({ name }) => !randomSettings.has(name));
    const key = JSON.stringify([each.preparation.fingerprint, settings]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => {
    const tests = group.flatMap(({ run }) => (run.result === null ? [] : [run.result.test]));
    return {
      runs: group.map(({ run }) => run.id),
      ...metricSpreads(tests),
      classes: tests.length < 2 ? [] : classSpreads(tests),
    };
  });
}

/** Returns mean and SD of the metrics. */
export function metricSpreads(tests: readonly EvaluatedMetrics[]): Pick<Repeats, keyof EvaluatedMetrics> {
  return {
    accuracy: spread(tests.map(({ accuracy }) => accuracy)),
    macroF1: spread(tests.map(({ macroF1 }) => macroF1)),
    weightedF1: spread(tests.map(({ weightedF1 }) => weightedF1)),
  };
}
