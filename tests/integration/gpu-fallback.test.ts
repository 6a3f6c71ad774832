/**
 * A training whose GPU fails continues on the processor. WebAssembly plays both, so that the results of an undisturbed
 * training are expected, bit for bit.
 */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { presets } from "../../src/contract/settings/network-presets.ts";
import type { Backend, LoadedPlan } from "../../src/engine/backends/backend.ts";
import { findWasmModule, loadWasmBackend } from "../../src/engine/backends/wasm.ts";
import { withFallback } from "../../src/engine/backends/webgpu/fallback.ts";
import { GpuError } from "../../src/engine/backends/webgpu/webgpu.ts";
import { planTraining, randomBatch } from "../support/plan-steps.ts";

const given = { network: presets.ann, windowLength: 24 };
const STEPS = 5;
let processor: Backend;
beforeAll(() => {
  processor = loadWasmBackend(findWasmModule()!, 1);
});

type Request = "run" | "download" | "upload";

/** A GPU of which a request fails, and all after it. @param at from 0 */
function failing(kind: Request | "load", at: number, error: Error = new GpuError("lost", "gone")): Backend {
  let left = at;
  let failed = false;
  const count = (request: Request | "load"): void => {
    if (request === kind && left-- === 0) failed = true;
    if (failed) throw error;
  };
  return {
    ...processor,
    load(plan, steps) {
      count("load");
      const loaded = processor.load(plan, steps);
      const checked = (request: Request): Pick<LoadedPlan, Request> => (count(request), loaded);
      return {
        memory: loaded.memory,
        interruption: null,
        run: (program, block) => checked("run").run(program, block),
        download: () => checked("download").download(),
        upload: () => checked("upload").upload(),
        close: () => {
          if (failed) throw error;
          loaded.close();
        },
      };
    },
  };
}

/** Trains, with predictions and a restored state in between. */
function results(backend: Backend): unknown {
  const { network, step } = planTraining(backend, given);
  const query = randomBatch(given, 3, 9).inputs;
  const steps = Array.from({ length: STEPS }, (_, i) => {
    const result = step.run(randomBatch(given, 7, i), 1e-2);
    const state = structuredClone(step.state());
    if (i === 2) step.restore(state);
    return { result, state, probabilities: network.probabilities(query), weights: network.weights() };
  });
  network.dispose();
  return steps;
}

describe("a training continues with the same bits where a GPU fails", () => {
  it.each<[Request | "load", number]>([
    ["load", 0],
    ["run", 0],
    ["run", 3],
    ["run", 4],
    ["download", 0],
    ["download", 4],
    ["upload", 0],
    ["upload", 1],
  ])("at %s %i", (kind, at) => {
    const onFallback = vi.fn();
    const backend = withFallback(failing(kind, at), { load: () => processor, onFallback });
    expect(results(backend)).toEqual(results(processor));
    expect(onFallback).toHaveBeenCalledExactlyOnceWith(new GpuError("lost", "gone"), processor);
  });

  it.each([0, 1e9])("after several blocks since the state was copied: %d floats kept", (maxKeptFloats) => {
    const train = (backend: Backend): unknown => {
      const { network, step } = planTraining(backend, given);
      const losses = Array.from({ length: STEPS }, (_, i) => step.run(randomBatch(given, 7, i), 1e-2));
      return { losses, weights: network.weights() };
    };
    const backend = withFallback(failing("run", 4), { load: () => processor, onFallback: () => {}, maxKeptFloats });
    expect(train(backend)).toEqual(train(processor));
  });
});

it("a training on another plan begins on the processor after that", () => {
  const gpu = failing("run", 0);
  const load = vi.spyOn(gpu, "load");
  const backend = withFallback(gpu, { load: () => processor, onFallback: () => {} });
  results(backend);
  results(backend);
  expect(load).toHaveBeenCalledOnce();
});

it("other errors end the training", () => {
  const backend = withFallback(failing("run", 1, new RangeError("a bug")), {
    load: () => processor,
    onFallback: () => {},
  });
  expect(() => results(backend)).toThrow(new RangeError("a bug"));
});
