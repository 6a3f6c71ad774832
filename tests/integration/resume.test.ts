/** A training resumed from a stored checkpoint equals an uninterrupted one, to the last bit. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { networkSchema } from "../../src/contract/domain/networks.ts";
import { optimizerSchema, scheduleSchema } from "../../src/contract/domain/optimization.ts";
import type { EpochMetrics, TrainingSettings } from "../../src/contract/domain/training.ts";
import { loadBothEngines, type BothEngines } from "../support/both-engines.ts";
import { loadTestGpu, NO_GPU } from "../support/software-gpu.ts";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { readCheckpoint, writeCheckpoint } from "../../src/engine/training/checkpoint-files.ts";
import type { ExecutionMode } from "../../src/engine/training/create-training.ts";
import type { Trained } from "../../src/engine/training/train.ts";
import type { TrainingState } from "../../src/engine/training/training-state.ts";
import {
  disposeTraining,
  tinyPreparation,
  tinySettings,
  tinyTraining,
  trainUnwatched,
} from "../support/tiny-training.ts";

let loaded: BothEngines;
let folder: string;
beforeAll(async () => {
  loaded = await loadBothEngines();
  folder = mkdtempSync(join(tmpdir(), "ectopy-resume-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dataset = tinyPreparation(0.5);
const FINGERPRINT = "a".repeat(64);
let folders = 0;

/** Stores a checkpoint and reads it back, as another process would. */
function store(state: TrainingState): TrainingState {
  const path = mkdtempSync(join(folder, `${folders++}-`));
  return readCheckpoint(path, writeCheckpoint(path, state, FINGERPRINT), FINGERPRINT);
}

interface Outcome {
  weights: Float32Array[];
  trained: Trained;
  /** Stored states after each step, during each validation and after each epoch. */
  states: TrainingState[];
}

async function run(
  settings: TrainingSettings,
  engine: ExecutionMode,
  from?: TrainingState,
  backend: Backend = loaded.backend,
): Promise<Outcome> {
  const created = tinyTraining({ ...loaded, backend }, dataset, settings, engine);
  // States are stored before each step; a resumed training runs several steps at once.
  const capacity = from === undefined ? 1 : created.blocks.capacity;
  const training = { ...created, blocks: { ...created.blocks, capacity } };
  const states: TrainingState[] = [];
  const between = (_: string, capture: () => TrainingState): undefined => {
    if (from === undefined) states.push(store(capture()));
  };
  const trained = await trainUnwatched(training, dataset, settings, { between, from });
  const weights = training.network.weights();
  disposeTraining(training);
  return { weights, trained, states };
}

const withoutTimes = (epochs: readonly EpochMetrics[]): EpochMetrics[] =>
  epochs.map((epoch) => ({ ...epoch, seconds: 0, validationSeconds: 0 }));

async function expectSameFrom(
  settings: TrainingSettings,
  checkpoints: readonly number[],
  engine: ExecutionMode,
  backend: Backend = loaded.backend,
): Promise<void> {
  const whole = await run(settings, engine, undefined, backend);
  for (const checkpoint of checkpoints) {
    const state = whole.states.at(checkpoint);
    expect(state, `state ${checkpoint} of ${whole.states.length}`).toBeDefined();
    const resumed = await run(settings, engine, state, backend);
    expect(resumed.weights).toEqual(whole.weights);
    expect(withoutTimes(resumed.trained.epochs)).toEqual(withoutTimes(whole.trained.epochs));
    expect(resumed.trained.test).toEqual(whole.trained.test);
    expect(resumed.trained.validation).toEqual(whole.trained.validation);
    expect(resumed.trained.bestEpoch).toBe(whole.trained.bestEpoch);
    expect(resumed.trained.stoppedEarly).toBe(whole.trained.stoppedEarly);
    expect(resumed.trained.predictions).toEqual(whole.trained.predictions);
  }
}

// Index of states. Three epochs of four steps: a state after each step, one during the validation, one after the epoch; then one in the test.
const CHECKPOINTS = {
  firstStep: 0,
  withinFirst: 2,
  validation: 4,
  endOfFirst: 5,
  withinLast: 14,
  endOfAll: 17,
  inTest: 18,
};

describe("a resumed training", () => {
  it.each([
    ["ann", "plan"],
    ["cnn", "plan"],
    ["lstm", "plan"],
    // A graph computes an LSTM by cuDNN only.
    ["ann", "graph"],
    ["cnn", "graph"],
  ] as const)("equals an uninterrupted one, from every checkpoint: %s, %s", async (network, engine) => {
    const checkpoints =
      network === "ann" ? Object.values(CHECKPOINTS) : [CHECKPOINTS.withinFirst, CHECKPOINTS.endOfFirst];
    await expectSameFrom(tinySettings(network), checkpoints, engine);
  });

  it("equals an uninterrupted one on a GPU, and the processor resumes it as well", async (ctx) => {
    const gpu = loadTestGpu();
    if (gpu === null) return ctx.skip(NO_GPU);
    const layers = [
      { id: "conv", kind: "conv1d", filters: 4, kernelSize: 3, activation: "relu" },
      { id: "norm", kind: "batch-normalization" },
      { id: "dropout", kind: "dropout", rate: 0.3 },
      { id: "lstm", kind: "lstm", units: 4 },
    ];
    const settings = tinySettings(networkSchema.parse({ name: "small", layers }));
    await expectSameFrom(settings, [CHECKPOINTS.withinFirst, CHECKPOINTS.endOfFirst], "plan", gpu);
    const { states, trained } = await run(settings, "plan", undefined, gpu);
    const resumed = await run(settings, "plan", states[CHECKPOINTS.withinLast]);
    expect(resumed.trained.test.loss).toBeCloseTo(trained.test.loss, 4);
  });

  it("reports the learning rate of an epoch whose validation was interrupted", async () => {
    const settings = tinySettings("ann", { schedule: scheduleSchema.parse({ kind: "cosine" }) });
    await expectSameFrom(settings, [CHECKPOINTS.validation], "plan");
  });

  it("equals an uninterrupted one op by op", async () => {
    await expectSameFrom(tinySettings("ann"), [CHECKPOINTS.withinFirst], "eager");
  });

  it.each([
    { kind: "adamw" },
    { kind: "sgd" },
    { kind: "sgd", momentum: 0.9, nesterov: true },
    { kind: "rmsprop", momentum: 0.5 },
  ] as const)("equals an uninterrupted one with any optimizer: %j", async (optimizer) => {
    const settings = tinySettings("ann", { optimizer: optimizerSchema.parse(optimizer) });
    await expectSameFrom(settings, [CHECKPOINTS.withinFirst, CHECKPOINTS.withinLast], "plan");
  });

  it("restores the counters of the plateau schedule and of early stopping", async () => {
    const settings = tinySettings("ann", {
      epochs: 12,
      // A rate so high that the loss increases early.
      learningRate: 0.3,
      patience: 3,
      schedule: scheduleSchema.parse({ kind: "plateau", patience: 1, factor: 0.5 }),
      weighting: { classes: { N: 2 }, synthetic: 1 },
    });
    const { trained } = await run(settings, "plan");
    expect(trained.stoppedEarly).toBe(true);
    expect(new Set(trained.epochs.map(({ learningRate }) => learningRate)).size).toBeGreaterThan(1);
    // A checkpoint in the epoch before it stops.
    const within = 6 * (trained.epochs.length - 1) + 1;
    await expectSameFrom(settings, [within, within - 6], "plan");
  });

  it("differs without the optimizer's state", async () => {
    const settings = tinySettings("ann");
    const whole = await run(settings, "plan");
    const state = whole.states[CHECKPOINTS.withinFirst];
    const emptied = {
      ...state.optimizer,
      slots: state.optimizer.slots.map(({ length }) => new Float32Array(length)),
    };
    const resumed = await run(settings, "plan", { ...state, optimizer: emptied });
    expect(resumed.weights).not.toEqual(whole.weights);
  });
});
