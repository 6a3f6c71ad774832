/** Interface of a backend: it executes the programs of a plan in memories that it provides. */
import type { Plan, Program } from "../plan/plan.ts";
import type { FillRows } from "../tensorflow/kernel-library.ts";

/** Memories of float32. They may share their bytes with other views of the backend. */
export interface PlanMemory {
  state: Float32Array;
  /** The feeds of all steps of a block, one after another. */
  feed: Float32Array;
}

export interface LoadedPlan {
  memory: PlanMemory;
  /**
   * Runs a program on consecutive feeds.
   * @param steps number of feeds
   */
  run(program: Program, steps: number): void;
  /** Releases the memory. */
  close(): void;
}

export interface Backend {
  /** Name that is stored with a run. */
  name: "kernels";
  /** Such as `AVX-512, 2 threads`. */
  description: string;
  /** Fills the rows of a batch. */
  fillRows: FillRows;
  /**
   * Loads a plan.
   * @param steps steps of a block at most
   */
  load(plan: Plan, steps: number): LoadedPlan;
}
