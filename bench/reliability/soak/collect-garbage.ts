/**
 * Preloaded into the soaked server (`--import`), in each of its threads: on SIGUSR2 all collect garbage, and the file that
 * ECTOPY_SOAK_MEMORY names gets what memory then holds. Without the collection, memory is what no collector has looked at yet.
 */
import { renameSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BroadcastChannel, isMainThread } from "node:worker_threads";

/** For the threads to collect theirs. */
const THREADS_MS = 500;

const file = process.env["ECTOPY_SOAK_MEMORY"];
if (file !== undefined) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const channel = new BroadcastChannel("ectopy-soak");
  if (isMainThread) {
    process.on("SIGUSR2", () => {
      channel.postMessage(null);
      collect();
      setTimeout(() => {
        // The second frees what finalizers of the first let go.
        collect();
        writeFileSync(`${file}.partial`, JSON.stringify(process.memoryUsage()));
        renameSync(`${file}.partial`, file);
      }, THREADS_MS);
    });
  } else {
    channel.onmessage = collect;
  }
  // It keeps no thread alive.
  channel.unref();
}
