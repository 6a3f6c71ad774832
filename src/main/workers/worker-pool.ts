/**
 * Pool of worker threads for named tasks. Each task goes to an idle worker, and its result does not depend on the
 * worker. If a worker ends, or makes no progress for too long, only its task fails: a new worker replaces it.
 */
import { Worker, parentPort } from "node:worker_threads";
import {
  CancelledError,
  EctopyError,
  errorFromReport,
  reportError,
  type ErrorReport,
} from "../../contract/domain/errors.ts";
import type { JobProgress, ReportProgress } from "../../contract/domain/jobs.ts";

/** Tasks of a kind of worker: input and output of each. Values must survive structured cloning. */
export type TaskMap = Record<string, { input: unknown; output: unknown }>;

/** Reports the progress of a task. Each call also shows that the worker is not stuck. */
export type ReportTaskProgress = (progress?: JobProgress) => void;

export type TaskHandlers<Tasks extends TaskMap> = {
  [Name in keyof Tasks]: (
    input: Tasks[Name]["input"],
    report: ReportTaskProgress,
  ) => Tasks[Name]["output"] | Promise<Tasks[Name]["output"]>;
};

export interface PoolOptions {
  /**
   * Longest time of a task without progress, in ms of processor time, because a worker is slow on a busy machine. The
   * limit of wall time is {@link MAX_SILENCE_RATIO} times as long. Without this option, a task has no time limit.
   */
  silenceMs?: number;
  /**
   * Limit of a worker's JavaScript heap, in MB, without array buffers and WebAssembly. It is a safety net below limits
   * on file sizes, not sufficient alone: one allocation far beyond it still ends the whole process (Node 24).
   */
  heapMb?: number;
  /** Discards a worker's standard error: diagnostics of a library. */
  muted?: boolean;
}

/** Limit of wall time, in limits of processor time: a worker may wait for a processor or a disk. */
const MAX_SILENCE_RATIO = 5;
/** Time between two checks of the processor time, as a share of the limit. */
const CHECK_SHARE = 0.25;

/**
 * V8 checks the limit when the young generation is promoted: a larger one exceeds the limit first, and the whole
 * process ends.
 */
const YOUNG_GENERATION_MB = 16;

export interface TaskWatch {
  progress?: ReportProgress;
  /** Ends the worker that runs the task. */
  signal?: AbortSignal;
  /** Drops the task where no worker has begun it; a task that has begun is finished. */
  dropSignal?: AbortSignal;
}

/**
 * Error of a task without a result: its worker ran out of memory, made no progress, or ended. The message follows a
 * colon.
 */
export class WorkerLostError extends Error {
  override readonly name = "WorkerLostError";
  readonly reason: "memory" | "silence" | "ended";

  constructor(reason: WorkerLostError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Returns the EctopyError for a file whose worker was lost; any other value unchanged.
 * @param subject name of the file that was read, such as `Recording 100`
 * @param fix what the user can do
 */
export function refusalOf(error: unknown, subject: string, fix: string): unknown {
  if (!(error instanceof WorkerLostError)) return error;
  const cause = { cause: error };
  switch (error.reason) {
    case "memory":
      return new EctopyError(
        "out-of-memory",
        `${subject} needs more memory than the limit for reading it.`,
        fix,
        cause,
      );
    case "silence":
    case "ended":
      return new EctopyError("damaged-file", `${subject} cannot be read: ${error.message}`, fix, cause);
  }
}

interface Request {
  id: number;
  task: string;
  input: unknown;
}

type Reply =
  | { id: number; output: unknown }
  | { id: number; error: ErrorReport }
  | { id: number; outOfMemory: string }
  /** Null: the worker is alive, without a new progress. */
  | { id: number; progress: JobProgress | null };

interface Task {
  request: Request;
  progress: ReportProgress | undefined;
  resolve: (output: never) => void;
  reject: (error: Error) => void;
}

interface Running {
  task: Task;
  silence: NodeJS.Timeout | undefined;
}

export class WorkerPool<Tasks extends TaskMap> {
  readonly #entry: URL;
  readonly #options: PoolOptions;
  readonly #workers = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #queue: Task[] = [];
  readonly #running = new Map<Worker, Running>();
  #nextId = 0;
  #closed = false;
  /** Reason why an idle worker ended: a new one would end for the same reason. */
  #failure: Error | null = null;

  /**
   * @param entry file of the worker; it calls {@link serveTasks}
   * @param size number of workers, at least 1
   */
  constructor(entry: URL, size: number, options: PoolOptions = {}) {
    this.#entry = entry;
    this.#options = options;
    this.grow(size);
  }

  /** Starts further workers, up to a number of them. */
  grow(size: number): void {
    while (this.#workers.size < size && !this.#closed) this.#addWorker();
    this.#dispatch();
  }

  /** Runs a task. @throws WorkerLostError; CancelledError if the signal was aborted; errors of the handler */
  run<Name extends keyof Tasks & string>(
    task: Name,
    input: Tasks[Name]["input"],
    { progress, signal, dropSignal }: TaskWatch = {},
  ): Promise<Tasks[Name]["output"]> {
    return new Promise<Tasks[Name]["output"]>((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      const cancel = (): void => this.#cancel(queued);
      const drop = (): void => void this.#drop(queued);
      const unlisten = (): void => {
        signal?.removeEventListener("abort", cancel);
        dropSignal?.removeEventListener("abort", drop);
      };
      const queued: Task = {
        request: { id: this.#nextId++, task, input },
        progress,
        resolve: (output) => {
          unlisten();
          resolve(output);
        },
        reject: (error) => {
          unlisten();
          reject(error);
        },
      };
      signal?.addEventListener("abort", cancel);
      dropSignal?.addEventListener("abort", drop);
      this.#queue.push(queued);
      if (signal?.aborted === true) cancel();
      else if (dropSignal?.aborted === true) drop();
      this.#dispatch();
    });
  }

  /** Ends the workers; unfinished tasks never settle. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.length = 0;
    for (const { silence } of this.#running.values()) clearTimeout(silence);
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #addWorker(): void {
    const { heapMb, muted = false } = this.#options;
    const limits = { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    const worker = new Worker(this.#entry, {
      stderr: muted,
      ...(heapMb === undefined ? {} : { resourceLimits: limits }),
    });
    if (muted) worker.stderr.resume();
    this.#workers.add(worker);
    this.#idle.push(worker);
    worker.on("message", (reply: Reply) => this.#receive(worker, reply));
    worker.on("error", (error) => this.#lose(worker, lostBy(error, heapMb)));
    worker.on("exit", (code) =>
      this.#lose(worker, new WorkerLostError("ended", `its worker thread ended with status ${code}.`)),
    );
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const worker = this.#idle.pop()!;
      const task = this.#queue.shift()!;
      this.#running.set(worker, { task, silence: undefined });
      this.#restartLimit(worker);
      worker.postMessage(task.request);
    }
  }

  /** Restarts the time limit within which the worker must report progress. */
  #restartLimit(worker: Worker): void {
    const { silenceMs } = this.#options;
    const running = this.#running.get(worker);
    if (!running || silenceMs === undefined) return;
    clearTimeout(running.silence);
    const since = { time: performance.now(), processor: processorTimeOf(worker) };
    const check = async (): Promise<void> => {
      const elapsed = performance.now() - since.time;
      const used = ((await processorTimeOf(worker)) ?? Infinity) - ((await since.processor) ?? 0);
      if (this.#running.get(worker) !== running || running.silence !== timer) return;
      if (used >= (1 - CHECK_SHARE) * silenceMs || elapsed >= MAX_SILENCE_RATIO * silenceMs) {
        const message = `reading it made no progress for ${silenceMs / 1000} s.`;
        this.#end(worker, new WorkerLostError("silence", message));
      } else {
        running.silence = timer = setTimeout(() => void check(), CHECK_SHARE * silenceMs);
      }
    };
    let timer = setTimeout(() => void check(), silenceMs);
    running.silence = timer;
  }

  #receive(worker: Worker, reply: Reply): void {
    const running = this.#running.get(worker);
    // A message that a worker sent before it was ended may arrive after its end.
    if (!running || running.task.request.id !== reply.id) return;
    if ("progress" in reply) {
      this.#restartLimit(worker);
      if (reply.progress) running.task.progress?.(reply.progress);
      return;
    }
    this.#release(worker);
    this.#idle.push(worker);
    const { task } = running;
    if ("error" in reply) task.reject(errorFromReport(reply.error));
    else if ("outOfMemory" in reply) task.reject(new WorkerLostError("memory", reply.outOfMemory));
    else task.resolve(reply.output as never);
    this.#dispatch();
  }

  #cancel(task: Task): void {
    if (this.#drop(task)) return;
    for (const [worker, running] of this.#running) {
      if (running.task === task) this.#end(worker, new CancelledError());
    }
  }

  /** @returns whether the task was still in the queue */
  #drop(task: Task): boolean {
    const index = this.#queue.indexOf(task);
    if (index < 0) return false;
    this.#queue.splice(index, 1);
    task.reject(new CancelledError());
    return true;
  }

  /** Ends a worker that runs a task. The task fails only after the worker's end: until then it may write files. */
  #end(worker: Worker, error: Error): void {
    const { task } = this.#running.get(worker)!;
    this.#release(worker);
    this.#workers.delete(worker);
    void worker.terminate().then(() => task.reject(error));
    this.#replace();
  }

  #lose(worker: Worker, error: Error): void {
    // An exit follows an error; and a worker that was ended here was removed before.
    if (this.#closed || !this.#workers.delete(worker)) return;
    const running = this.#running.get(worker);
    this.#release(worker);
    if (running) {
      running.task.reject(error);
      this.#replace();
      return;
    }
    this.#failure ??= error;
    this.#idle.splice(this.#idle.indexOf(worker), 1);
    for (const task of this.#queue.splice(0)) task.reject(error);
  }

  #release(worker: Worker): void {
    clearTimeout(this.#running.get(worker)?.silence);
    this.#running.delete(worker);
  }

  #replace(): void {
    if (this.#closed) return;
    this.#addWorker();
    this.#dispatch();
  }
}

function lostBy(error: unknown, heapMb: number | undefined): WorkerLostError {
  if (error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = heapMb === undefined ? "than there is" : `than ${heapMb} MB`;
    return new WorkerLostError("memory", `its worker thread needed more memory ${limit}.`);
  }
  return new WorkerLostError("ended", error instanceof Error ? error.message : String(error));
}

/** Runs in a worker thread: answers tasks, one at a time. */
export function serveTasks<Tasks extends TaskMap>(handlers: TaskHandlers<Tasks>): void {
  const port = parentPort;
  if (!port) throw new Error("serveTasks runs in a worker thread.");
  port.on("message", ({ id, task, input }: Request) => {
    const report: ReportTaskProgress = (progress) =>
      port.postMessage({ id, progress: progress ?? null } satisfies Reply);
    // The start of the thread may have taken a while: the time limit begins here.
    report();
    void Promise.resolve()
      .then(() => handlers[task](input, report))
      .then(
        (output): Reply => ({ id, output }),
        (error: unknown): Reply =>
          isAllocationFailure(error) ? { id, outOfMemory: error.message } : { id, error: reportError(error) },
      )
      .then((reply) => port.postMessage(reply));
  });
}

/** Returns whether an array buffer did not fit into memory: V8 has no specific error for that. */
function isAllocationFailure(error: unknown): error is RangeError {
  return error instanceof RangeError && /allocation failed/.test(error.message);
}

/** Returns the processor time of a worker in ms; undefined if it has ended, and before Node 24.6. */
function processorTimeOf(worker: Worker): Promise<number | undefined> {
  if (typeof worker.cpuUsage !== "function") return Promise.resolve(undefined);
  return worker.cpuUsage().then(
    ({ user, system }) => (user + system) / 1000,
    () => undefined,
  );
}
