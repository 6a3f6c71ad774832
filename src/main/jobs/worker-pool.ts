/**
 * A pool of worker threads that share out named tasks: one a core, each task to whichever is free. What comes back does not
 * depend on which worker did it.
 */
import { Worker, parentPort } from "node:worker_threads";
import { errorFromReport, reportError, type ErrorReport } from "../../contract/errors.ts";

/** The tasks that a kind of worker knows: what each takes and gives. Values must survive structured cloning. */
export type TaskMap = Record<string, { input: unknown; output: unknown }>;

export type TaskHandlers<Tasks extends TaskMap> = {
  [Name in keyof Tasks]: (input: Tasks[Name]["input"]) => Tasks[Name]["output"] | Promise<Tasks[Name]["output"]>;
};

interface Request {
  id: number;
  task: string;
  input: unknown;
}

type Reply = { id: number; output: unknown } | { id: number; error: ErrorReport };

interface Waiting {
  request: Request;
  resolve: (output: never) => void;
  reject: (error: unknown) => void;
}

export class WorkerPool<Tasks extends TaskMap> {
  readonly #workers: Worker[];
  readonly #idle: Worker[];
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<Worker, Waiting>();
  #nextId = 0;
  #closed = false;
  /** Why a worker ended by itself. */
  #failure: Error | null = null;

  /**
   * @param entry file of the worker; it calls {@link serveTasks}
   * @param size workers, at least 1
   */
  constructor(entry: URL, size: number) {
    this.#workers = Array.from({ length: size }, () => new Worker(entry));
    this.#idle = [...this.#workers];
    for (const worker of this.#workers) {
      worker.on("message", (reply: Reply) => this.#settle(worker, reply));
      worker.on("error", (error) => this.#fail(worker, error instanceof Error ? error : new Error(String(error))));
      worker.on("exit", (code) => this.#fail(worker, new Error(`A worker thread ended with status ${code}.`)));
    }
  }

  get size(): number {
    return this.#workers.length;
  }

  run<Name extends keyof Tasks & string>(task: Name, input: Tasks[Name]["input"]): Promise<Tasks[Name]["output"]> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#queue.push({ request: { id: this.#nextId++, task, input }, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends the workers; tasks not done are given up. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.length = 0;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const worker = this.#idle.pop()!;
      const waiting = this.#queue.shift()!;
      this.#running.set(worker, waiting);
      worker.postMessage(waiting.request);
    }
  }

  #settle(worker: Worker, reply: Reply): void {
    const waiting = this.#running.get(worker);
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (waiting && "error" in reply) waiting.reject(errorFromReport(reply.error));
    else if (waiting && "output" in reply) waiting.resolve(reply.output as never);
    this.#dispatch();
  }

  /** A worker that is gone takes its task, and the pool, with it: what it shared may be half-written. */
  #fail(worker: Worker, error: Error): void {
    if (this.#closed) return;
    this.#failure ??= error;
    const lost = this.#running.get(worker);
    this.#running.delete(worker);
    lost?.reject(error);
    for (const waiting of this.#queue.splice(0)) waiting.reject(error);
  }
}

/** The worker's side: answers tasks, one at a time. */
export function serveTasks<Tasks extends TaskMap>(handlers: TaskHandlers<Tasks>): void {
  const port = parentPort;
  if (!port) throw new Error("serveTasks runs in a worker thread.");
  port.on("message", ({ id, task, input }: Request) => {
    void Promise.resolve()
      .then(() => handlers[task](input))
      .then(
        (output): Reply => ({ id, output }),
        (error: unknown): Reply => ({ id, error: reportError(error) }),
      )
      .then((reply) => port.postMessage(reply));
  });
}
