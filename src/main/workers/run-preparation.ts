/** Starts a preparation thread, follows it, and settles when it is done or gone. */
import { Worker } from "node:worker_threads";
import { errorFromReport } from "../../contract/domain/errors.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import { entryPoint } from "../entry-points.ts";
import type { PreparationMessage, PreparationOrder, PreparationOutcome } from "./preparation-messages.ts";

/** @throws EctopyError what the records or settings are at fault for; CancelledError */
export function runPreparation(
  order: PreparationOrder,
  { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
): Promise<PreparationOutcome> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(entryPoint("preparation-thread"), { workerData: order });
    const cancel = (): void => thread.postMessage("cancel");
    signal.addEventListener("abort", cancel);
    if (signal.aborted) cancel();
    thread.on("message", (message: PreparationMessage) => {
      switch (message.type) {
        case "progress":
          progress(message.progress);
          break;
        case "done":
          resolve({ summary: message.summary, stored: message.stored });
          break;
        case "failed":
          reject(errorFromReport(message.error));
          break;
      }
    });
    thread.on("error", reject);
    thread.on("exit", (status) => {
      signal.removeEventListener("abort", cancel);
      // Settled before, unless it ended without a word.
      reject(new Error(`The preparation thread ended with status ${status}.`));
    });
  });
}
