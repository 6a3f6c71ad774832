/** The backend on the processor: kernels in C++ as an addon (native/addon.cpp). */
import { createRequire } from "node:module";
import { z } from "zod";
import type { FillRows } from "../../pipeline/beats/batches.ts";
import { counted } from "../../contract/text/format-number.ts";
import { encodeProgram } from "../plan/encode-program.ts";
import { aligned, programsOf, type Plan } from "../plan/plan.ts";
import { findAddon } from "../tensorflow/find-addon.ts";
import { memorySizes, writeConstants, type Backend, type LoadedPlan } from "./backend.ts";

/** A program in the addon. */
type Handle = object;

interface AddonFunctions {
  openProgram: (words: Int32Array) => Handle;
  runProgram: (
    program: Handle,
    state: Float32Array,
    feed: Float32Array,
    scratch: Float32Array,
    steps: number,
    cancel: Int32Array,
  ) => number;
  alignment: (floats: Float32Array) => number;
  fillRows: FillRows;
}

const functionOf = <Name extends keyof AddonFunctions>() =>
  z.custom<AddonFunctions[Name]>((value) => typeof value === "function");

/** Exports of the addon. */
const addonSchema = z.object({
  /** Instruction set, such as `avx2`. */
  target: z.string(),
  /** Floats per vector. */
  width: z.number(),
  threads: z.number(),
  openProgram: functionOf<"openProgram">(),
  runProgram: functionOf<"runProgram">(),
  fillRows: functionOf<"fillRows">(),
  alignment: functionOf<"alignment">(),
});

type Addon = z.infer<typeof addonSchema>;

/** Not named `require`, which the bundler declares. */
const requireFile = createRequire(import.meta.url);

/** Returns the path of the addon; null where it has not been built. */
export function findCpuAddon(): string | null {
  return findAddon("ectopy_engine.node");
}

/** Loads the addon. @throws Error where it can't be loaded on this machine */
export function loadCpuBackend(file: string): Backend {
  const addon = addonSchema.parse(requireFile(file));
  return {
    name: "kernels",
    description: `${addon.target}, ${counted(addon.threads, "thread")}`,
    fillRows: addon.fillRows,
    load: (plan, steps) => loadPlan(addon, plan, steps),
  };
}

function loadPlan(addon: Addon, plan: Plan, steps: number): LoadedPlan {
  const programs = programsOf(plan);
  const handles = new Map(programs.map((program) => [program, addon.openProgram(encodeProgram(program))]));
  const sizes = memorySizes(plan, steps);
  const state = allocate(addon, sizes.state);
  const feed = allocate(addon, sizes.feed);
  const scratch = allocate(addon, sizes.scratch);
  writeConstants(state, plan.state);
  const interruption = new Int32Array(new SharedArrayBuffer(4));
  return {
    memory: { state, feed },
    interruption,
    download() {},
    upload() {},
    run: (program, count) => addon.runProgram(handles.get(program)!, state, feed, scratch, count, interruption),
    close() {
      // Programs and memories are released with this object.
    },
  };
}

/** Returns zeros that begin at a cache line. */
function allocate(addon: Addon, floats: number): Float32Array {
  const size = aligned(floats);
  const all = new Float32Array(size + aligned(1));
  const skipped = addon.alignment(all);
  return all.subarray(skipped, skipped + size);
}
