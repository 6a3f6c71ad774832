/**
 * The backend of kernels in WebAssembly: for machines without an addon. The module (native/wasm/) is the same on every
 * system, with vectors of four floats and threads. It gives the same bits on every processor.
 */
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { counted } from "../../contract/text/format-number.ts";
import { encodeProgram } from "../plan/encode-program.ts";
import { programsOf, type Plan } from "../plan/plan.ts";
import { memorySizes, writeConstants, type Backend, type LoadedPlan } from "./backend.ts";

const FILE = join("resources", "engine.wasm");

/** Largest memory that the module accepts (scripts/setup/wasm-build.mjs), in pages of 64 KiB. */
const MAX_PAGES = 65535;
/** Stack of a further thread. The kernels keep tiles of some kilobytes on it. */
const STACK_BYTES = 256 * 1024;
const MAX_THREADS = 16;

/** Addresses are whole numbers below 2³². */
type Address = number;

const functionOf = <Function>() => z.custom<Function>((value) => typeof value === "function");

const exportsSchema = z.object({
  start: functionOf<(threads: number) => void>(),
  allocate: functionOf<(bytes: number) => Address>(),
  openProgram: functionOf<(words: Address, count: number) => Address>(),
  runProgram: functionOf<(program: Address, memory: Address, steps: number, cancel: Address) => number>(),
});

/** What a further thread executes. It is text, so that a bundle of this file needs no second one. */
const THREAD = `
  const { module, memory, index, stack } = require("node:worker_threads").workerData;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  exports.__stack_pointer.value = stack;
  exports.runThread(index);
`;

/** Returns the path of the module; null where this copy of Ectopy lacks it. */
export function findWasmModule(): string | null {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, FILE);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return null;
  }
}

/**
 * Loads the module.
 * @param threads 0: ECTOPY_KERNEL_THREADS, or the cores that this process may use
 * @throws Error where this Node lacks vectors or shared memory
 */
export function loadWasmBackend(file: string, threads = 0): Backend {
  const module = new WebAssembly.Module(readFileSync(file));
  const requested = threads || Number(process.env["ECTOPY_KERNEL_THREADS"]) || availableParallelism();
  const count = Math.min(requested, MAX_THREADS);
  return {
    name: "webassembly",
    description: `SIMD128, ${counted(count, "thread")}`,
    fillRows: null,
    load: (plan, steps) => loadPlan(module, plan, { steps, threads: count }),
  };
}

/** Creates an instance with its memory and threads for a plan: they are released with it. */
function loadPlan(
  module: WebAssembly.Module,
  plan: Plan,
  { steps, threads }: { steps: number; threads: number },
): LoadedPlan {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: MAX_PAGES, shared: true });
  const wasm = exportsSchema.parse({ ...new WebAssembly.Instance(module, { env: { memory } }).exports });
  wasm.start(threads);
  const workers = Array.from({ length: threads - 1 }, (_, index) => {
    const stack = wasm.allocate(STACK_BYTES) + STACK_BYTES;
    const worker = new Worker(THREAD, { eval: true, workerData: { module, memory, index, stack }, execArgv: [] });
    // It waits for work until the process ends, and must not keep it from ending.
    worker.unref();
    return worker;
  });

  const sizes = memorySizes(plan, steps);
  const [state, feed, scratch] = [sizes.state, sizes.feed, sizes.scratch].map((floats) => ({
    floats,
    address: wasm.allocate(4 * floats),
  }));
  const programs = programsOf(plan);
  const handles = new Map(
    programs.map((program) => {
      const words = encodeProgram(program);
      const address = wasm.allocate(words.byteLength);
      new Int32Array(memory.buffer, address, words.length).set(words);
      return [program, wasm.openProgram(address, words.length)];
    }),
  );
  // EctopyMemory (native/program.h): addresses and sizes of 32 bits.
  const memories = wasm.allocate(24);
  new Uint32Array(memory.buffer, memories, 6).set([state, feed, scratch].flatMap((of) => [of.address, of.floats]));
  const cancel = wasm.allocate(4);
  const views = {
    state: new Float32Array(memory.buffer, state.address, state.floats),
    feed: new Float32Array(memory.buffer, feed.address, feed.floats),
  };
  writeConstants(views.state, plan.state);
  return {
    memory: views,
    interruption: new Int32Array(memory.buffer, cancel, 1),
    download() {},
    upload() {},
    run: (program, count) => wasm.runProgram(handles.get(program)!, memories, count, cancel),
    close: () => workers.forEach((worker) => void worker.terminate()),
  };
}
