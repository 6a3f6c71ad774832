/** Worker thread that reads one file of unknown origin, and then ends. */
import { readKerasModel } from "../../engine/exchange/keras-model.ts";
import { findMlflowExperiment } from "./mlflow-experiments.ts";
import type { UntrustedFilesTasks } from "./untrusted-files-tasks.ts";
import { serveTasks, type ReportTaskProgress, type TaskHandlers } from "./worker-pool.ts";
import { listZipTree } from "./zip-tree.ts";

/** Shortest time between two signs of progress: each message costs both threads time. */
const SIGN_INTERVAL_MS = 250;
/** Limit of WebAssembly memory: Keras models for hours of signal need a tenth of it. */
const MAX_WASM_BYTES = 1_000_000_000;

limitWebAssembly(MAX_WASM_BYTES);

const handlers: TaskHandlers<UntrustedFilesTasks> = {
  readKerasModel: ({ file, windowLength }, report) => readKerasModel(file, { alive: signsOf(report), windowLength }),
  listZip: (input, report) => listZipTree(input, signsOf(report)),
  findMlflowExperiment: ({ root, name }, report) => findMlflowExperiment(root, name, () => report()),
};

serveTasks(handlers);

/** Returns a function that shows the pool that the worker is alive, at most once per interval. */
function signsOf(report: ReportTaskProgress): () => void {
  let last = -Infinity;
  return () => {
    const now = performance.now();
    if (now - last < SIGN_INTERVAL_MS) return;
    last = now;
    report();
  };
}

/** WebAssembly.Memory, as far as it is used here: TypeScript declares it only together with the DOM. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const WASM_PAGE_BYTES = 65_536;

/**
 * Limits the memory of WebAssembly, which is outside of the heap that a worker's limits bound: growing beyond the limit
 * fails.
 */
function limitWebAssembly(maxBytes: number): void {
  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: WasmMemory } } }).WebAssembly;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own memory below
  const { grow } = Memory.prototype;
  Memory.prototype.grow = function (pages) {
    const bytes = this.buffer.byteLength + WASM_PAGE_BYTES * pages;
    if (bytes > maxBytes) throw new RangeError(`WebAssembly cannot have ${bytes} bytes: the limit is ${maxBytes}.`);
    return grow.call(this, pages);
  };
}
