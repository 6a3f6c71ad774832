/**
 * A pool of worker threads that share out named tasks, each to a worker that is free. An answer does not depend on which worker
 * gave it. A worker that dies, or is silent for too long, costs the task it was at and nothing else: a new one takes its place.
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

/** The tasks that a kind of worker knows: what each takes and gives. Values must survive structured cloning. */
export type TaskMap = Record<string, { input: unknown; output: unknown }>;

/** What a handler may say while it is at a task. Each call also shows that the worker is not stuck. */
export type SayProgress = (progress?: JobProgress) => void;

export type TaskHandlers<Tasks extends TaskMap> = {
  [Name in keyof Tasks]: (
    input: Tasks[Name]["input"],
    say: SayProgress,
  ) => Tasks[Name]["output"] | Promise<Tasks[Name]["output"]>;
};

export interface PoolOptions {
  /**
   * Longest time that a worker at a task says nothing, in ms of processor time: on a busy machine it is not its fault that it is
   * slow. {@link MAX_SILENCE_RATIO} times as long in all. Without it, a task takes as long as it needs.
   */
  silenceMs?: number;
  /**
   * Most that a worker's JavaScript heap may hold, in MB. Array buffers and WebAssembly lie outside of it. A net under limits on
   * what is read, not a limit by itself: one allocation far beyond it still ends the whole process (Node 24).
   */
  heapMb?: number;
  /** Drops what a worker writes on standard error: a library's own diagnostics. */
  muted?: boolean;
}

/** A worker that is given no processor, or waits for a disk, is left alone for so many times its limit. */
const MAX_SILENCE_RATIO = 5;
/** How much of a limit may pass between two looks at the processor time. */
const LOOK_SHARE = 0.25;

/** V8 is asked to stop when the young generation moves up: a larger one passes the limit before it is heard, and all ends. */
const YOUNG_GENERATION_MB = 16;

export interface TaskWatch {
  progress?: ReportProgress;
  /** Ends the worker that is at the task. */
  signal?: AbortSignal;
}

/** A task without an answer: its worker ran out of memory, was silent for too long, or ended by itself. The message follows a colon. */
export class WorkerLostError extends Error {
  override readonly name = "WorkerLostError";
  readonly reason: "memory" | "silence" | "ended";

  constructor(reason: WorkerLostError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * The catalogue's error for a file whose worker was lost; any other value as it is.
 * @param subject what was being read, such as `Record 100` or a file's name
 * @param fix what to do about it
 */
export function refusalOf(error: unknown, subject: string, fix: string): unknown {
  if (!(error instanceof WorkerLostError)) return error;
  const cause = { cause: error };
  switch (error.reason) {
    case "memory":
      return new EctopyError("out-of-memory", `${subject} needs more memory to read than it may have.`, fix, cause);
    case "silence":
    case "ended":
      return new EctopyError("damaged-file", `${subject} can't be read: ${error.message}`, fix, cause);
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
  /** Without progress: the worker is there, and at work. */
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
  readonly size: number;
  readonly #entry: URL;
  readonly #options: PoolOptions;
  readonly #workers = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #queue: Task[] = [];
  readonly #running = new Map<Worker, Running>();
  #nextId = 0;
  #closed = false;
  /** Why a worker ended that had no task: the next one would end alike. */
  #failure: Error | null = null;

  /**
   * @param entry file of the worker; it calls {@link serveTasks}
   * @param size workers, at least 1
   */
  constructor(entry: URL, size: number, options: PoolOptions = {}) {
    this.size = size;
    this.#entry = entry;
    this.#options = options;
    for (let i = 0; i < size; i++) this.#addWorker();
  }

  /** @throws WorkerLostError; CancelledError where the signal ended it; whatever the handler threw */
  run<Name extends keyof Tasks & string>(
    task: Name,
    input: Tasks[Name]["input"],
    { progress, signal }: TaskWatch = {},
  ): Promise<Tasks[Name]["output"]> {
    return new Promise<Tasks[Name]["output"]>((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      const cancel = (): void => this.#cancel(queued);
      const queued: Task = {
        request: { id: this.#nextId++, task, input },
        progress,
        resolve: (output) => {
          signal?.removeEventListener("abort", cancel);
          resolve(output);
        },
        reject: (error) => {
          signal?.removeEventListener("abort", cancel);
          reject(error);
        },
      };
      signal?.addEventListener("abort", cancel);
      this.#queue.push(queued);
      if (signal?.aborted === true) cancel();
      this.#dispatch();
    });
  }

  /** Ends the workers; tasks not done are given up. */
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
    worker.on("message", (reply: Reply) => this.#hear(worker, reply));
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
      this.#listen(worker);
      worker.postMessage(task.request);
    }
  }

  /** Starts the time anew within which the worker must say something. */
  #listen(worker: Worker): void {
    const { silenceMs } = this.#options;
    const running = this.#running.get(worker);
    if (!running || silenceMs === undefined) return;
    clearTimeout(running.silence);
    const since = { time: performance.now(), processor: processorTimeOf(worker) };
    const look = async (): Promise<void> => {
      const silent = performance.now() - since.time;
      const used = ((await processorTimeOf(worker)) ?? Infinity) - ((await since.processor) ?? 0);
      if (this.#running.get(worker) !== running || running.silence !== timer) return;
      if (used >= (1 - LOOK_SHARE) * silenceMs || silent >= MAX_SILENCE_RATIO * silenceMs) {
        const message = `reading it made no progress for ${silenceMs / 1000} s.`;
        this.#end(worker, new WorkerLostError("silence", message));
      } else {
        running.silence = timer = setTimeout(() => void look(), LOOK_SHARE * silenceMs);
      }
    };
    let timer = setTimeout(() => void look(), silenceMs);
    running.silence = timer;
  }

  #hear(worker: Worker, reply: Reply): void {
    const running = this.#running.get(worker);
    // What it said before it was ended may arrive after that.
    if (!running || running.task.request.id !== reply.id) return;
    if ("progress" in reply) {
      this.#listen(worker);
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
    const error = new CancelledError();
    const place = this.#queue.indexOf(task);
    if (place >= 0) {
      this.#queue.splice(place, 1);
      task.reject(error);
      return;
    }
    for (const [worker, running] of this.#running) if (running.task === task) this.#end(worker, error);
  }

  /** Ends a worker that is at a task. The task is answered once the worker is gone: until then it may write files. */
  #end(worker: Worker, error: Error): void {
    const { task } = this.#running.get(worker)!;
    this.#release(worker);
    this.#workers.delete(worker);
    void worker.terminate().then(() => task.reject(error));
    this.#replace();
  }

  #lose(worker: Worker, error: Error): void {
    // An error is followed by an exit; and what was ended here was counted out before.
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

/** The worker's side: answers tasks, one at a time. */
export function serveTasks<Tasks extends TaskMap>(handlers: TaskHandlers<Tasks>): void {
  const port = parentPort;
  if (!port) throw new Error("serveTasks runs in a worker thread.");
  port.on("message", ({ id, task, input }: Request) => {
    const say: SayProgress = (progress) => port.postMessage({ id, progress: progress ?? null } satisfies Reply);
    // It may have taken a while to start.
    say();
    void Promise.resolve()
      .then(() => handlers[task](input, say))
      .then(
        (output): Reply => ({ id, output }),
        (error: unknown): Reply =>
          isAllocationFailure(error) ? { id, outOfMemory: error.message } : { id, error: reportError(error) },
      )
      .then((reply) => port.postMessage(reply));
  });
}

/** V8 has no error of its own for an array buffer that does not fit into memory. */
function isAllocationFailure(error: unknown): error is RangeError {
  return error instanceof RangeError && /allocation failed/.test(error.message);
}

/** Returns the processor time of a worker in ms; undefined where it has ended, and before Node 24.6. */
function processorTimeOf(worker: Worker): Promise<number | undefined> {
  if (typeof worker.cpuUsage !== "function") return Promise.resolve(undefined);
  return worker.cpuUsage().then(
    ({ user, system }) => (user + system) / 1000,
    () => undefined,
  );
}
