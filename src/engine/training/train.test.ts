/**
 * Tests the loop alone: a script sets the outputs of network and step, so that every expected number can be computed by
 * hand.
 */
import { describe, expect, it, vi } from "vitest";
import { CancelledError, EctopyError } from "../../contract/domain/errors.ts";
import { defaultTraining } from "../../contract/settings/defaults.ts";
import { presets } from "../../contract/settings/network-presets.ts";
import type { BatchProgress, EpochMetrics, TrainingSettings } from "../../contract/domain/training.ts";
import { batchFiller } from "./fill-batch.ts";
import type { LoadedPreparation } from "./preparation-files.ts";
import type { Network } from "../networks/network.ts";
import { batchSizes, testOnly, train, type Trained } from "./train.ts";
import { singleSteps, type StepBlocks } from "./step-blocks.ts";
import type { StepResult, TrainingStep } from "./training-step.ts";

/**
 * Makes beats of one sample, which is their number, in classes 0 and 1 alternately; two for validation and two for the
 * test.
 */
function makePreparation(trainBeats: number): LoadedPreparation {
  const beats = trainBeats + 4;
  const numbers = Uint32Array.from({ length: beats }, (_, i) => i);
  return {
    labels: ["N", "V"],
    shape: { windowLength: 1, classes: 2 },
    source: {
      length: 1,
      realCount: beats,
      values: Float32Array.from(numbers),
      classes: Uint8Array.from(numbers, (i) => i % 2),
      recipe: { base: new Uint32Array(0), neighbour: new Uint32Array(0), lambda: new Float32Array(0) },
    },
    featureNames: [],
    sets: {
      train: numbers.subarray(0, trainBeats),
      validation: numbers.subarray(trainBeats, trainBeats + 2),
      test: numbers.subarray(trainBeats + 2),
    },
  };
}

interface Script {
  /** Probability of the true class after 0, 1, … steps; the last value repeats. */
  probabilities?: number[];
  /** Result of each step; the last one repeats. */
  steps?: StepResult[];
  /** Number of steps after which the weight is NaN. */
  nanAfter?: number;
}

/** Returns a network whose only weight counts the steps. */
function scripted({ probabilities = [0.5], steps = [{ loss: 1, correct: 0 }], nanAfter = Infinity }: Script): {
  network: Network;
  step: TrainingStep;
  batches: { values: number[]; classes: number[] }[];
} {
  let weight = 0;
  const batches: { values: number[]; classes: number[] }[] = [];
  const unused = (): never => {
    throw new Error("The training loop must not call this.");
  };
  const network: Network = {
    spec: presets.ann,
    predictedAtOnce: 16,
    shape: { windowLength: 1, classes: 2 },
    parameters: { trainable: 1, total: 1 },
    probabilities([values]) {
      const p = probabilities[Math.min(weight, probabilities.length - 1)];
      return Float32Array.from([...values].flatMap((beat) => (beat % 2 === 0 ? [p, 1 - p] : [1 - p, p])));
    },
    weights: () => [Float32Array.of(batches.length > nanAfter ? Number.NaN : weight)],
    setWeights: ([[value]]) => void (weight = value),
    dispose: unused,
  };
  const step: TrainingStep = {
    run({ inputs: [values], classes }) {
      batches.push({ values: [...values], classes: [...classes] });
      weight++;
      return steps[Math.min(batches.length, steps.length) - 1];
    },
    state: () => ({ steps: batches.length, slots: [] }),
    restore: unused,
    dispose: unused,
  };
  return { network, step, batches };
}

interface Watched {
  trained: Trained;
  batches: { values: number[]; classes: number[] }[];
  progress: BatchProgress[];
  epochs: EpochMetrics[];
  weights: number[];
  /** Stages of evaluations, each once. */
  stages: string[];
}

const base: TrainingSettings = { ...defaultTraining("ann"), epochs: 3, batch: 2 };

/** @param onEvent receives each reported epoch and step, and a function that stops the training */
async function run(
  script: Script,
  settings: Partial<TrainingSettings>,
  { beats = 2, onEvent }: { beats?: number; onEvent?: (event: string, stop: () => void) => void } = {},
): Promise<Watched> {
  const { network, step, batches } = scripted(script);
  const abort = new AbortController();
  const emit = (event: string): void => onEvent?.(event, () => abort.abort());
  const progress: BatchProgress[] = [];
  const epochs: EpochMetrics[] = [];
  const stages = new Set<string>();
  emit("start");
  const trained = await train(
    {
      network,
      step,
      blocks: singleSteps(step, [{ size: 1 }]),
      fillBatch: batchFiller({ fillRows: null }, network.spec),
    },
    makePreparation(beats),
    { ...base, ...settings },
    {
      onProgress: (report) => {
        progress.push(report);
        emit(`step ${report.epoch}.${report.step}`);
      },
      onEvaluating: ({ stage }) => void stages.add(stage),
      onEpoch: (metrics) => {
        epochs.push(metrics);
        emit(`epoch ${metrics.epoch}`);
      },
      signal: abort.signal,
    },
  );
  return {
    trained,
    batches,
    progress,
    epochs,
    weights: network.weights().map(([weight]) => weight),
    stages: [...stages],
  };
}

/** Loss of a true class with probability p in float32: −ln p. */
const lossOf = (p: number): number => -Math.log(Math.fround(p));

describe("the best epoch", () => {
  it("is calibrated by the predictions of its validation, which are not computed again", async () => {
    const { trained, stages } = await run({ probabilities: [0.5, 0.9, 0.6, 0.4] }, { epochs: 3 });
    expect(trained.bestEpoch).toBe(1);
    expect(trained.validated.probabilities).toEqual(Float32Array.of(0.9, 1 - 0.9, 1 - 0.9, 0.9));
    expect(stages).toEqual(["Validating epoch 1", "Validating epoch 2", "Validating epoch 3", "Evaluating on test"]);
  });

  it("is passed over where the settings keep the last one", async () => {
    const script = { probabilities: [0, 0.6, 0.9, 0.8] };
    const { trained, epochs, weights } = await run(script, { epochs: 3, keptEpoch: "last" });
    expect(trained.bestEpoch).toBe(3);
    expect(weights).toEqual([3]);
    expect(trained.validation.loss).toBe(epochs[2].validationLoss);
  });

  it("has the lowest validation loss; its weights are kept and tested", async () => {
    const { trained, epochs, weights } = await run({ probabilities: [0, 0.6, 0.9, 0.8] }, { epochs: 3 });
    expect(trained.bestEpoch).toBe(2);
    expect(weights).toEqual([2]);
    expect(epochs.map((epoch) => epoch.validationLoss)).toEqual([
      expect.closeTo(lossOf(0.6), 6),
      expect.closeTo(lossOf(0.9), 6),
      expect.closeTo(lossOf(0.8), 6),
    ]);
    expect(trained.validation.loss).toBe(epochs[1].validationLoss);
    expect(trained.test.loss).toBeCloseTo(lossOf(0.9), 6);
    expect(trained.epochs).toEqual(epochs);
    expect(trained.stoppedEarly).toBe(false);
    expect(trained.cancelled).toBe(false);
    expect([...trained.predictions.truth]).toEqual([0, 1]);
  });

  it("is the first of several epochs with the same loss", async () => {
    const { trained } = await run({ probabilities: [0, 0.7, 0.7, 0.7] }, { epochs: 3 });
    expect(trained.bestEpoch).toBe(1);
  });
});

describe("patience", () => {
  it("stops the training after that many epochs without a lower loss", async () => {
    const { trained, weights } = await run(
      { probabilities: [0, 0.6, 0.9, 0.8, 0.85, 0.99] },
      { epochs: 10, patience: 2 },
    );
    expect(trained.epochs.length).toBe(4);
    expect(trained.stoppedEarly).toBe(true);
    expect(trained.bestEpoch).toBe(2);
    expect(weights).toEqual([2]);
  });

  it("is counted from the latest best epoch", async () => {
    const { trained } = await run({ probabilities: [0, 0.6, 0.5, 0.7, 0.6, 0.8, 0.1] }, { epochs: 10, patience: 2 });
    expect(trained.epochs.length).toBe(7);
    expect(trained.bestEpoch).toBe(5);
  });

  it("of 0 turns early stopping off", async () => {
    const { trained } = await run({ probabilities: [0, 0.9, 0.1] }, { epochs: 10, patience: 0 });
    expect(trained.epochs.length).toBe(10);
    expect(trained.stoppedEarly).toBe(false);
  });
});

describe("an epoch", () => {
  it("uses every beat once, in a different order each epoch, the same for the same seed", async () => {
    const beats = 101;
    const tenTens = Array<number>(10).fill(10);
    const orders = async (seed: number): Promise<number[][]> => {
      const { batches } = await run({}, { epochs: 2, batch: 10, seed }, { beats });
      expect(batches.map(({ values }) => values.length)).toEqual([...tenTens, 1, ...tenTens, 1]);
      for (const { values, classes } of batches) expect(classes).toEqual(values.map((beat) => beat % 2));
      const all = batches.flatMap(({ values }) => values);
      return [all.slice(0, beats), all.slice(beats)];
    };
    const [first, second] = await orders(42);
    const numbers = Array.from({ length: beats }, (_, i) => i);
    expect(first.toSorted((a, b) => a - b)).toEqual(numbers);
    expect(second.toSorted((a, b) => a - b)).toEqual(numbers);
    expect(first).not.toEqual(second);
    expect(await orders(42)).toEqual([first, second]);
    expect(await orders(43)).not.toEqual([first, second]);
  });

  it("weights each batch by its beats, as Keras does: the last may be smaller", async () => {
    const steps = [
      { loss: 1, correct: 1 },
      { loss: 2, correct: 2 },
      { loss: 4, correct: 0 },
    ];
    const { trained, progress } = await run({ steps }, { epochs: 1, batch: 2 }, { beats: 5 });
    expect(trained.epochs[0].trainLoss).toBe((2 * 1 + 2 * 2 + 1 * 4) / 5);
    expect(trained.epochs[0].trainAccuracy).toBe((1 + 2 + 0) / 5);
    expect(progress.map(({ step, steps: of, loss, accuracy }) => ({ step, of, loss, accuracy }))).toEqual([
      { step: 1, of: 3, loss: 1, accuracy: 1 / 2 },
      { step: 2, of: 3, loss: 6 / 4, accuracy: 3 / 4 },
      { step: 3, of: 3, loss: 10 / 5, accuracy: 3 / 5 },
    ]);
  });

  it("ends after stepsPerEpoch steps, or after all beats where they need fewer steps", async () => {
    const counts = async (stepsPerEpoch: number): Promise<number> =>
      (await run({}, { epochs: 1, stepsPerEpoch }, { beats: 9 })).batches.length;
    expect(await counts(0)).toBe(5);
    expect(await counts(3)).toBe(3);
    expect(await counts(5)).toBe(5);
    expect(await counts(99)).toBe(5);
  });

  it("has the batch sizes of batchSizes", async () => {
    for (const [beats, batch, stepsPerEpoch] of [
      [9, 2, 0],
      [9, 2, 4],
      [8, 2, 0],
      [3, 5, 0],
      [3, 5, 1],
      [10, 3, 99],
    ]) {
      const { batches } = await run({}, { epochs: 1, batch, stepsPerEpoch }, { beats });
      const sizes = new Set(batches.map(({ classes }) => classes.length));
      expect(batchSizes(beats, { batch, stepsPerEpoch })).toEqual([...sizes]);
    }
  });
});

describe("stopping", () => {
  it("before the first epoch has ended keeps nothing", async () => {
    for (const when of ["start", "step 1.2"]) {
      const stopped = run({}, {}, { beats: 6, onEvent: (event, stop) => event === when && stop() });
      await expect(stopped).rejects.toThrow(CancelledError);
    }
  });

  it("later keeps the best epoch so far and tests it", async () => {
    const { trained, batches, weights } = await run(
      { probabilities: [0, 0, 0, 0.9, 0.1] },
      { epochs: 10 },
      { beats: 6, onEvent: (event, stop) => event === "step 3.1" && stop() },
    );
    expect(trained.cancelled).toBe(true);
    expect(trained.stoppedEarly).toBe(false);
    expect(trained.epochs.length).toBe(2);
    expect(batches.length).toBe(3 + 3 + 1);
    expect(trained.bestEpoch).toBe(1);
    expect(weights).toEqual([3]);
    expect(trained.test.loss).toBeCloseTo(lossOf(0.9), 6);
  });
});

describe("blocks of steps", () => {
  /** Trains 100 steps, each of which lasts `stepMs` on a clock that nothing else moves. Returns the steps of each block. */
  async function blocksOf(stepMs: number, onBlock: (blocks: number, stop: () => void) => void): Promise<number[]> {
    const { network, step } = scripted({});
    const abort = new AbortController();
    const lengths: number[] = [];
    let now = performance.now();
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    const each = singleSteps(step, [{ size: 1 }]);
    const blocks: StepBlocks = {
      capacity: 64,
      batch: (_, beats) => each.batch(0, beats),
      run(beats, rates) {
        now += stepMs * rates.length;
        lengths.push(rates.length);
        onBlock(lengths.length, () => setImmediate(() => abort.abort()));
        return rates.flatMap((rate) => each.run(beats, [rate]));
      },
    };
    try {
      await train(
        { network, step, blocks, fillBatch: batchFiller({ fillRows: null }, network.spec) },
        makePreparation(200),
        { ...base, epochs: 1 },
        {
          onProgress: () => {},
          onEvaluating: () => {},
          onEpoch: () => {},
          signal: abort.signal,
        },
      ).catch((error: unknown) => {
        if (!(error instanceof CancelledError)) throw error;
      });
    } finally {
      clock.mockRestore();
    }
    return lengths;
  }

  it.each([
    // After 1, 2, 4, … and 32 steps, 37 of the 100 remain.
    [0.1, 37],
    [1, 25],
    [10, 2],
    [26, 1],
    [400, 1],
  ])("of %f ms a step have at most %i steps, and begin with one", async (stepMs, most) => {
    const lengths = await blocksOf(stepMs, () => {});
    expect(lengths.reduce((sum, length) => sum + length)).toBe(100);
    expect(lengths[0]).toBe(1);
    expect(Math.max(...lengths)).toBe(most);
  });

  it.each([1, 10, 26, 400])(
    "of %f ms a step: a request that arrives during a block ends the training within 100 ms or one step",
    async (stepMs) => {
      const asked = 4;
      const lengths = await blocksOf(stepMs, (blocks, stop) => {
        if (blocks === asked) stop();
      });
      const after = stepMs * lengths.slice(asked).reduce((sum, length) => sum + length, 0);
      expect(after).toBeLessThanOrEqual(Math.max(100, stepMs));
    },
  );
});

describe("the test of the best epoch", () => {
  it("waits while the training is paused, and its checkpoint has the weights of the last step", async () => {
    // Validation losses fall until the second of four epochs.
    const { network, step } = scripted({ probabilities: [0.5, 0.6, 0.9, 0.7, 0.6] });
    const seen: { at: string; weights: number[]; tested: boolean }[] = [];
    let isTested = false;
    await train(
      {
        network: { ...network, predictedAtOnce: 1 },
        step,
        blocks: singleSteps(step, [{ size: 1 }]),
        fillBatch: batchFiller({ fillRows: null }, network.spec),
      },
      makePreparation(2),
      { ...base, epochs: 4, patience: 0 },
      {
        onProgress: () => {},
        onEvaluating: ({ stage, done, total }) => (isTested = stage === "Evaluating on test" && done === total),
        onEpoch: () => {},
        between: async (at, capture) => {
          await Promise.resolve();
          seen.push({ at, weights: capture().weights.map(([weight]) => weight), tested: isTested });
        },
        signal: new AbortController().signal,
      },
    );
    expect(seen.filter(({ at }) => at === "test")).toEqual([
      { at: "test", weights: [4], tested: false },
      { at: "test", weights: [4], tested: true },
    ]);
    expect(network.weights()).toEqual([Float32Array.of(2)]);
  });
});

describe("the test of an imported network", () => {
  it("stops within a set", async () => {
    const { network } = scripted({});
    const abort = new AbortController();
    const tested: string[] = [];
    const stopped = testOnly(
      { network: { ...network, predictedAtOnce: 1 }, fillBatch: batchFiller({ fillRows: null }, network.spec) },
      makePreparation(2),
      {
        onEvaluating: ({ stage, done }) => {
          tested.push(`${stage}: ${done}`);
          abort.abort();
        },
        signal: abort.signal,
      },
    );
    await expect(stopped).rejects.toThrow(CancelledError);
    expect(tested).toEqual(["Testing on the validation set: 1"]);
  });
});

describe("a training that diverges", () => {
  it.each([Number.NaN, Infinity])("fails at a loss of %s, with its epoch and batch and a fix", async (loss) => {
    const steps = [
      { loss: 1, correct: 0 },
      { loss: 1, correct: 0 },
      { loss: 1, correct: 0 },
      { loss, correct: 0 },
    ];
    const error = await run({ steps }, {}, { beats: 4 }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(EctopyError);
    expect(error).toMatchObject({
      code: "training-failed",
      message: `Training of ANN diverged: the loss is ${loss} at epoch 2, batch 2.`,
    });
    expect((error as EctopyError).fix).toContain("Lower the learning rate (--lr)");
  });

  it("fails where only a weight is NaN", async () => {
    const failed = run({ steps: [{ loss: 1, correct: 0 }], nanAfter: 3 }, {}, { beats: 4 });
    await expect(failed).rejects.toMatchObject({
      code: "training-failed",
      message: "Training of ANN diverged: a weight is NaN at epoch 2.",
    });
  });

  it("fails where only the validation loss is NaN", async () => {
    const failed = run({ probabilities: [0.5, 0.6, Number.NaN] }, {});
    await expect(failed).rejects.toMatchObject({
      code: "training-failed",
      message: "Training of ANN diverged: the validation loss is NaN at epoch 2.",
    });
  });
});
