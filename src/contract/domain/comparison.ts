/** Types of the comparison of runs. */
import { z } from "zod";
import type { ClassSpread, Evaluation, PooledFolds, Spread } from "./evaluation.ts";
import type { Preparation, Protocol } from "./preparation.ts";
import type { LookCount } from "./test-looks.ts";
import type { RunStatus } from "./training.ts";

/** ROC and precision–recall curves of one class, from (0, 0) as the threshold falls. Areas are computed from all points. */
export interface ThresholdCurves {
  positives: number;
  negatives: number;
  /** Area under the ROC curve; NaN where the class, or every other class, does not occur. */
  rocArea: number;
  averagePrecision: number;
  falsePositiveRate: number[];
  /** Sensitivity. */
  recall: number[];
  /** PPV. */
  precision: number[];
}

/** Comparison of two runs on the same test beats. */
export interface PairedTest {
  bothCorrect: number;
  /** Correct only in the first run, and only in the second. */
  onlyOneCorrect: number;
  onlyOtherCorrect: number;
  bothWrong: number;
  /** P-value of McNemar's test, exact and two-sided. */
  pValue: number;
}

/** Position of a real beat. */
export interface BeatPlace {
  record: string;
  /** Sample number of its R-peak in the recording, from 0. */
  sample: number;
  /** Sampling rate of the recording, in Hz. */
  rate: number;
}

/** A beat of a run's test set with its prediction. */
export interface TestedBeat extends BeatPlace {
  /** Index in the test set. */
  number: number;
  /** Class numbers. */
  truth: number;
  predicted: number;
  /** Probability of the predicted class, and of the true one. */
  confidence: number;
  probabilityOfTruth: number;
  /** Of a synthetic beat, interpolated from the beat above to another one: that beat, and the share of the way (0 to 1). */
  towards: (BeatPlace & { way: number }) | null;
}

export const beatOrders = ["most-confident", "least-confident", "record"] as const;
export type BeatOrder = (typeof beatOrders)[number];

export const beatQuerySchema = z.strictObject({
  /** Class numbers; null: all classes. */
  truth: z.int().min(0).nullable(),
  predicted: z.int().min(0).nullable(),
  /** Recording of the beats; a synthetic beat belongs to that of its first beat. All recordings without it. */
  record: z.string().min(1).max(100).optional(),
  /** Whether only wrongly classified beats are listed. */
  errors: z.boolean().optional(),
  order: z.enum(beatOrders),
  /** Interval between returned beats, for an overview of all of them; `from` and `count` refer to the reduced list. */
  every: z.int().min(1).optional(),
  from: z.int().min(0),
  count: z.int().min(0).max(1000),
});
export type BeatQuery = z.infer<typeof beatQuerySchema>;

export interface TestedBeats {
  /** Number of matching beats, whatever range was requested. */
  total: number;
  /** Sampling rate of the values in Hz: that of the preparation. */
  rate: number;
  beats: TestedBeat[];
  /** Samples of the beats as the network received them, one row each. */
  windowLength: number;
  values: Float32Array;
}

/** One setting of the compared runs, in their order; null where a run has no such setting. */
export interface SettingRow {
  /** Path of the setting, such as `training.learningRate` or `preparation.denoising`. */
  name: string;
  values: (string | null)[];
}

export interface ComparedRun {
  id: number;
  network: string;
  status: RunStatus;
  dataset: string;
  preparation: number;
  /** {@link testKey} of its preparation. */
  testKey: string;
  protocol: Protocol;
  labels: string[];
  /** Limitations of its metrics. */
  caveats: string[];
  /** How often its test set was evaluated; null before its evaluation. */
  looks: LookCount | null;
  bestEpoch: number | null;
  stepsPerEpoch: number;
  seconds: number | null;
  /** Number of trainable parameters. */
  parameters: number | null;
  /** Null before the run has ended. */
  test: Evaluation | null;
  validation: Evaluation | null;
}

/**
 * Returns a key that is equal for two preparations if, and only if, test metrics on them are comparable: dataset, protocol, classes
 * and beats of the test set are the same. How the beats were filtered and how the training set was balanced may differ.
 */
export function testKey({
  datasetId,
  settings: { protocol, testDataset },
  summary: { testSetHash },
  fingerprint,
}: Pick<Preparation, "datasetId" | "fingerprint"> & {
  settings: { protocol: Protocol; testDataset?: { id: number } | undefined };
  summary: { testSetHash?: string | undefined };
}): string {
  return `${testDataset?.id ?? datasetId} ${protocol} ${testSetHash ?? fingerprint}`;
}

/** Groups runs whose test metrics are comparable, in the order of the runs. */
export function comparableGroups<Run extends { testKey: string }>(runs: readonly Run[]): Run[][] {
  return [...Map.groupBy(runs, (run) => run.testKey).values()];
}

/** Returns how often each test set of the runs was evaluated, in the order of the runs; none for runs without a result. */
export function looksByTestSet(
  runs: readonly Pick<ComparedRun, "id" | "testKey" | "looks">[],
): { runs: number[]; looks: LookCount }[] {
  return comparableGroups(runs).flatMap((group) => {
    const looks = group.find((run) => run.looks !== null)?.looks ?? null;
    return looks === null ? [] : [{ runs: group.map(({ id }) => id), looks }];
  });
}

/** Groups runs with the same limitations, in the order of the runs. */
export function caveatsByRuns(
  runs: readonly Pick<ComparedRun, "id" | "protocol" | "caveats">[],
): { runs: number[]; protocol: Protocol; caveats: string[] }[] {
  const groups = new Map<string, { runs: number[]; protocol: Protocol; caveats: string[] }>();
  for (const { id, protocol, caveats } of runs) {
    const key = JSON.stringify([protocol, caveats]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { runs: [id], protocol, caveats });
    else group.runs.push(id);
  }
  return [...groups.values()];
}

/** Runs that differ only in their seed, with mean and standard deviation of their metrics on the test set. */
export interface Repeats {
  runs: number[];
  accuracy: Spread;
  macroF1: Spread;
  weightedF1: Spread;
  /** In the order of the labels; none with fewer than two results. */
  classes: ClassSpread[];
}

/** Recordings on which some runs were trained, and which others are tested on. */
export interface TrainedOnTests {
  trained: number[];
  tested: number[];
  /** Names of the recordings in the test set. */
  records: string[];
}

export interface RunComparison {
  runs: ComparedRun[];
  differing: SettingRow[];
  shared: { name: string; value: string | null }[];
  /** Groups of runs that differ only in their seed; a run without repeats is a group of one. */
  repeats: Repeats[];
  /** Runs that were trained on recordings of another dataset on which other runs are tested, by the samples. */
  trainedOnTests: TrainedOnTests[];
  /** Results over all compared runs where they are folds of one cross-validation; null where they are not. */
  pooled: PooledFolds | null;
}

/** Metrics over all classes. */
export type EvaluatedMetrics = Pick<Evaluation, "accuracy" | "macroF1" | "weightedF1">;

/** Threshold curves of a run on its test set. */
export interface RunCurves {
  run: number;
  labels: string[];
  /** In the order of the labels. */
  perClass: ThresholdCurves[];
  averages: {
    /** Macro average: mean over the classes that occur. */
    macroRocArea: number;
    macroAveragePrecision: number;
    /** Micro average: each pair of a beat and a class has the same weight. */
    microRocArea: number;
    microAveragePrecision: number;
  };
}

/** The areas of {@link RunCurves}, without its curves. */
export type RunAreas = Pick<RunCurves, "averages"> & {
  perClass: Pick<ThresholdCurves, "rocArea" | "averagePrecision">[];
};
