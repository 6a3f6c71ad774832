/** Runs laid side by side. */
import { z } from "zod";
import type { Evaluation } from "./evaluation.ts";
import type { Protocol } from "./preparation.ts";
import type { RunStatus } from "./training.ts";

/** One class against the others as the threshold falls; points from (0, 0) on. Areas are of all points, not of those kept. */
export interface ThresholdCurves {
  positives: number;
  negatives: number;
  /** NaN where the class, or any other, does not occur. */
  rocArea: number;
  averagePrecision: number;
  falsePositiveRate: number[];
  /** Sensitivity. */
  recall: number[];
  /** Positive predictivity. */
  precision: number[];
}

/** What two runs make of the same test beats. */
export interface PairedTest {
  bothCorrect: number;
  /** Right in the first run alone, and in the second alone. */
  onlyOneCorrect: number;
  onlyOtherCorrect: number;
  bothWrong: number;
  /** McNemar's, exact and two-sided. */
  pValue: number;
}

/** Where a real beat stands. */
export interface BeatPlace {
  record: string;
  /** Of its R-peak, from 0. */
  sample: number;
}

/** A beat of a run's test part and what the run made of it. */
export interface TestedBeat extends BeatPlace {
  /** Its number in the test part. */
  number: number;
  /** Class numbers. */
  truth: number;
  predicted: number;
  /** Probability of the predicted class, and of the true one. */
  confidence: number;
  probabilityOfTruth: number;
  /** Of a synthetic beat, which stands on the way from the place above to another: that one, and how far it is (0 to 1). */
  towards: (BeatPlace & { way: number }) | null;
}

export const beatOrders = ["most-confident", "least-confident", "record"] as const;
export type BeatOrder = (typeof beatOrders)[number];

export const beatQuerySchema = z.strictObject({
  /** Class numbers; null: any. */
  truth: z.int().min(0).nullable(),
  predicted: z.int().min(0).nullable(),
  order: z.enum(beatOrders),
  /** Every so manyth of them, for a look at them all; `from` and `count` are then of these. */
  every: z.int().min(1).optional(),
  from: z.int().min(0),
  count: z.int().min(0).max(1000),
});
export type BeatQuery = z.infer<typeof beatQuerySchema>;

export interface TestedBeats {
  /** As many as there are, whatever was asked for. */
  total: number;
  rate: number;
  beats: TestedBeat[];
  /** The beats as they were classified, a row each. */
  windowLength: number;
  values: Float32Array;
}

/** One setting of the compared runs, in their order; null where a run has no such setting. */
export interface SettingRow {
  /** Place of the setting, such as `training.learningRate` or `preparation.denoising`. */
  name: string;
  values: (string | null)[];
}

/** Mean and sample standard deviation over n runs; null where there are too few. */
export interface Spread {
  n: number;
  mean: number | null;
  deviation: number | null;
}

export interface ComparedRun {
  id: number;
  network: string;
  status: RunStatus;
  dataset: string;
  /** Runs of one preparation were tested on the same beats. */
  preparation: number;
  protocol: Protocol;
  labels: string[];
  /** What its figures can and can't show. */
  caveats: string[];
  bestEpoch: number | null;
  stepsPerEpoch: number;
  seconds: number | null;
  /** Trainable. */
  parameters: number | null;
  /** Null before the end. */
  test: Evaluation | null;
  validation: Evaluation | null;
}

/** What figures can and can't show, said once for all runs of which the same is true. In the order of the runs. */
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

export interface RunComparison {
  runs: ComparedRun[];
  differing: SettingRow[];
  shared: { name: string; value: string | null }[];
  /** Runs that differ in their seed alone stand together; a run without such a twin stands alone. */
  repeats: { runs: number[]; accuracy: Spread; macroF1: Spread; weightedF1: Spread }[];
}

/** A run's threshold curves on its test part. */
export interface RunCurves {
  run: number;
  labels: string[];
  /** In the order of the labels. */
  perClass: ThresholdCurves[];
  averages: {
    /** Means over the classes that occur. */
    macroRocArea: number;
    macroAveragePrecision: number;
    /** Every pair of a beat and a class counting the same. */
    microRocArea: number;
    microAveragePrecision: number;
  };
}
