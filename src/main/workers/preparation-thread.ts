/**
 * Thread that runs one preparation: it collects the beats, counts and stores them, so that the calling thread stays
 * responsive. It starts worker threads for the heavy computations.
 */
import { dirname } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { reportError } from "../../contract/domain/errors.ts";
import type { JobProgress } from "../../contract/domain/jobs.ts";
import { withSystemErrors } from "../../contract/domain/system-errors.ts";
import { syncTree } from "../store/disk.ts";
import { writePreparation } from "./write-preparation.ts";
import { prepareBeats } from "./prepare-beats.ts";
import type { PreparationMessage, PreparationInput } from "./preparation-messages.ts";

const port = parentPort;
if (!port) throw new Error("The preparation thread is started by start-preparation-thread.ts.");
const send = (message: PreparationMessage): void => port.postMessage(message);
const { folder, records, test, settings, destination } = workerData as PreparationInput;

const cancel = new AbortController();
port.on("message", () => cancel.abort());
const options = {
  folder,
  records,
  test,
  settings,
  progress: (progress: JobProgress) => send({ type: "progress", progress }),
  signal: cancel.signal,
};

try {
  const prepared = await prepareBeats(options);
  options.progress({ stage: "Storing", done: 0, total: 0, unit: "beats" });
  const written = await withSystemErrors(`the preparation under ${dirname(destination)}`, () => {
    const files = writePreparation(destination, prepared);
    syncTree(destination);
    return files;
  });
  send({ type: "done", summary: prepared.summary, stored: { ...written, seconds: prepared.seconds.total } });
} catch (error) {
  send({ type: "failed", error: reportError(error) });
} finally {
  port.close();
}
