/**
 * The queue of runs, trained one after another: a training uses the whole machine. Events of a run are passed on; its
 * state is stored before its event.
 */
import { reportError, type EctopyError, type ErrorReport } from "../../../contract/domain/errors.ts";
import type { JobProgress } from "../../../contract/domain/jobs.ts";
import type { RunLogEntry } from "../../../contract/domain/runs.ts";
import type {
  BatchProgress,
  EpochMetrics,
  RunRecord,
  StepCurves,
  TrainingQueue,
  TrainingSettings,
} from "../../../contract/domain/training.ts";
import type { TrainingService } from "./training.ts";

export type RunEvent =
  /** The run was added, started, paused, resumed or has ended: its record says which. */
  | { type: "changed"; run: number }
  | { type: "progress"; run: number; progress: BatchProgress }
  | { type: "evaluating"; run: number; progress: JobProgress }
  | { type: "steps"; run: number; curves: StepCurves }
  | { type: "epoch"; run: number; metrics: EpochMetrics }
  /** The run paused without a request, as on a full disk. */
  | { type: "blocked"; run: number; reason: EctopyError }
  | { type: "logged"; run: number; entry: RunLogEntry };

interface Waiting {
  id: number;
  start: "train" | "resume";
}

export class RunQueue {
  readonly #training: TrainingService;
  readonly #announce: (event: RunEvent) => void;
  readonly #waiting: Waiting[] = [];
  #current: { id: number; stop: AbortController; ended: Promise<void> } | undefined;
  #progress: BatchProgress | null = null;
  #evaluating: JobProgress | null = null;
  #blocked: ErrorReport | null = null;
  #closed = false;

  constructor(training: TrainingService, announce: (event: RunEvent) => void) {
    this.#training = training;
    this.#announce = announce;
  }

  get state(): TrainingQueue {
    return {
      current: this.#current?.id ?? null,
      progress: this.#progress,
      evaluating: this.#evaluating,
      blocked: this.#blocked,
      waiting: this.#waiting.map(({ id }) => id),
    };
  }

  /** @throws EctopyError `invalid-settings`, `not-found` */
  add(preparationId: number, settings: TrainingSettings): RunRecord {
    const run = this.#training.add(preparationId, settings);
    this.put(run.id);
    return run;
  }

  /** Queues a run that was added and has not started. */
  put(id: number): void {
    this.#enqueue({ id, start: "train" });
  }

  /** Resumes a run, when its turn comes. @throws EctopyError `invalid-settings`, `not-found` */
  resume(id: number): void {
    if (this.#current?.id === id) return this.#training.continue(id);
    if (this.#waiting.some((waiting) => waiting.id === id)) return;
    this.#training.checkResumable(id);
    this.#enqueue({ id, start: "resume" });
  }

  /** @throws EctopyError `invalid-settings`: the run is not being trained */
  pause(id: number): void {
    this.#training.pause(id);
  }

  /** Stops the current run after its step and keeps its best epoch; removes a waiting run from the queue. */
  stop(id: number): void {
    if (this.#current?.id === id) return this.#current.stop.abort();
    const place = this.#waiting.findIndex((waiting) => waiting.id === id);
    if (place < 0) return;
    const [{ start }] = this.#waiting.splice(place, 1);
    if (start === "train") this.#training.withdraw(id);
    this.#announce({ type: "changed", run: id });
  }

  /** Starts no further run. Resolves when the current run is suspended at a checkpoint. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#current === undefined) return;
    const { id, stop, ended } = this.#current;
    // During the measurement before a training there is no process and nothing to store.
    if (this.#training.isLive(id)) this.#training.suspend(id);
    else stop.abort();
    await ended;
  }

  #enqueue(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#announce({ type: "changed", run: waiting.id });
    this.#next();
  }

  #next(): void {
    if (this.#current !== undefined || this.#closed) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const stop = new AbortController();
    this.#current = { id: next.id, stop, ended: this.#run(next, stop.signal) };
  }

  async #run({ id, start }: Waiting, signal: AbortSignal): Promise<void> {
    const changed = (): void => this.#announce({ type: "changed", run: id });
    try {
      await this.#training[start](id, {
        onBegun: changed,
        onProgress: (progress) => {
          this.#progress = progress;
          this.#evaluating = null;
          this.#blocked = null;
          this.#announce({ type: "progress", run: id, progress });
        },
        onEvaluating: (progress) => {
          this.#evaluating = progress;
          this.#announce({ type: "evaluating", run: id, progress });
        },
        onSteps: (curves) => this.#announce({ type: "steps", run: id, curves }),
        onEpoch: (metrics) => this.#announce({ type: "epoch", run: id, metrics }),
        onPaused: (reason) => {
          if (reason === null) return changed();
          this.#blocked = reportError(reason);
          this.#announce({ type: "blocked", run: id, reason });
        },
        onContinued: changed,
        onLogged: (entry) => this.#announce({ type: "logged", run: id, entry }),
        signal,
      });
    } catch {
      // Stored with the run: windows read it after the event.
    }
    this.#current = undefined;
    this.#progress = null;
    this.#evaluating = null;
    this.#blocked = null;
    changed();
    this.#next();
  }
}
