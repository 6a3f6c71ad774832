/**
 * Preloaded into the soaked server (`--import`), in each of its threads: on SIGUSR2 all collect garbage, and the memory
 * in use is written to the file that ECTOPY_SOAK_MEMORY names. Without the collection, uncollected garbage would count
 * as memory in use.
 */
import { renameSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BroadcastChannel, isMainThread } from "node:worker_threads";

/** Time for the threads to collect their garbage. */
const THREADS_MS = 500;

const file = process.env["ECTOPY_SOAK_MEMORY"];
if (file !== undefined) {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as (options: object) => void;
  // Also gives back the pages that V8 keeps for later allocations: hundreds of megabytes that come and go without any growth.
  const collect = (): void => gc({ type: "major", execution: "sync", flavor: "last-resort" });
  const channel = new BroadcastChannel("ectopy-soak");
  if (isMainThread) {
    process.on("SIGUSR2", () => {
      channel.postMessage(null);
      collect();
      setTimeout(() => {
        // The second collection frees objects that finalizers of the first released.
        collect();
        writeFileSync(`${file}.partial`, JSON.stringify(process.memoryUsage()));
        renameSync(`${file}.partial`, file);
      }, THREADS_MS);
    });
  } else {
    channel.onmessage = collect;
  }
  // The listener keeps no thread alive.
  channel.unref();
}
