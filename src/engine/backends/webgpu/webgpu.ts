/**
 * The backend on GPUs of any make: the plan's kernels as WGSL, run by Dawn (the package `webgpu`). The state of a plan lies
 * on the GPU; feeds go there, and results come back, once for each block of steps.
 */
import { memorySizes, writeConstants, type Backend, type LoadedPlan } from "../backend.ts";
import { programsOf, type Plan } from "../../plan/plan.ts";
import { compileProgram } from "./compile-program.ts";
import { GpuError, gpuWorker } from "./gpu-worker.ts";
import type { GpuAdapter, GpuRequest } from "./protocol.ts";

export { GpuError } from "./gpu-worker.ts";
export type { GpuAdapter, GpuFailure } from "./protocol.ts";

/** Set to 1 by tests: accepts adapters whose work the processor does. */
const ALLOW_SOFTWARE = "ECTOPY_ALLOW_SOFTWARE_GPU";

export interface WebgpuBackend extends Backend {
  /** Gives up the GPU. Plans of the backend then fail as if it were lost. */
  close(): void;
}

/** Returns the GPUs that Dawn finds, software among them; none where Dawn has no addon for this system. */
export function listAdapters(): GpuAdapter[] {
  try {
    const answer = gpuWorker().request({ kind: "list" });
    return "adapters" in answer ? answer.adapters : [];
  } catch (error) {
    if (error instanceof GpuError) return [];
    throw error;
  }
}

/** Returns the GPUs that may train: all but software, which tests alone may use. */
export function usableAdapters(): GpuAdapter[] {
  return listAdapters().filter(isUsable);
}

function isUsable({ software }: GpuAdapter): boolean {
  return !software || process.env[ALLOW_SOFTWARE] === "1";
}

/**
 * Opens a GPU.
 * @throws GpuError where it can't be opened, and for software outside tests
 */
export function loadWebgpuBackend(adapter: GpuAdapter): WebgpuBackend {
  if (!isUsable(adapter)) {
    throw new GpuError("failed", `${adapter.name} is software: the processor trains faster without it.`);
  }
  const device = numberOf({ kind: "open", adapter });
  return {
    name: "webgpu",
    description: `${adapter.name} (${adapter.api})`,
    fillRows: null,
    load: (plan, steps) => loadPlan(device, plan, steps),
    close: () => void gpuWorker().request({ kind: "destroy", device }),
  };
}

function loadPlan(device: number, plan: Plan, steps: number): LoadedPlan {
  const sizes = memorySizes(plan, steps);
  const state = new Float32Array(new SharedArrayBuffer(4 * sizes.state));
  const feed = new Float32Array(new SharedArrayBuffer(4 * sizes.feed));
  writeConstants(state, plan.state);
  const programs = programsOf(plan);
  const number = numberOf({
    kind: "load",
    device,
    plan: { state: state.buffer, feed: feed.buffer, steps, programs: programs.map(compileProgram) },
  });
  const request = (kind: "download" | "upload" | "close"): void =>
    void gpuWorker().request({ kind, device, plan: number });
  /** Whether the GPU has written the state since it was copied. */
  let changed = false;
  return {
    memory: { state, feed },
    interruption: null,
    run(program, count) {
      gpuWorker().request({ kind: "run", device, plan: number, program: programs.indexOf(program), steps: count });
      changed = true;
      return count;
    },
    download() {
      if (changed) request("download");
      changed = false;
    },
    upload() {
      request("upload");
      changed = false;
    },
    close: () => request("close"),
  };
}

/** Sends a request that is answered with a number. */
function numberOf(request: Extract<GpuRequest, { kind: "open" | "load" }>): number {
  const answer = gpuWorker().request(request);
  if (!("number" in answer)) throw new Error("The thread with the GPU did not answer with a number.");
  return answer.number;
}
