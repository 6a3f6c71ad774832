/**
 * Tries a GPU on a network: whether it trains as the processor does, and how fast. A driver may end the process, so this
 * belongs in a separate one (processes/device-process.ts).
 */
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import { randomStream } from "../../pipeline/random.ts";
import type { Backend } from "../backends/backend.ts";
import { GpuError, loadWebgpuBackend, type GpuAdapter } from "../backends/webgpu/webgpu.ts";
import { createPlanTraining } from "./plan-training.ts";
import { randomBatch } from "./random-batch.ts";

export interface TrialSettings {
  network: NetworkSpec;
  shape: NetworkShape;
  /** Beats of a step. */
  batch: number;
}

export interface WebgpuTrial {
  adapter: GpuAdapter;
  /** Why the GPU can't train this network, as text; empty: it can. */
  problem: string;
  /** Duration of a training step, median, and of the same step on the processor; null where there is a problem. */
  stepMs: number | null;
  processorMs: number | null;
}

/** Largest relative difference, as a share of the length of all changes: sums in another order make some millionths. */
const TOLERANCE = 1e-3;
const COMPARED_STEPS = 2;
const MEASURED_STEPS = 7;
/** With plain gradient descent, the changes are proportional to the gradients. */
const LEARNING_RATE = 0.05;
/** Predictions are not tried: they are the forward part of a step. */
const PREDICTED_AT_ONCE = 1;

/** Tries a GPU. @param reference the backend on the processor */
export function tryWebgpu(adapter: GpuAdapter, reference: Backend, settings: TrialSettings): WebgpuTrial {
  const failed = (problem: string): WebgpuTrial => ({ adapter, problem, stepMs: null, processorMs: null });
  try {
    const gpu = loadWebgpuBackend(adapter);
    const tried = trainSteps(gpu, settings, MEASURED_STEPS);
    const expected = trainSteps(reference, settings, MEASURED_STEPS);
    gpu.close();
    const difference = relativeDifference(tried.changes, expected.changes);
    // Not below, so that NaN is a problem too.
    if (!(difference < TOLERANCE)) {
      return failed(`it trains otherwise than the processor (difference ${(100 * difference).toFixed(1)} %)`);
    }
    return { adapter, problem: "", stepMs: tried.stepMs, processorMs: expected.stepMs };
  } catch (error) {
    if (error instanceof GpuError) return failed(error.message);
    throw error;
  }
}

/** Trains the compared steps, then measures further ones. */
function trainSteps(
  backend: Backend,
  { network: spec, shape, batch }: TrialSettings,
  measured: number,
): { changes: Float32Array; stepMs: number } {
  const settings = {
    optimizer: { kind: "sgd", momentum: 0, nesterov: false },
    clipping: { kind: "none" },
    seed: 1,
  } as const;
  const training = createPlanTraining(backend, {
    network: spec,
    shape,
    batches: [batch],
    settings,
    predictedAtOnce: PREDICTED_AT_ONCE,
  });
  const { network, step } = training;
  const batches = Array.from({ length: COMPARED_STEPS }, (_, i) =>
    randomBatch(spec, shape, batch, randomStream(1, "webgpu-trial", i)),
  );
  const before = network.weights();
  for (const each of batches) step.run(each, LEARNING_RATE);
  const changes = Float32Array.from(
    network.weights().flatMap((values, i) => Array.from(values, (value, k) => value - before[i][k])),
  );
  const durations = Array.from({ length: measured }, () => {
    const begin = performance.now();
    step.run(batches[0], LEARNING_RATE);
    return performance.now() - begin;
  });
  network.dispose();
  return { changes, stepMs: durations.sort((a, b) => a - b)[Math.floor(measured / 2)] ?? 0 };
}

/** Returns the length of the difference, divided by the length of the expected values. */
function relativeDifference(values: Float32Array, expected: Float32Array): number {
  let [difference, length] = [0, 0];
  expected.forEach((value, i) => {
    difference += (values[i] - value) ** 2;
    length += value ** 2;
  });
  return Math.sqrt(difference / length);
}
