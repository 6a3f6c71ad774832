/**
 * Thread that runs one preparation: it collects the beats, counts and stores them, so that the calling thread stays
 * responsive. It starts worker threads for the heavy computations.
 */
import { dirname } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { RecordToPrepare } from "../../contract/domain/dataset-records.ts";
import { EctopyError, reportError } from "../../contract/domain/errors.ts";
import type { JobProgress } from "../../contract/domain/jobs.ts";
import { withSystemErrors } from "../../contract/domain/system-errors.ts";
import { syncTree } from "../store/disk.ts";
import { writePreparation } from "./write-preparation.ts";
import { preparePatient } from "./prepare-patient.ts";
import { prepareBeats } from "./prepare-beats.ts";
import type { PreparationMessage, PreparationInput } from "./preparation-messages.ts";

const port = parentPort;
if (!port) throw new Error("The preparation thread is started by start-preparation-thread.ts.");
const send = (message: PreparationMessage): void => port.postMessage(message);
const { folder, records, test, base, settings, destination } = workerData as PreparationInput;

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
  const { patient } = settings;
  const prepared =
    base === undefined || patient === undefined
      ? await prepareBeats(options)
      : preparePatient({ ...options, record: patientRecord(), base, settings: { ...settings, patient }, destination });
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

/** Returns the recording that the settings name. @throws EctopyError `not-found` */
function patientRecord(): RecordToPrepare {
  const [name] = settings.records;
  const record = records.find((each) => each.name === name);
  if (record !== undefined) return record;
  throw new EctopyError("not-found", `The dataset has no usable recording ${name}.`, "Choose another recording.");
}
