/** Pauses, checkpoints and stops a training, between two of its steps. */
import type { TrainingState } from "./training-state.ts";

export interface TrainingControlHandlers {
  onPaused: () => void;
  onContinued: () => void;
  /** Writes the state into the folder. Must not throw. */
  writeCheckpoint: (folder: string, state: TrainingState) => void;
}

export class TrainingControl {
  readonly #handlers: TrainingControlHandlers;
  readonly #cancel = new AbortController();
  #paused = false;
  #folder: string | undefined;
  #wake: () => void = () => {};

  constructor(handlers: TrainingControlHandlers) {
    this.#handlers = handlers;
  }

  /** Aborted when the training must stop. */
  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  cancel(): void {
    this.#cancel.abort();
    this.#wake();
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#wake();
  }

  /** Requests a checkpoint in a folder. It replaces an earlier request that has not been written yet. */
  requestCheckpoint(folder: string): void {
    this.#folder = folder;
    this.#wake();
  }

  /** Called by the training loop between two steps. Returns undefined where there is no request. */
  between(capture: () => TrainingState): Promise<void> | undefined {
    return this.#paused || this.#folder !== undefined ? this.#attend(capture) : undefined;
  }

  async #attend(capture: () => TrainingState): Promise<void> {
    let isPauseReported = false;
    for (;;) {
      if (this.#folder !== undefined) {
        const folder = this.#folder;
        this.#folder = undefined;
        this.#handlers.writeCheckpoint(folder, capture());
      }
      if (!this.#paused || this.signal.aborted) break;
      if (!isPauseReported) this.#handlers.onPaused();
      isPauseReported = true;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (isPauseReported) this.#handlers.onContinued();
  }
}
