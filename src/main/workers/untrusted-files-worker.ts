/** A worker thread that reads one file of unknown origin, and ends with it. */
import { readKerasH5 } from "../../engine/exchange/keras-h5.ts";
import { extractZip } from "./extract-zip.ts";
import { findMlflowExperiment } from "./mlflow-experiments.ts";
import type { UntrustedFilesTasks } from "./untrusted-files-tasks.ts";
import { serveTasks, type SayProgress, type TaskHandlers } from "./worker-pool.ts";

/** Often enough to show that it is at work; each message costs both threads. */
const SIGN_INTERVAL_MS = 250;
/** Keras models of hours of signal have a tenth of this. */
const MAX_WASM_BYTES = 1_000_000_000;

limitWebAssembly(MAX_WASM_BYTES);

const handlers: TaskHandlers<UntrustedFilesTasks> = {
  readKerasH5: ({ file }, say) => readKerasH5(file, signsOf(say)),
  unpackZip: (order, say) => extractZip(order, say, signsOf(say)),
  findMlflowExperiment: ({ root, name }, say) => findMlflowExperiment(root, name, () => say()),
};

serveTasks(handlers);

function signsOf(say: SayProgress): () => void {
  let last = -Infinity;
  return () => {
    const now = performance.now();
    if (now - last < SIGN_INTERVAL_MS) return;
    last = now;
    say();
  };
}

/** As far as it is used here: TypeScript knows it where there is a DOM. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const WASM_PAGE_BYTES = 65_536;

/** Its memory is none of the heap that a worker's limits bound: growing it fails, as it does where there is no more. */
function limitWebAssembly(maxBytes: number): void {
  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: WasmMemory } } }).WebAssembly;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own memory below
  const { grow } = Memory.prototype;
  Memory.prototype.grow = function (pages) {
    const bytes = this.buffer.byteLength + WASM_PAGE_BYTES * pages;
    if (bytes > maxBytes) throw new RangeError(`WebAssembly may not have ${bytes} bytes: ${maxBytes} is the limit.`);
    return grow.call(this, pages);
  };
}
