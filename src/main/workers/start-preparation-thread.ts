/** Starts a preparation thread, reports its progress, and settles when it has answered or ended. */
import { Worker } from "node:worker_threads";
import { errorFromReport } from "../../contract/domain/errors.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import { entryPoint } from "../entry-points.ts";
import type { PreparationMessage, PreparationInput, PreparationOutcome } from "./preparation-messages.ts";

/** Runs one preparation in its thread. @throws EctopyError for faults of the recordings or settings; CancelledError */
export function startPreparationThread(
  input: PreparationInput,
  { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
): Promise<PreparationOutcome> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(entryPoint("preparation-thread"), { workerData: input });
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
      // The promise is settled already, unless the thread ended without a message.
      reject(new Error(`The preparation thread ended with status ${status}.`));
    });
  });
}
