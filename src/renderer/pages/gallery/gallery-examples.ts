/** Example data that only the gallery shows. The numbers are invented. */
import type { ClassificationResult } from "../../../contract/domain/classification.ts";
import type { Ec57Metrics, TestSetEc57 } from "../../../contract/domain/ec57.ts";
import type { EnsembleMembers, MemberRun } from "../../../contract/domain/ensembles.ts";
import type {
  ClassPatientIntervals,
  ClassSpread,
  PatientResults,
  Spread,
} from "../../../contract/domain/evaluation.ts";
import type { TestLook } from "../../../contract/domain/test-looks.ts";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import type { Preparation } from "../../../contract/domain/preparation.ts";
import type { RunLogEntry } from "../../../contract/domain/runs.ts";
import type { EpochMetrics } from "../../../contract/domain/training.ts";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import type { StepPoint, StepPoints } from "../../charts/step-points.ts";
import { exampleLabels } from "../../testing/examples.ts";

export const runningJob: JobSnapshot = {
  id: 4,
  kind: "prepare",
  title: "Preparation of MIT-BIH Arrhythmia Database",
  state: "running",
  progress: { stage: "Filtering beats", done: 61_250, total: 109_494, unit: "beats" },
  startedAt: "2026-03-02T09:14:00.000Z",
  finishedAt: null,
  cancellable: true,
  cancelling: false,
  error: null,
  subject: null,
};

/** Progress whose end is not known. */
export const startingJob: JobSnapshot = { ...runningJob, id: 5, title: "Import of mitdb", progress: null };

export const failedJob: JobSnapshot = {
  ...runningJob,
  id: 3,
  kind: "import",
  title: "Import of ptbdb",
  state: "failed",
  progress: null,
  finishedAt: "2026-03-02T09:12:00.000Z",
  error: {
    code: "damaged-file",
    message: "s0010_re.hea, line 2: the sampling rate is missing.",
    fix: "Replace the file and import the folder again.",
  },
};

export const preparation: Preparation = {
  id: 2,
  name: "By patient, AAMI",
  datasetId: 1,
  settings: defaultPreparation("inter-patient"),
  summary: {
    settings: defaultPreparation("inter-patient"),
    labels: exampleLabels,
    counts: [],
    totals: { train: 50_995, validation: 1_260, test: 49_692 },
    beats: 100_687,
    leftOut: { outsideRecord: 3, missingSamples: 0, symbols: {}, smallClasses: {}, records: [] },
    sharedRecords: [],
    caveats: [
      "Recordings of the test set come from patients that are in no other set.",
      "The classes S and F have few patients: their metrics vary much between splits.",
      "Q has no beats in the test set.",
    ],
  },
  fingerprint: "",
  seconds: 42,
  createdAt: "2026-03-02T09:14:00.000Z",
};

const STEPS_PER_EPOCH = 40;
const EPOCHS = 15;
const BEST_EPOCH = 10;
export const curveExample = { stepsPerEpoch: STEPS_PER_EPOCH, bestEpoch: BEST_EPOCH };

/** Decays as a training loss does, with a ripple instead of noise. */
const lossAt = (epoch: number): number => 0.12 + 0.9 * Math.exp(-epoch / 2.5);

export const epochs: EpochMetrics[] = Array.from({ length: EPOCHS }, (_, i) => {
  const epoch = i + 1;
  const validationLoss = lossAt(epoch) + 0.004 * Math.abs(epoch - BEST_EPOCH) + 0.05;
  return {
    epoch,
    trainLoss: lossAt(epoch),
    trainAccuracy: 1 - lossAt(epoch) / 3,
    validationLoss,
    validationAccuracy: 1 - validationLoss / 3,
    validationMacroF1: 1 - validationLoss,
    validationF1: exampleLabels.map((_label, j) => Math.max(0, 1 - 0.18 * j - lossAt(epoch) * (1 + j / 3))),
    learningRate: 1e-3,
    seconds: 48,
    validationSeconds: 2,
  };
});

const points: StepPoint[] = Array.from({ length: EPOCHS * STEPS_PER_EPOCH }, (_, i) => {
  const ripple = 0.06 * Math.sin(i * 1.7);
  const loss = lossAt(i / STEPS_PER_EPOCH) + ripple;
  return { step: i + 1, count: 1, loss, lowest: loss - 0.04, highest: loss + 0.04, accuracy: 1 - loss / 3 };
});
export const steps: StepPoints = { points, stretch: 1 };

export const log: RunLogEntry[] = [
  { at: "2026-03-02T09:15:02.000Z", kind: "note", message: "Training started on 8 cores." },
  { at: "2026-03-02T09:19:30.000Z", kind: "warning", message: "Epoch 5: the validation loss rose for the third time." },
  { at: "2026-03-02T09:27:40.000Z", kind: "error", message: "The training process ended: out of memory at epoch 15." },
];

/** Samples of a beat per second, and before its R-peak. */
export const RATE = 360;
export const BEFORE = 180;

/** A beat in mV: P, QRS and T as Gaussian curves around the R-peak. @param width of the QRS complex, in s */
export function beat(width = 0.012, rHeight = 1.1): Float32Array {
  const waves: [centre: number, height: number, width: number][] = [
    [-0.17, 0.12, 0.022],
    [-0.028, -0.12, 0.01],
    [0, rHeight, width],
    [0.035, -0.25, 0.012],
    [0.26, 0.28, 0.045],
  ];
  return Float32Array.from({ length: 2 * BEFORE }, (_, i) => {
    const t = (i - BEFORE) / RATE;
    return waves.reduce(
      (sum, [centre, height, sigma]) => sum + height * Math.exp(-((t - centre) ** 2) / (2 * sigma ** 2)),
      0,
    );
  });
}

const spread = { n: 3, mean: 0.81, deviation: 0.05 };
export const exampleSpreads: ClassSpread[] = ["N", "V"].map((label) => ({
  label,
  sensitivity: spread,
  ppv: spread,
  f1: spread,
}));

const classMetrics = (label: string, support: number, f1: number) => ({
  label,
  support,
  f1,
  sensitivity: f1,
  ppv: f1,
});
const interval = { low: 0.6, high: 0.9 };
const classInterval: ClassPatientIntervals = {
  sensitivity: interval,
  ppv: interval,
  specificity: interval,
  f1: interval,
  rocArea: interval,
  averagePrecision: interval,
};
export const examplePatients: PatientResults = {
  labels: ["N", "S"],
  recordings: ["232", "100", "103"].map((record, patient) => ({
    record,
    patient,
    beats: 1780,
    errors: 300 - 100 * patient,
    accuracy: 0.8,
    perClass: [classMetrics("N", 398, 0.95), classMetrics("S", patient === 2 ? 0 : 1382, 0.72)],
  })),
  dominated: [{ label: "S", record: "232", beats: 1382, of: 1837, sensitivity: 0.4, ppv: 0.31, f1: 0.35 }],
  rare: [{ label: "Q", beats: 7, patients: 3 }],
  intervals: {
    patients: 22,
    resamples: 2000,
    accuracy: interval,
    macroF1: interval,
    weightedF1: interval,
    loss: { low: 0.12, high: 0.34 },
    macroRocArea: interval,
    macroAveragePrecision: interval,
    perClass: [classInterval, { ...classInterval, sensitivity: null, f1: null }],
  },
};

const look: TestLook = {
  run: 3,
  isDeleted: true,
  experiment: null,
  at: "2026-03-02T09:15:00.000Z",
  network: "ANN",
  preparation: 1,
  changes: [],
  accuracy: 0.91,
  macroF1: 0.55,
};
export const exampleLooks: TestLook[] = [
  look,
  { ...look, run: 7, isDeleted: false, changes: [{ name: "training.batch", value: "32" }], macroF1: 0.61 },
];

const spreadOf = (mean: number): Spread => ({ n: 3, mean, deviation: 0.012 });

const memberMetrics = { accuracy: 0.958, macroF1: 0.891, weightedF1: 0.956 };
const member: MemberRun = {
  ...{ run: 7, name: "", network: "Rhythm and shape", seed: 42 },
  ...{ state: "stored", test: memberMetrics },
};
export const exampleMembers: EnsembleMembers = {
  members: [
    member,
    { ...member, run: 8, name: "Second seed", seed: 43 },
    { ...member, run: 9, seed: 44, state: "deleted", test: null },
  ],
  singles: { accuracy: spreadOf(0.958), macroF1: spreadOf(0.891), weightedF1: spreadOf(0.956) },
};

export const exampleClassification: ClassificationResult = {
  set: {
    id: 4,
    datasetId: 1,
    name: "run7",
    origin: "classified",
    parent: "atr",
    leads: ["MLII"],
    runs: [7],
    threshold: 0.7,
    createdAt: "2026-01-01T10:00:00.000Z",
  },
  labels: ["N", "S", "V"],
  recordings: [
    { record: "100", counts: [2235, 33, 1], unsure: 4, unlike: 0, unclassified: 1 },
    { record: "119", counts: [1543, 0, 444], unsure: 12, unlike: 3, unclassified: 0 },
  ],
  skipped: [{ record: "114", reason: "It has no lead MLII." }],
  unlikeProblem: null,
};

const ec57Metrics: Ec57Metrics = {
  ...{ qrsSensitivity: 99.99, qrsPpv: 100, vebSensitivity: 92.04, vebPpv: 89.71 },
  ...{ vebFalsePositiveRate: 0.7, svebSensitivity: 71.3, svebPpv: 48.12 },
};
const runCounts = { detected: 4, missed: 1, confirmed: 4, unconfirmed: 0 };
const runTable = { couplets: runCounts, shortRuns: runCounts, longRuns: runCounts };
const runShares = { sensitivity: 80, ppv: 100 };
const runMetrics = { couplets: runShares, shortRuns: runShares, longRuns: runShares };
const ec57Shared = {
  ...ec57Metrics,
  counts: {
    matrix: [
      [34_000, 800, 250, 10, 0, 4, 0],
      [400, 1_300, 60, 0, 0, 0, 0],
      [120, 40, 2_500, 20, 0, 1, 0],
      [150, 0, 90, 60, 0, 0, 0],
      [2, 0, 4, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0],
    ],
    ...{ ventricularRuns: runTable, supraventricularRuns: runTable },
  },
  ...{ ventricularRunMetrics: runMetrics, supraventricularRunMetrics: runMetrics },
  agreement: { beats: 39_806, equal: 37_860, kappa: 0.74 },
};

/** Results of a test set by EC57. */
export const exampleEc57: TestSetEc57 = {
  ...{ from: 300, convention: "aami" },
  records: ["100", "103", "105"].map((record) => ({
    ...ec57Shared,
    ...{ record, paced: record === "105", rrErrorMs: 0, shutdownSeconds: 0 },
  })),
  gross: ec57Shared,
  average: {
    ...ec57Metrics,
    ...{ rrErrorMs: 0, ventricularRunMetrics: runMetrics, supraventricularRunMetrics: runMetrics },
  },
};
