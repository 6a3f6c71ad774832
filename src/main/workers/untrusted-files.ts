/**
 * Reads files of unknown origin with third-party parsers (HDF5, YAML, ZIP), each file in a worker thread. The thread is
 * ended if it makes no progress for too long or fills its memory. The calling thread stays responsive.
 */
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import { entryPoint } from "../entry-points.ts";
import type { UntrustedFilesTasks } from "./untrusted-files-tasks.ts";
import { refusalOf, WorkerPool } from "./worker-pool.ts";

/** Longest time without progress: together with the start of a thread, a file is refused within 5 s. */
const SILENCE_MS = 3000;
/** Limit of the heap: enough for the description of a network, or the directory of an archive, as objects. */
const HEAP_MB = 512;

export interface ReadingOptions {
  /** Name of the file for messages. */
  name: string;
  /** What the user can do if it cannot be read. */
  fix: string;
  /** Longest time without progress, in ms. */
  silenceMs?: number;
  progress?: ReportProgress;
  signal?: AbortSignal;
}

/**
 * Runs a task.
 * @throws EctopyError of the task; `damaged-file`, `out-of-memory` if the thread was ended; CancelledError
 */
export async function readUntrusted<Name extends keyof UntrustedFilesTasks>(
  task: Name,
  input: UntrustedFilesTasks[Name]["input"],
  { name, fix, silenceMs = SILENCE_MS, ...watch }: ReadingOptions,
): Promise<UntrustedFilesTasks[Name]["output"]> {
  const options = { silenceMs, heapMb: HEAP_MB, muted: true };
  const pool = new WorkerPool<UntrustedFilesTasks>(entryPoint("untrusted-files-worker"), 1, options);
  try {
    return await pool.run(task, input, watch);
  } catch (error) {
    throw refusalOf(error, name, fix);
  } finally {
    await pool.close();
  }
}
