/** Tables of runs for spreadsheets and statistics programs, one file for each table. */
import type { Calibration } from "../../../contract/domain/calibration.ts";
import type { RunCurves } from "../../../contract/domain/comparison.ts";
import type { TestSetEc57 } from "../../../contract/domain/ec57.ts";
import type { ClassPatientIntervals, Evaluation, PatientResults } from "../../../contract/domain/evaluation.ts";
import { networkTitle } from "../../../contract/settings/network-presets.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import type { TrainingResult } from "../../../contract/domain/training.ts";
import { describeClass } from "../../../contract/domain/class-maps.ts";
import { evaluationIntervals } from "../../../pipeline/evaluation/intervals.ts";
import { runIdentity } from "../exports/run-identity.ts";
import { settingRows } from "../runs/setting-rows.ts";
import type { BeatOrigin, TestPredictions } from "../runs/test-beats.ts";
import { float32, type CsvCell } from "../../base/csv.ts";

export interface CsvTable {
  header: string[];
  rows: Iterable<CsvCell[]>;
}

/** Columns by their title, with the value of each row. */
type Columns<Row> = Record<string, (row: Row) => CsvCell>;

function tableOf<Row>(rows: readonly Row[], columns: Columns<Row>): CsvTable {
  const values = Object.values(columns);
  return { header: Object.keys(columns), rows: rows.map((row) => values.map((value) => value(row))) };
}

/** A run to export, with its threshold curves where it has been tested. */
export interface CsvRun extends RunDetails {
  curves: RunCurves | null;
  /** Null before the test, and where test beats are synthetic. */
  patients: PatientResults | null;
  /** Null before the test, and where `noEc57Text` says why. */
  ec57: TestSetEc57 | null;
  /** Null before the test. */
  calibration: Calibration | null;
}

/** Returns one row for each run: origin, metrics, computation and every setting. */
export function runsTable(runs: readonly CsvRun[]): CsvTable {
  const settings = settingRows(runs).filter(({ name }) => name !== "dataset");
  const ofResult =
    (pick: (result: TrainingResult) => CsvCell | undefined) =>
    ({ run }: CsvRun): CsvCell =>
      run.result === null ? null : (pick(run.result) ?? null);
  const ofTest = (pick: (test: Evaluation) => CsvCell) => ofResult(({ test }) => pick(test));
  const described = tableOf(runs, {
    run: ({ run }) => run.id,
    name: ({ remarks }) => remarks.name,
    identity: (details) => runIdentity(details),
    status: ({ run }) => run.status,
    network: ({ run }) => networkTitle(run.settings),
    dataset: ({ dataset }) => dataset.name,
    dataset_fingerprint: ({ dataset }) => dataset.fingerprint,
    preparation: ({ preparation }) => preparation.id,
    preparation_name: ({ preparation }) => preparation.name,
    preparation_fingerprint: ({ preparation }) => preparation.fingerprint,
    created_at: ({ run }) => run.createdAt,
    started_at: ({ run }) => run.startedAt,
    finished_at: ({ run }) => run.finishedAt,
    seconds: ofResult(({ seconds }) => seconds),
    epochs: ofResult(({ epochs }) => epochs.length),
    best_epoch: ofResult(({ bestEpoch }) => bestEpoch),
    stopped_early: ofResult(({ stoppedEarly }) => stoppedEarly),
    trainable_parameters: ofResult(({ parameters }) => parameters.trainable),
    parameters: ofResult(({ parameters }) => parameters.total),
    test_set_evaluations: ({ looks }) => looks?.looks ?? null,
    test_set_evaluation: ({ looks }) => looks?.position ?? null,
    same_recordings_evaluations: ({ looks }) => looks?.sameRecordings ?? null,
    test_beats: ofTest(({ confusion }) => evaluationIntervals(confusion).beats),
    test_loss: ofTest(({ loss }) => loss),
    test_accuracy: ofTest(({ accuracy }) => accuracy),
    test_accuracy_low: ofTest(({ confusion }) => evaluationIntervals(confusion).accuracy?.low ?? null),
    test_accuracy_high: ofTest(({ confusion }) => evaluationIntervals(confusion).accuracy?.high ?? null),
    test_accuracy_patients_low: ({ patients }) => patients?.intervals?.accuracy.low ?? null,
    test_accuracy_patients_high: ({ patients }) => patients?.intervals?.accuracy.high ?? null,
    test_macro_f1_patients_low: ({ patients }) => patients?.intervals?.macroF1.low ?? null,
    test_macro_f1_patients_high: ({ patients }) => patients?.intervals?.macroF1.high ?? null,
    test_macro_f1: ofTest(({ macroF1 }) => macroF1),
    test_weighted_f1: ofTest(({ weightedF1 }) => weightedF1),
    test_macro_roc_area: ({ curves }) => curves?.averages.macroRocArea ?? null,
    test_micro_roc_area: ({ curves }) => curves?.averages.microRocArea ?? null,
    test_macro_average_precision: ({ curves }) => curves?.averages.macroAveragePrecision ?? null,
    test_micro_average_precision: ({ curves }) => curves?.averages.microAveragePrecision ?? null,
    temperature: ofResult(({ temperature }) => temperature),
    test_calibration_error: ({ calibration }) => calibration?.before.error ?? null,
    test_calibration_error_scaled: ({ calibration }) => calibration?.after?.error ?? null,
    test_hours: ({ calibration }) => calibration?.alarms?.hours ?? null,
    validation_loss: ofResult(({ validation }) => validation.loss),
    validation_accuracy: ofResult(({ validation }) => validation.accuracy),
    validation_macro_f1: ofResult(({ validation }) => validation.macroF1),
    validation_weighted_f1: ofResult(({ validation }) => validation.weightedF1),
    device: ofResult(({ device }) => device.description),
    gpu: ofResult(({ device }) => device.gpu?.name),
    backend: ofResult(({ device }) => device.backend),
    cores: ofResult(({ device }) => device.cores),
    peak_memory_bytes: ofResult(({ device }) => device.peakMemory),
    ectopy_version: ofResult(({ device }) => device.versions.ectopy),
    tensorflow_version: ofResult(({ device }) => device.versions.tensorflow),
    node_version: ofResult(({ device }) => device.versions.node),
    tags: ({ remarks }) => remarks.tags.join(", "),
    notes: ({ remarks }) => remarks.notes,
  });
  const rows = [...described.rows].map((row, i) => [...row, ...settings.map(({ values }) => values[i])]);
  return { header: [...described.header, ...settings.map(({ name }) => name)], rows };
}

/** Returns one row for each epoch, with the F1 of each class on the validation set where it was stored. */
export function epochsTable(runs: readonly CsvRun[]): CsvTable {
  const labels = labelsOf(runs);
  const epochs = runs.flatMap(({ run, preparation }) =>
    (run.result?.epochs ?? []).map((metrics) => ({
      ...metrics,
      run: run.id,
      kept: metrics.epoch === run.result?.bestEpoch,
      f1: new Map(preparation.summary.labels.map((label, i) => [label, metrics.validationF1[i]])),
    })),
  );
  return tableOf(epochs, {
    run: ({ run }) => run,
    epoch: ({ epoch }) => epoch,
    kept: ({ kept }) => kept,
    train_loss: ({ trainLoss }) => trainLoss,
    train_accuracy: ({ trainAccuracy }) => trainAccuracy,
    validation_loss: ({ validationLoss }) => validationLoss,
    validation_accuracy: ({ validationAccuracy }) => validationAccuracy,
    validation_macro_f1: ({ validationMacroF1 }) => validationMacroF1,
    learning_rate: ({ learningRate }) => learningRate,
    seconds: ({ seconds }) => seconds,
    validation_seconds: ({ validationSeconds }) => validationSeconds,
    ...Object.fromEntries(
      labels.map((label) => [
        `validation_f1_${label}`,
        ({ f1 }: { f1: Map<string, number | undefined> }) => f1.get(label) ?? null,
      ]),
    ),
  });
}

/** Returns one row for each class of each run, on the test set. */
export function perClassTable(runs: readonly CsvRun[]): CsvTable {
  const rows = runs.flatMap(({ run, preparation, curves, patients, calibration }) => {
    const { perClass = [], confusion = [] } = run.result?.test ?? {};
    const intervals = evaluationIntervals(confusion).perClass;
    return perClass.map((metrics, number) => ({
      ...metrics,
      ...intervals[number],
      run: run.id,
      meaning: describeClass(preparation.settings.classMap, metrics.label),
      synthetic: preparation.summary.counts[number].syntheticTest,
      curves: curves?.perClass[number],
      overPatients: patients?.intervals?.perClass[number],
      dominated: patients?.dominated.find(({ label }) => label === metrics.label),
      alarms: calibration?.alarms ?? null,
      point: calibration?.alarms?.points[number],
      isRare: patients === null ? null : patients.rare.some(({ label }) => label === metrics.label),
    }));
  });
  return tableOf(rows, {
    run: ({ run }) => run,
    class: ({ label }) => label,
    meaning: ({ meaning }) => meaning,
    beats: ({ support }) => support,
    synthetic_beats: ({ synthetic }) => synthetic,
    predicted_beats: ({ predicted }) => predicted,
    correct_beats: ({ correct }) => correct,
    sensitivity: ({ sensitivity }) => sensitivity,
    sensitivity_low: ({ sensitivityInterval: interval }) => interval?.low ?? null,
    sensitivity_high: ({ sensitivityInterval: interval }) => interval?.high ?? null,
    specificity: ({ specificity }) => specificity,
    specificity_low: ({ specificityInterval: interval }) => interval?.low ?? null,
    specificity_high: ({ specificityInterval: interval }) => interval?.high ?? null,
    ppv: ({ ppv }) => ppv,
    ppv_low: ({ ppvInterval: interval }) => interval?.low ?? null,
    ppv_high: ({ ppvInterval: interval }) => interval?.high ?? null,
    f1: ({ f1 }) => f1,
    roc_area: ({ curves }) => curves?.rocArea ?? null,
    average_precision: ({ curves }) => curves?.averagePrecision ?? null,
    ...overPatients("sensitivity", "sensitivity"),
    ...overPatients("ppv", "ppv"),
    ...overPatients("specificity", "specificity"),
    ...overPatients("f1", "f1"),
    ...overPatients("roc_area", "rocArea"),
    ...overPatients("average_precision", "averagePrecision"),
    too_rare: ({ isRare }) => isRare,
    dominating_recording: ({ dominated }) => dominated?.record ?? null,
    sensitivity_without_it: ({ dominated }) => dominated?.sensitivity ?? null,
    ppv_without_it: ({ dominated }) => dominated?.ppv ?? null,
    f1_without_it: ({ dominated }) => dominated?.f1 ?? null,
    false_positives_per_hour_limit: ({ alarms }) => alarms?.rate ?? null,
    sensitivity_at_limit: ({ point }) => point?.sensitivity ?? null,
    threshold_at_limit: ({ point }) => point?.threshold ?? null,
  });
}

/** Returns the bounds of a class's metric over patients as two columns. */
function overPatients(
  name: string,
  key: keyof ClassPatientIntervals,
): Columns<{ overPatients: ClassPatientIntervals | undefined }> {
  return {
    [`${name}_patients_low`]: ({ overPatients }) => overPatients?.[key]?.low ?? null,
    [`${name}_patients_high`]: ({ overPatients }) => overPatients?.[key]?.high ?? null,
  };
}

/** Returns one row for each recording of each run's test set, with the sensitivity of each class. */
export function recordingTable(runs: readonly CsvRun[]): CsvTable {
  const labels = labelsOf(runs);
  const rows = runs.flatMap(({ run, patients }) =>
    (patients?.recordings ?? []).map((result) => ({
      ...result,
      run: run.id,
      sensitivity: new Map(
        result.perClass.map(({ label, support, sensitivity }) => [label, support === 0 ? null : sensitivity]),
      ),
    })),
  );
  return tableOf(rows, {
    run: ({ run }) => run,
    record: ({ record }) => record,
    patient: ({ patient }) => patient,
    beats: ({ beats }) => beats,
    errors: ({ errors }) => errors,
    accuracy: ({ accuracy }) => accuracy,
    ...Object.fromEntries(
      labels.map((label) => [
        `sensitivity_${label}`,
        ({ sensitivity }: { sensitivity: Map<string, number | null> }) => sensitivity.get(label) ?? null,
      ]),
    ),
  });
}

/** Returns one row for each test recording of each run by EC57, with metrics in %; `gross` and `average` are of all of them. */
export function ec57Table(runs: readonly CsvRun[]): CsvTable {
  const rows = runs.flatMap(({ run, ec57 }) =>
    ec57 === null
      ? []
      : [{ record: "gross", ...ec57.gross }, { record: "average", ...ec57.average }, ...ec57.records].map((row) => ({
          ...row,
          run: run.id,
          from: ec57.from,
          convention: ec57.convention,
        })),
  );
  return tableOf(rows, {
    run: ({ run }) => run,
    record: ({ record }) => record,
    from_s: ({ from }) => from,
    convention: ({ convention }) => convention,
    qrs_sensitivity: ({ qrsSensitivity }) => qrsSensitivity,
    qrs_ppv: ({ qrsPpv }) => qrsPpv,
    veb_sensitivity: ({ vebSensitivity }) => vebSensitivity,
    veb_ppv: ({ vebPpv }) => vebPpv,
    veb_false_positive_rate: ({ vebFalsePositiveRate }) => vebFalsePositiveRate,
    sveb_sensitivity: ({ svebSensitivity }) => svebSensitivity,
    sveb_ppv: ({ svebPpv }) => svebPpv,
  });
}

/** Returns one row for each cell of each run's confusion matrix on the test set. */
export function confusionTable(runs: readonly CsvRun[]): CsvTable {
  const cells = runs.flatMap(({ run }) => {
    const { perClass = [], confusion = [] } = run.result?.test ?? {};
    return confusion.flatMap((row, truth) =>
      row.map((beats, predicted) => ({
        run: run.id,
        truth: perClass[truth].label,
        predicted: perClass[predicted].label,
        beats,
        share: perClass[truth].support === 0 ? null : beats / perClass[truth].support,
      })),
    );
  });
  return tableOf(cells, {
    run: ({ run }) => run,
    true_class: ({ truth }) => truth,
    predicted_class: ({ predicted }) => predicted,
    beats: ({ beats }) => beats,
    share_of_true_class: ({ share }) => share,
  });
}

/** A tested run with its prediction of each beat of the test set. */
export interface PredictedRun extends RunDetails {
  predictions: TestPredictions;
  origins: readonly BeatOrigin[];
}

/**
 * Returns one row for each test beat. A synthetic beat lies between two real beats, at the fraction `way` from the
 * first to the second.
 * @param runs read one after another, so that the predictions of one run at a time are in memory
 */
export function predictionsTable(all: readonly CsvRun[], runs: Iterable<PredictedRun>): CsvTable {
  const labels = labelsOf(all);
  const header = ["run", "beat", "record", "sample", "synthetic", "towards_record", "towards_sample", "way"];
  return {
    header: [...header, "true_class", "predicted_class", ...labels.map((label) => `probability_${label}`)],
    rows: predictionRows(labels, runs),
  };
}

function* predictionRows(labels: readonly string[], runs: Iterable<PredictedRun>): Generator<CsvCell[]> {
  for (const { run, preparation, predictions, origins } of runs) {
    const own = preparation.summary.labels;
    const columns = labels.map((label) => own.indexOf(label));
    const { classes, truth, predicted, probabilities } = predictions;
    for (const [i, { record, sample, towards }] of origins.entries()) {
      yield [
        run.id,
        i,
        record,
        sample,
        towards !== null,
        towards?.record ?? null,
        towards?.sample ?? null,
        towards === null ? null : float32(towards.way),
        own[truth[i]],
        own[predicted[i]],
        ...columns.map((column) => (column < 0 ? null : float32(probabilities[i * classes + column]))),
      ];
    }
  }
}

/** Returns all classes of the runs, each once. */
function labelsOf(runs: readonly RunDetails[]): string[] {
  return [...new Set(runs.flatMap(({ preparation }) => preparation.summary.labels))];
}
