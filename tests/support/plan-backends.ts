/**
 * Tests of a backend that runs plans: every layer, optimizer, loss and clipping compared with the step op by op; blocks
 * of steps, a restored state and interruptions with the same bits.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { networkSchema } from "../../src/contract/domain/networks.ts";
import { optimizerSchema, type ClippingSettings } from "../../src/contract/domain/optimization.ts";
import { presets } from "../../src/contract/settings/network-presets.ts";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { InterruptedError } from "../../src/engine/training/step-blocks.ts";
import type { StepResult } from "../../src/engine/training/training-step.ts";
import { customNetworks } from "./custom-networks.ts";
import {
  compareSteps,
  planTraining,
  randomBatch,
  tensorFlowTraining,
  type PlanCase,
  type StepDifferences,
} from "./plan-steps.ts";
import { recurrentCases } from "./recurrent-networks.ts";
import { sequenceNetworks } from "./sequence-networks.ts";

export const presetCases = Object.values(presets).map((network): PlanCase => ({ network, windowLength: 24 }));
export const planCases: readonly PlanCase[] = [...customNetworks, ...presetCases];
const [ann] = presetCases;

/** Each of its steps takes long. Both kinds of batch normalization update their moving statistics in the forward pass. */
const longNetwork = networkSchema.parse({
  name: "long",
  layers: [
    { id: "conv", kind: "conv1d", filters: 64, kernelSize: 5, activation: "relu" },
    { id: "norm", kind: "batch-normalization" },
    { id: "lstm", kind: "lstm", units: 192 },
    { id: "rows", kind: "batch-normalization" },
  ],
});

/** Stores 1 in a flag soon after a message. */
const INTERRUPT = `
const { parentPort, workerData } = require("node:worker_threads");
parentPort.once("message", () => {
  setTimeout(() => Atomics.store(workerData, 0, 1), 30);
});
parentPort.postMessage("ready");
`;

function expectSmall(differences: StepDifferences): void {
  expect(differences.correct).toBe(0);
  expect(differences.losses).toBeLessThan(1e-4);
  // Adam and RMSprop divide by √v: where a gradient is near 0, its rounding moves a weight by a part of the rate.
  expect(differences.weights).toBeLessThan(1e-4);
  expect(differences.probabilities).toBeLessThan(1e-5);
}

/** A backend under test; without it, its tests are skipped with the reason. */
export interface TestedBackend {
  name: string;
  load: () => Backend | null;
  missing: string;
}

/** Describes the tests of backends, each on its own. */
export function testBackends(backends: readonly TestedBackend[]): void {
  describe.each(backends)("$name", testBackend);
}

function testBackend({ load, missing }: TestedBackend): void {
  let backend: Backend;
  let loaded: LoadedTensorFlow;
  beforeAll(async () => {
    loaded = await loadTensorFlow("test");
    const found = load();
    if (found !== null) backend = found;
  });
  beforeEach((ctx) => {
    if (backend === undefined) ctx.skip(missing);
  });
  const expectEager = (given: PlanCase): void =>
    expectSmall(compareSteps(given, planTraining(backend, given), tensorFlowTraining(loaded, given)));

  describe("runs a plan that", () => {
    it.each(planCases)("trains and predicts like the step op by op: $network.name", (given) => expectEager(given));

    it.each(sequenceNetworks)("computes a sequence of any shape: $network.name", (given) => expectEager(given));

    it.each(recurrentCases)("computes a recurrence of any shape: $network.name", ({ batches, ...given }) => {
      const eager = tensorFlowTraining(loaded, given, "eager", batches);
      const twice = [...batches, ...batches];
      expectSmall(compareSteps(given, planTraining(backend, given, batches), eager, twice));
    });

    it("propagates NaN, as in a diverging training", () => {
      const given = presetCases[1];
      const { network, step } = planTraining(backend, given);
      const batch = randomBatch(given, 7, 0);
      batch.inputs[0][5] = NaN;
      expect(step.run(batch, 1e-3).loss).toBeNaN();
      network.dispose();
    });

    it.each(
      (
        [
          { kind: "adamw", weightDecay: 0.1 },
          { kind: "sgd" },
          { kind: "sgd", momentum: 0.9 },
          { kind: "sgd", momentum: 0.9, nesterov: true },
          { kind: "rmsprop" },
          { kind: "rmsprop", rho: 0.95, momentum: 0.5 },
        ] as const
      ).map((settings) => optimizerSchema.parse(settings)),
    )("has the optimizer's update: %j", (optimizer) => expectEager({ ...ann, optimizer }));

    it.each([
      { labelSmoothing: 0.1, focus: 0, adjustment: null },
      { labelSmoothing: 0, focus: 2, adjustment: null },
      { labelSmoothing: 0, focus: 0, adjustment: Float32Array.of(-1, -2, 0, -0.5, -3) },
      { labelSmoothing: 0.2, focus: 1.5, adjustment: Float32Array.of(-1, -2, 0, -0.5, -3) },
    ])("has the loss: %j", (loss) => {
      expectEager({ ...ann, loss });
      const [plain, shaped] = [ann, { ...ann, loss }].map((given) => {
        const { network, step } = planTraining(backend, given);
        const result = step.run(randomBatch(ann, 7, 0), 1e-3);
        network.dispose();
        return result.loss;
      });
      expect(Math.abs(plain - shaped)).toBeGreaterThan(1e-3);
    });

    it.each([
      { kind: "value", limit: 0.01 },
      { kind: "norm", limit: 0.05 },
      { kind: "global-norm", limit: 0.1 },
    ] satisfies ClippingSettings[])("clips gradients: $kind", (clipping) => {
      const optimizer = optimizerSchema.parse({ kind: "sgd" });
      expectEager({ ...ann, optimizer, clipping });
      const free = planTraining(backend, { ...ann, optimizer });
      const clipped = planTraining(backend, { ...ann, optimizer, clipping });
      const steps = [free, clipped].map(({ network, step }) => {
        step.run(randomBatch(ann, 7, 0), 1);
        return network.weights();
      });
      expect(steps[0]).not.toEqual(steps[1]);
    });
  });

  describe("runs a block of steps that", () => {
    it.each(presetCases)("has the bits of the same steps one by one: $network.name", (given) => {
      const single = planTraining(backend, given);
      const block = planTraining(backend, given);
      const batches = [0, 1, 2].map((number) => randomBatch(given, 7, number));
      const rates = [1e-2, 5e-3, 1e-3];
      const expected = batches.map((batch, i) => single.step.run(batch, rates[i]));
      batches.forEach((batch, i) => {
        const { inputs, classes, weights } = block.blocks.batch(i, 7);
        inputs.forEach((input, k) => input.set(batch.inputs[k]));
        classes.set(batch.classes);
        weights.set(batch.weights);
      });
      expect(block.blocks.run(7, rates)).toEqual(expected);
      expect(block.network.weights()).toEqual(single.network.weights());
      expect(block.step.state()).toEqual(single.step.state());
    });

    it("continues a restored state with the same bits", () => {
      const [a, b] = [planTraining(backend, ann), planTraining(backend, ann)];
      const run = ({ step }: typeof a, number: number): number => step.run(randomBatch(ann, 7, number), 1e-2).loss;
      run(a, 0);
      b.network.setWeights(a.network.weights());
      b.step.restore(structuredClone(a.step.state()));
      expect(run(b, 1)).toBe(run(a, 1));
      expect(b.network.weights()).toEqual(a.network.weights());
    });

    it("drops a step that another thread interrupts, and has the bits of its completed steps", async (ctx) => {
      const given = { network: longNetwork, windowLength: 360 };
      const [a, b] = [planTraining(backend, given), planTraining(backend, given)];
      if (a.interruption === null) return ctx.skip("this backend finishes its steps");
      const run = ({ blocks }: typeof a, first: number, steps: number): StepResult[] => {
        for (let i = 0; i < steps; i++) {
          const batch = randomBatch(given, 7, first + i);
          const { inputs, classes, weights } = blocks.batch(i, 7);
          inputs.forEach((input, k) => input.set(batch.inputs[k]));
          classes.set(batch.classes);
          weights.set(batch.weights);
        }
        return blocks.run(7, Array<number>(steps).fill(1e-2));
      };
      const interrupting = new Worker(INTERRUPT, { eval: true, workerData: a.interruption });
      await once(interrupting, "message");
      interrupting.postMessage("begin");
      const completed = run(a, 0, a.blocks.capacity);
      await once(interrupting, "exit");
      expect(completed.length).toBeLessThan(a.blocks.capacity);
      expect(run(a, completed.length, 1)).toEqual([]);
      expect(() => a.network.probabilities([new Float32Array(given.windowLength)])).toThrow(InterruptedError);
      Atomics.store(a.interruption, 0, 0);
      if (completed.length > 0) expect(run(b, 0, completed.length)).toEqual(completed);
      expect(a.network.weights()).toEqual(b.network.weights());
      expect(a.step.state()).toEqual(b.step.state());
      expect(run(a, completed.length, 1)).toEqual(run(b, completed.length, 1));
      expect(a.network.weights()).toEqual(b.network.weights());
    });

    it("refuses a batch size that the plan does not have, and too many beats of a prediction", () => {
      const { step, network } = planTraining(backend, ann);
      expect(() => step.run(randomBatch(ann, 5, 0), 1e-3)).toThrow("no step of 5 beats");
      const beats = network.predictedAtOnce + 1;
      expect(() => network.probabilities([new Float32Array(beats * ann.windowLength)])).toThrow(`it got ${beats}`);
    });
  });
}
