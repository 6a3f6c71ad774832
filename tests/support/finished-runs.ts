/**
 * Makes a workspace with runs that look trained: every curve, every metric and a model, without an hour of training.
 */
import { UNKNOWN_ORIGIN } from "../../src/contract/domain/dataset-records.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultPreparation, defaultTraining } from "../../src/contract/settings/defaults.ts";
import type { NetworkSpec } from "../../src/contract/domain/networks.ts";
import type { EpochMetrics, TrainingResult, TrainingSettings } from "../../src/contract/domain/training.ts";
import { saveModel } from "../../src/engine/exchange/model-files.ts";
import { weightsOf } from "../../src/engine/networks/layer-weights.ts";
import type { Workspace } from "../../src/main/store/workspace.ts";
import { classificationReport } from "../../src/pipeline/evaluation/classification-report.ts";
import { randomStream } from "../../src/pipeline/random.ts";

/** `A` and `a` are two classes, but one file name on systems that ignore case. */
const BEATS = { N: 120, V: 80, A: 40, a: 20 };
export const LABELS = Object.keys(BEATS);
export const WINDOW = 20;
const BATCH = 16;
export const STEPS_PER_EPOCH = 10;

/** A network whose model is small. */
export const tinyNetwork: NetworkSpec = {
  name: "Tiny",
  layers: [
    { id: "dense-1", kind: "dense", units: 3, activation: "relu" },
    { id: "dropout-1", kind: "dropout", rate: 0.2 },
  ],
};

const CREATED = "2026-01-01T10:00:00.000Z";
export const STARTED = "2026-01-01T10:00:05.000Z";
export const FINISHED = "2026-01-01T10:02:00.000Z";

/**
 * Stores a dataset of one recording and its preparation, both number 1.
 * @param beats by class; every fifth is in the test set
 */
export function addPreparation(
  workspace: Workspace,
  beats: Readonly<Record<string, number>> = BEATS,
  testSetHash?: string,
): void {
  const all = Object.values(beats).reduce((a, b) => a + b, 0);
  const record = {
    ...UNKNOWN_ORIGIN,
    name: "a",
    usable: true,
    rate: 360,
    length: 36_000,
    leads: ["MLII", "V1"],
    beats,
    otherAnnotations: 1,
    comments: [],
    findings: [],
  };
  const report = { records: [record], findings: [], usableRecords: 1, damagedRecords: 0, beats, seconds: 100 };
  const settings = {
    ...defaultPreparation("intra-patient"),
    leads: ["MLII"],
    rate: 360,
    beforeMs: (1000 * WINDOW) / 2 / 360,
    afterMs: (1000 * WINDOW) / 2 / 360,
  };
  workspace.keep("datasets", workspace.stage("datasets"), () =>
    workspace.datasets.add(
      {
        name: "Clinic, May",
        source: "/home/someone/ecg",
        fingerprint: "d".repeat(64),
        createdAt: CREATED,
        patientsFrom: null,
      },
      report,
    ),
  );
  const staged = workspace.stage("preparations");
  writeTestedBeats(staged.path, Object.values(beats));
  workspace.keep("preparations", staged, () =>
    workspace.preparations.add({
      name: "",
      datasetId: 1,
      settings,
      summary: {
        settings,
        labels: Object.keys(beats),
        counts: Object.entries(beats).map(([label, found]) => ({
          label,
          found,
          train: 0.6 * found,
          validation: 0.2 * found,
          test: 0.2 * found,
          syntheticTrain: 0,
          syntheticValidation: 0,
          syntheticTest: 0,
        })),
        totals: { train: 0.6 * all, validation: 0.2 * all, test: 0.2 * all },
        beats: all,
        leftOut: { outsideRecord: 0, missingSamples: 0, symbols: {}, smallClasses: {}, records: [] },
        sharedRecords: ["a"],
        ...(testSetHash === undefined ? {} : { testSetHash }),
        caveats: ["1 of 1 recording has beats in both training and test set."],
      },
      fingerprint: "c".repeat(64),
      seconds: 1,
      createdAt: CREATED,
    }),
  );
}

export interface RunPlan {
  preparation?: number;
  epochs?: number;
  seed?: number;
  network?: TrainingSettings["network"];
  /** Whether the loss of the last step is NaN. */
  diverges?: boolean;
  /** Beats of the test set × classes; random numbers without it. */
  probabilities?: Float32Array;
  /** Fills the folder of the run. */
  writeModel?: (folder: string) => void | Promise<void>;
}

/** @returns the number of the run */
export async function addFinishedRun(workspace: Workspace, plan: RunPlan = {}): Promise<number> {
  const { epochs: count = 3, seed = 1, network = tinyNetwork, diverges = false, writeModel = writeTinyModel } = plan;
  const { preparation = 1 } = plan;
  const settings: TrainingSettings = { ...defaultTraining(network), epochs: count, batch: BATCH, seed };
  const random = randomStream(seed, "finished run");
  const { labels, totals } = workspace.preparations.find(preparation)!.summary;
  const id = workspace.runs.add({ preparationId: preparation, settings, createdAt: CREATED });
  workspace.runs.start(id, STARTED);
  const epochs = Array.from({ length: count }, (_, i): EpochMetrics => {
    const loss = 1 / (i + 1);
    return {
      epoch: i + 1,
      trainLoss: loss,
      trainAccuracy: 1 - loss / 2,
      validationLoss: loss + 0.01 * random.uniform(),
      validationAccuracy: 1 - loss / 3,
      validationMacroF1: 1 - loss / 1.5,
      validationF1: labels.map(() => random.uniform()),
      learningRate: 1e-3,
      seconds: 2,
      validationSeconds: 0.5,
    };
  });
  for (const epoch of epochs) {
    workspace.runs.addEpoch(id, epoch);
    workspace.runs.addSteps(id, {
      firstStep: (epoch.epoch - 1) * STEPS_PER_EPOCH + 1,
      losses: Float32Array.from({ length: STEPS_PER_EPOCH }, (_, i) =>
        diverges && epoch.epoch === count && i === STEPS_PER_EPOCH - 1 ? NaN : epoch.trainLoss * random.uniform(),
      ),
      accuracies: Float32Array.from({ length: STEPS_PER_EPOCH }, () => random.uniform()),
    });
  }
  const confusion = labels.map((_, truth) => labels.map((_, guess) => (truth === guess ? 9 : random.below(3))));
  const evaluation = { loss: 0.25, ...classificationReport(confusion, labels) };
  const result: TrainingResult = {
    bestEpoch: count,
    epochs,
    stoppedEarly: false,
    cancelled: false,
    test: evaluation,
    validation: { ...evaluation, loss: 0.5 },
    parameters: { trainable: 79, total: 79 },
    device: {
      backend: "tensorflow",
      description: "A processor",
      cores: 2,
      versions: { ectopy: "0.1.0", node: "24.0.0", tfjs: "4.22.0", tensorflow: "2.9.1" },
    },
    seconds: 2.5 * count,
  };
  const staged = workspace.stage("runs");
  await writeModel(staged.path);
  const scores =
    plan.probabilities ?? Float32Array.from({ length: totals.test * labels.length }, () => random.uniform());
  writeFileSync(join(staged.path, "test-probabilities.f32"), scores);
  const validated = randomStream(seed, "predictions on the validation set");
  writeFileSync(
    join(staged.path, "validation-probabilities.f32"),
    Float32Array.from({ length: totals.validation * labels.length }, () => validated.uniform()),
  );
  workspace.keep("runs", staged, () => {
    workspace.runs.finish(id, result, FINISHED);
    return id;
  });
  return id;
}

/** Writes a preparation's files but for the samples of its beats. @param counts beats of each class */
function writeTestedBeats(folder: string, counts: readonly number[]): void {
  const classes = Uint8Array.from(counts.flatMap((count, label) => Array<number>(count).fill(label)));
  const numbers = Uint32Array.from(classes.keys());
  const none = new Uint32Array();
  const files = {
    "preparation.json": JSON.stringify({ windowLength: WINDOW, labels: LABELS, records: ["a"], beats: classes.length }),
    "classes.u8": classes,
    "beat-record.u32": numbers.map(() => 0),
    "beat-sample.u32": numbers.map((number) => 100 * (number + 1)),
    "test.u32": numbers.filter((number) => number % 5 === 0),
    "validation.u32": numbers.filter((number) => number % 5 === 1),
    "recipe-base.u32": none,
    "recipe-neighbour.u32": none,
    "recipe-lambda.f32": none,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

/** Writes a model of {@link tinyNetwork} with random weights. */
export function writeTinyModel(folder: string): void {
  const random = randomStream(7, "tiny model");
  const shape = { windowLength: WINDOW, classes: LABELS.length };
  const weights = weightsOf(tinyNetwork, shape).map(({ shape }) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  );
  saveModel({ spec: tinyNetwork, shape, weights: () => weights }, folder);
}
