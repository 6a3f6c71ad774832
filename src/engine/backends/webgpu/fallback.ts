/**
 * Continues on the processor where a GPU fails. The state is copied from the GPU now and then, and the feeds since are
 * kept: the processor repeats these steps. So a training notices nothing but the message, and no step is reported twice.
 */
import type { Plan, Program } from "../../plan/plan.ts";
import type { Backend, LoadedPlan } from "../backend.ts";
import { GpuError } from "./gpu-worker.ts";

/** Feeds that are kept before the state is copied again, in floats: the processor repeats them in seconds. */
const MAX_KEPT_FLOATS = 4 * 2 ** 20;

export interface FallbackOptions {
  /** Loads the backend that continues. */
  load: () => Backend;
  /** Called once, when the GPU has failed. */
  onFallback: (error: GpuError, backend: Backend) => void;
  /** Replaces the number of kept floats in tests. */
  maxKeptFloats?: number;
}

/** Returns a backend whose plans continue on another one after a {@link GpuError}. */
export function withFallback(gpu: Backend, options: FallbackOptions): Backend {
  let other: Backend | null = null;
  const fallBack = (error: unknown): Backend => {
    if (!(error instanceof GpuError)) throw error;
    if (other === null) {
      other = options.load();
      options.onFallback(error, other);
    }
    return other;
  };
  return {
    name: gpu.name,
    description: gpu.description,
    fillRows: gpu.fillRows,
    load(plan, steps) {
      if (other !== null) return other.load(plan, steps);
      try {
        const loaded = gpu.load(plan, steps);
        const loadOther = (error: unknown): LoadedPlan => fallBack(error).load(plan, steps);
        return new FallbackPlan(plan, loaded, loadOther, options.maxKeptFloats ?? MAX_KEPT_FLOATS);
      } catch (error) {
        return fallBack(error).load(plan, steps);
      }
    },
  };
}

interface KeptBlock {
  program: Program;
  steps: number;
  feed: Float32Array;
}

class FallbackPlan implements LoadedPlan {
  readonly #plan: Plan;
  readonly #loadOther: (error: unknown) => LoadedPlan;
  readonly #maxKeptFloats: number;
  readonly interruption = null;
  #loaded: LoadedPlan;
  #hasFailed = false;
  /** The state before the kept blocks. */
  #state: Float32Array;
  #kept: KeptBlock[] = [];
  #keptFloats = 0;

  constructor(plan: Plan, loaded: LoadedPlan, loadOther: (error: unknown) => LoadedPlan, maxKeptFloats: number) {
    this.#plan = plan;
    this.#loaded = loaded;
    this.#loadOther = loadOther;
    this.#maxKeptFloats = maxKeptFloats;
    this.#state = loaded.memory.state.slice();
  }

  get memory(): LoadedPlan["memory"] {
    return this.#loaded.memory;
  }

  run(program: Program, steps: number): number {
    if (this.#hasFailed) return this.#loaded.run(program, steps);
    const feed = this.memory.feed.slice(0, program.feedFloats * steps);
    try {
      this.#loaded.run(program, steps);
    } catch (error) {
      this.#fallBack(error);
      this.#repeat({ program, steps, feed });
      return steps;
    }
    if (program === this.#plan.prediction) return steps;
    this.#kept.push({ program, steps, feed });
    this.#keptFloats += feed.length;
    if (this.#keptFloats > this.#maxKeptFloats) this.download();
    return steps;
  }

  download(): void {
    this.#attempt(() => this.#loaded.download());
    this.#keep();
  }

  upload(): void {
    this.#keep();
    this.#attempt(() => this.#loaded.upload());
  }

  close(): void {
    this.#loaded.close();
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fallBack(error);
    }
  }

  /** Keeps the state that JavaScript has, which is current. */
  #keep(): void {
    if (this.#hasFailed) return;
    this.#state = this.memory.state.slice();
    this.#kept = [];
    this.#keptFloats = 0;
  }

  #fallBack(error: unknown): void {
    const failed = this.#loaded;
    const results = failed.memory.feed.slice();
    this.#loaded = this.#loadOther(error);
    this.#hasFailed = true;
    this.memory.state.set(this.#state);
    for (const block of this.#kept) this.#repeat(block);
    this.#kept = [];
    // The caller may still read the results of its last block.
    this.memory.feed.set(results);
    try {
      failed.close();
    } catch (closing) {
      if (!(closing instanceof GpuError)) throw closing;
    }
  }

  #repeat({ program, steps, feed }: KeptBlock): void {
    this.memory.feed.set(feed);
    this.#loaded.run(program, steps);
  }
}
