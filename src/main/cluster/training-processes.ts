/**
 * Training processes of a worker. One process trains short runs one after another: its start takes longer than loading the data
 * of the next run. Each run has its own state (src/engine/processes/training-thread.ts), so that its result is the same.
 */
import type {
  ProcessListener,
  ProcessStart,
  RunningProcess,
  StartProcess,
} from "../workers/processes/start-process.ts";

/** A run that took longer leaves no process for the next one: the start matters little, and its memory is returned. */
const MAX_REUSED_SECONDS = 60;

interface Kept {
  /** Program, arguments and environment. */
  start: string;
  running: RunningProcess;
  listener: ProcessListener;
  beganAt: number;
  killed: boolean;
}

const NOBODY: ProcessListener = { onMessage: () => {}, onErrorOutput: () => {}, onEnd: () => {} };

export class TrainingProcesses {
  readonly #startProcess: StartProcess;
  #idle: Kept | null = null;

  constructor(startProcess: StartProcess) {
    this.#startProcess = startProcess;
  }

  /**
   * Starts a process for one run, or passes the waiting one on. The run must be started with `keep`: the process then waits after
   * its last event, which ends it for this run's listener.
   */
  readonly start: StartProcess = (options, listener) => {
    const waiting = this.#idle;
    this.#idle = null;
    if (waiting !== null && waiting.start === describe(options)) {
      waiting.listener = listener;
      waiting.beganAt = performance.now();
      return this.#handle(waiting);
    }
    waiting?.running.kill();
    return this.#handle(this.#new(options, listener));
  };

  /** Ends the waiting process. */
  close(): void {
    this.#idle?.running.kill();
    this.#idle = null;
  }

  #new(options: ProcessStart, listener: ProcessListener): Kept {
    const kept: Omit<Kept, "running"> & Partial<Kept> = {
      start: describe(options),
      listener,
      beganAt: performance.now(),
      killed: false,
    };
    const running = this.#startProcess(options, {
      onMessage: (message) => {
        kept.listener.onMessage(message);
        if (isDone(message)) this.#keep(kept as Kept);
      },
      onErrorOutput: (text) => kept.listener.onErrorOutput(text),
      onEnd: (end) => {
        if (this.#idle === kept) this.#idle = null;
        kept.listener.onEnd(end);
      },
    });
    return Object.assign(kept, { running });
  }

  #keep(kept: Kept): void {
    if (kept.killed) return;
    if (performance.now() - kept.beganAt > 1000 * MAX_REUSED_SECONDS) return kept.running.kill();
    const { onEnd } = kept.listener;
    kept.listener = NOBODY;
    this.#idle = kept;
    onEnd({ status: 0, signal: null });
  }

  #handle(kept: Kept): RunningProcess {
    return {
      send: (message) => kept.running.send(message),
      kill: () => {
        kept.killed = true;
        kept.running.kill();
      },
    };
  }
}

function describe({ program, args = [], environment, ownGroup }: ProcessStart): string {
  return JSON.stringify([program, args, environment, ownGroup]);
}

function isDone(message: unknown): boolean {
  return typeof message === "object" && message !== null && "type" in message && message.type === "done";
}
