/** Messages and shared memory between the watcher and the worker thread of a target. */

export interface WorkerOrder {
  /** Its file, and its name there. */
  file: string;
  target: string;
  seed: number;
  /** Cases `from` to `to` − 1. */
  from: number;
  to: number;
  /** 32-bit counts, by {@link counts}. */
  shared: SharedArrayBuffer;
}

/** Places in the shared counts. */
export const counts = { current: 0, accepted: 1, refused: 2, next: 3 } as const;
export const COUNTS_BYTES = 16;

export type WorkerMessage =
  | { kind: "ready" }
  | { kind: "finding"; number: number; what: string; stack: string }
  | { kind: "done"; slowestMs: number };
