/**
 * Makes a workspace with thousands of runs that were never trained, with random metrics, to test tables and their
 * speed.
 */
import { defaultPreparation, defaultTraining } from "../../src/contract/settings/defaults.ts";
import type { Evaluation } from "../../src/contract/domain/evaluation.ts";
import { recordingProtocols } from "../../src/contract/domain/preparation.ts";
import { networkNames, type EpochMetrics } from "../../src/contract/domain/training.ts";
import { openWorkspace, type Workspace } from "../../src/main/store/workspace.ts";
import { classificationReport } from "../../src/pipeline/evaluation/classification-report.ts";
import { randomStream, type RandomStream } from "../../src/pipeline/random.ts";

const LABELS = ["N", "S", "V", "F", "Q"];
/** Test beats by class. */
const SUPPORT = [400, 30, 60, 10, 5];
const EPOCHS = 5;
const FIRST_RUN_MS = Date.UTC(2026, 0, 1);

/**
 * Every tenth run failed, every seventh has the tag `final`. Networks and protocols alternate.
 * @param folder of the workspace
 */
export function fillWithRuns(folder: string, count: number, stepsPerEpoch = 20): void {
  const workspace = openWorkspace(folder, "write", () => {});
  try {
    workspace.transaction(() => {
      const preparations = addPreparations(workspace);
      for (let i = 0; i < count; i++) addRun(workspace, preparations[i % preparations.length], i, stepsPerEpoch);
    });
  } finally {
    workspace.close();
  }
}

function addPreparations(workspace: Workspace): number[] {
  const createdAt = new Date(FIRST_RUN_MS).toISOString();
  const datasetId = workspace.datasets.add(
    { name: "Drawn at random", source: "/drawn", fingerprint: "0".repeat(64), createdAt, patientsFrom: null },
    { records: [], findings: [] },
  );
  return recordingProtocols.map((protocol) => {
    const settings = { ...defaultPreparation(protocol), rate: 360 };
    const beats = SUPPORT.reduce((a, b) => a + b, 0);
    const counts = LABELS.map((label, i) => ({
      label,
      found: 5 * SUPPORT[i],
      train: 3 * SUPPORT[i],
      validation: SUPPORT[i],
      test: SUPPORT[i],
      syntheticTrain: 0,
      syntheticValidation: 0,
      syntheticTest: 0,
    }));
    return workspace.preparations.add({
      name: "",
      datasetId,
      settings,
      summary: {
        settings,
        labels: LABELS,
        counts,
        totals: { train: 3 * beats, validation: beats, test: beats },
        beats: 5 * beats,
        leftOut: { outsideRecord: 0, missingSamples: 0, symbols: {}, smallClasses: {}, records: [] },
        sharedRecords: [],
        caveats: ["The metrics were drawn at random: they show nothing."],
      },
      fingerprint: "0".repeat(64),
      seconds: 1,
      createdAt,
    });
  });
}

function addRun(workspace: Workspace, preparationId: number, i: number, stepsPerEpoch: number): void {
  const random = randomStream(i, "runs");
  const at = (minutes: number): string => new Date(FIRST_RUN_MS + 60_000 * (10 * i + minutes)).toISOString();
  const settings = {
    ...defaultTraining(networkNames[i % networkNames.length]),
    seed: i,
    stepsPerEpoch,
  };
  const id = workspace.runs.add({ preparationId, settings, createdAt: at(0) });
  workspace.runs.start(id, at(1));
  if (i % 7 === 0) workspace.remarks.set(id, { name: "", notes: `Number ${i} of many`, tags: ["final"] });
  if (i % 10 === 9) {
    workspace.runs.end(
      id,
      "failed",
      { code: "training-failed", message: "The training process ended.", fix: "Train again." },
      at(2),
    );
    return;
  }
  const epochs = Array.from({ length: EPOCHS }, (_, epoch) => drawEpoch(epoch + 1, random));
  for (const epoch of epochs) workspace.runs.addEpoch(id, epoch);
  const losses = Float32Array.from(
    { length: EPOCHS * stepsPerEpoch },
    (_, step) => 2 / (1 + step / 9) + 0.1 * random.uniform(),
  );
  workspace.runs.addSteps(id, { firstStep: 1, losses, accuracies: losses.map((loss) => Math.max(0, 1 - loss / 2)) });
  const skill = 0.5 + 0.5 * random.uniform();
  workspace.runs.finish(
    id,
    {
      bestEpoch: EPOCHS,
      epochs,
      stoppedEarly: false,
      cancelled: false,
      test: drawEvaluation(skill, random),
      validation: drawEvaluation(skill, random),
      parameters: { trainable: 135_246, total: 136_014 },
      device: {
        backend: "tensorflow",
        description: "Invented processor",
        cores: 2,
        versions: { ectopy: "0.1.0", node: "24", tfjs: "4.22.0", tensorflow: "2.21.0" },
      },
      seconds: 60 * random.uniform(),
    },
    at(9),
  );
}

function drawEpoch(epoch: number, random: RandomStream): EpochMetrics {
  const loss = 1 / epoch + 0.05 * random.uniform();
  return {
    epoch,
    trainLoss: loss,
    trainAccuracy: 1 - loss / 2,
    validationLoss: loss,
    validationAccuracy: 1 - loss / 2,
    validationMacroF1: 1 - loss / 2,
    validationF1: LABELS.map(() => random.uniform()),
    learningRate: 0.001,
    seconds: 1,
    validationSeconds: 0.1,
  };
}

function drawEvaluation(skill: number, random: RandomStream): Evaluation {
  const confusion = SUPPORT.map((beats, i) => {
    const row = LABELS.map(() => 0);
    for (let beat = 0; beat < beats; beat++) {
      row[random.uniform() < skill ? i : Math.floor(random.uniform() * LABELS.length)]++;
    }
    return row;
  });
  return { loss: 2 * (1 - skill), ...classificationReport(confusion, LABELS) };
}
