/**
 * Runs waiting to be trained, one after the other: a network takes all of the machine. What each says is handed on as it comes;
 * its state is in the database before it is told.
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
  /** It was added, has begun, stands still, goes on, or has ended: its record says which. */
  | { type: "changed"; run: number }
  | { type: "progress"; run: number; progress: BatchProgress }
  | { type: "evaluating"; run: number; progress: JobProgress }
  | { type: "steps"; run: number; curves: StepCurves }
  | { type: "epoch"; run: number; metrics: EpochMetrics }
  /** It stands still for a reason that nobody asked for, such as a full disk. */
  | { type: "blocked"; run: number; reason: EctopyError }
  | { type: "logged"; run: number; entry: RunLogEntry };

interface Waiting {
  id: number;
  start: "train" | "resume";
}

export class RunQueue {
  readonly #training: TrainingService;
  readonly #tell: (event: RunEvent) => void;
  readonly #waiting: Waiting[] = [];
  #current: { id: number; stop: AbortController; ended: Promise<void> } | undefined;
  #progress: BatchProgress | null = null;
  #evaluating: JobProgress | null = null;
  #blocked: ErrorReport | null = null;
  #closed = false;

  constructor(training: TrainingService, tell: (event: RunEvent) => void) {
    this.#training = training;
    this.#tell = tell;
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

  /** A run that was added and has not begun. */
  put(id: number): void {
    this.#enqueue({ id, start: "train" });
  }

  /** Takes a run up again, when its turn comes. @throws EctopyError `invalid-settings`, `not-found` */
  resume(id: number): void {
    if (this.#current?.id === id) return this.#training.continue(id);
    if (this.#waiting.some((waiting) => waiting.id === id)) return;
    this.#training.checkResumable(id);
    this.#enqueue({ id, start: "resume" });
  }

  /** @throws EctopyError `invalid-settings`: it is not under way */
  pause(id: number): void {
    this.#training.pause(id);
  }

  /** Under way: stops after the step at hand, its best epoch is kept. Waiting: is taken out of the queue. */
  stop(id: number): void {
    if (this.#current?.id === id) return this.#current.stop.abort();
    const place = this.#waiting.findIndex((waiting) => waiting.id === id);
    if (place < 0) return;
    const [{ start }] = this.#waiting.splice(place, 1);
    if (start === "train") this.#training.withdraw(id);
    this.#tell({ type: "changed", run: id });
  }

  /** Nothing more is begun. Resolves when what is under way has been left with a checkpoint, to be taken up again. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#current === undefined) return;
    const { id, stop, ended } = this.#current;
    // While the machine is still being measured for it there is nothing to keep, and no process to be told.
    if (this.#training.isLive(id)) this.#training.suspend(id);
    else stop.abort();
    await ended;
  }

  #enqueue(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#tell({ type: "changed", run: waiting.id });
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
    const changed = (): void => this.#tell({ type: "changed", run: id });
    try {
      await this.#training[start](id, {
        onBegun: changed,
        onProgress: (progress) => {
          this.#progress = progress;
          this.#evaluating = null;
          this.#blocked = null;
          this.#tell({ type: "progress", run: id, progress });
        },
        onEvaluating: (progress) => {
          this.#evaluating = progress;
          this.#tell({ type: "evaluating", run: id, progress });
        },
        onSteps: (curves) => this.#tell({ type: "steps", run: id, curves }),
        onEpoch: (metrics) => this.#tell({ type: "epoch", run: id, metrics }),
        onPaused: (reason) => {
          if (reason === null) return changed();
          this.#blocked = reportError(reason);
          this.#tell({ type: "blocked", run: id, reason });
        },
        onContinued: changed,
        onLogged: (entry) => this.#tell({ type: "logged", run: id, entry }),
        signal,
      });
    } catch {
      // Written down with the run: whoever is told looks it up.
    }
    this.#current = undefined;
    this.#progress = null;
    this.#evaluating = null;
    this.#blocked = null;
    changed();
    this.#next();
  }
}
