/** What a training process is told while it trains, and when it heeds it: between two steps. */
import type { TrainingState } from "./training-state.ts";

export interface ControlledBy {
  onPaused: () => void;
  onContinued: () => void;
  /** Writes the state into the folder; must not throw. */
  writeCheckpoint: (folder: string, state: TrainingState) => void;
}

export class TrainingControl {
  readonly #handlers: ControlledBy;
  readonly #cancel = new AbortController();
  #paused = false;
  #folder: string | undefined;
  #wake: () => void = () => {};

  constructor(handlers: ControlledBy) {
    this.#handlers = handlers;
  }

  /** Aborted once the training is to stop. */
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

  /** A checkpoint is wanted in this folder; one that was asked for before and not yet written is not written any more. */
  requestCheckpoint(folder: string): void {
    this.#folder = folder;
    this.#wake();
  }

  /** For the training loop: undefined where nothing is asked of it. */
  between(capture: () => TrainingState): Promise<void> | undefined {
    return this.#paused || this.#folder !== undefined ? this.#attend(capture) : undefined;
  }

  async #attend(capture: () => TrainingState): Promise<void> {
    let told = false;
    for (;;) {
      if (this.#folder !== undefined) {
        const folder = this.#folder;
        this.#folder = undefined;
        this.#handlers.writeCheckpoint(folder, capture());
      }
      if (!this.#paused || this.signal.aborted) break;
      if (!told) this.#handlers.onPaused();
      told = true;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (told) this.#handlers.onContinued();
  }
}
