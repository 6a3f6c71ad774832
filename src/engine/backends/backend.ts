/** Interface of a backend: it executes the programs of a plan in memories that it provides. */
import type { FillRows } from "../../pipeline/beats/batches.ts";
import { programsOf, type Plan, type Program, type StateLayout } from "../plan/plan.ts";

/** Memories of float32. They may share their bytes with other views of the backend. */
export interface PlanMemory {
  state: Float32Array;
  /** The feeds of all steps of a block, one after another. */
  feed: Float32Array;
}

export interface LoadedPlan {
  memory: PlanMemory;
  /** Makes `memory.state` current: a GPU has the state in its own memory, and changes it there. */
  download(): void;
  /** Passes on what the caller has written into `memory.state`. The caller downloads before it writes. */
  upload(): void;
  /**
   * A flag in shared memory; null where a run can't be interrupted. Another thread stores 1 in it: the run drops its
   * current step, and returns. The state is then that of the last completed step. The thread that runs stores 0 again.
   */
  interruption: Int32Array | null;
  /**
   * Runs a program on consecutive feeds.
   * @param steps number of feeds
   * @returns number of completed steps: fewer where the run was interrupted
   */
  run(program: Program, steps: number): number;
  /** Releases the memory. */
  close(): void;
}

export interface Backend {
  /** Name that is stored with a run. */
  name: "kernels" | "webassembly" | "webgpu";
  /** Such as `AVX-512, 2 threads`. */
  description: string;
  /**
   * Fills the rows of a batch (native/fill-rows.h); null where JavaScript does. It throws a RangeError where an array is
   * too short, or an example does not exist.
   */
  fillRows: FillRows | null;
  /**
   * Loads a plan.
   * @param steps steps of a block at most
   */
  load(plan: Plan, steps: number): LoadedPlan;
}

/** Sizes of the memories of a plan, in floats. */
export interface MemorySizes {
  state: number;
  feed: number;
  scratch: number;
}

/** Returns the sizes of the memories of a plan. @param steps steps of a block at most */
export function memorySizes(plan: Plan, steps: number): MemorySizes {
  const { state, training, prediction, explanations } = plan;
  const single = [prediction, ...explanations].map(({ feedFloats }) => feedFloats);
  return {
    state: state.floats,
    feed: Math.max(...single, ...training.map(({ feedFloats }) => feedFloats * steps)),
    scratch: Math.max(...programsOf(plan).map(({ scratchFloats }) => scratchFloats)),
  };
}

/** Writes the constants of a plan, which may be integers. */
export function writeConstants(state: Float32Array, { constants }: StateLayout): void {
  for (const { offset, values } of constants) {
    new Int32Array(state.buffer, state.byteOffset + 4 * offset, values.length).set(values);
  }
}
