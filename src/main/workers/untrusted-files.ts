/**
 * Reads files of unknown origin with parsers that are not ours (HDF5, YAML, ZIP): each in a worker thread that is ended where it
 * says nothing for too long, dies or fills its memory. This thread goes on answering meanwhile.
 */
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import { entryPoint } from "../entry-points.ts";
import type { UntrustedFilesTasks } from "./untrusted-files-tasks.ts";
import { refusalOf, WorkerPool } from "./worker-pool.ts";

/** With the start of a thread, files are refused within 5 s. */
const SILENCE_MS = 3000;
/** What a description of a network, or a directory of an archive, may take as objects. */
const HEAP_MB = 512;

export interface ReadingOptions {
  /** What the user calls the file, for messages. */
  name: string;
  /** What to do where it can't be read. */
  fix: string;
  /** Longest time without a sign of progress, in ms. */
  silenceMs?: number;
  progress?: ReportProgress;
  signal?: AbortSignal;
}

/** @throws EctopyError what the task throws; `damaged-file`, `out-of-memory` where it had to be ended; CancelledError */
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
