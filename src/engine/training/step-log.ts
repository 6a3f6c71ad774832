/**
 * Collects loss and accuracy of each step and passes them on in blocks: one message per step would cost more than the
 * step.
 */
import type { StepCurves } from "../../contract/domain/training.ts";
import type { StepResult } from "./training-step.ts";

const FLUSH_INTERVAL_MS = 2000;

export class StepLog {
  readonly #onCurves: (curves: StepCurves) => void;
  #firstStep = 1;
  #losses: number[] = [];
  #accuracies: number[] = [];
  #last = performance.now();

  /** @param onCurves receives the steps since its last call */
  constructor(onCurves: (curves: StepCurves) => void) {
    this.#onCurves = onCurves;
  }

  /** @param step from 1, over all epochs */
  add(step: number, { loss, correct }: StepResult, beats: number): void {
    if (this.#losses.length === 0) this.#firstStep = step;
    this.#losses.push(loss);
    this.#accuracies.push(correct / beats);
    if (performance.now() - this.#last >= FLUSH_INTERVAL_MS) this.flush();
  }

  /** Passes on all collected steps. */
  flush(): void {
    this.#last = performance.now();
    if (this.#losses.length === 0) return;
    this.#onCurves({
      firstStep: this.#firstStep,
      losses: Float32Array.from(this.#losses),
      accuracies: Float32Array.from(this.#accuracies),
    });
    this.#losses = [];
    this.#accuracies = [];
  }
}
