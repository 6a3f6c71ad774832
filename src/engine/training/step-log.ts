/** Gathers what each step says, and hands it on in pieces: a message a step would cost more than the step. */
import type { StepCurves } from "../../contract/domain/training.ts";
import type { StepResult } from "./training-step.ts";

/** In ms. */
const HAND_ON_EVERY = 2000;

export class StepLog {
  readonly #handOn: (curves: StepCurves) => void;
  #firstStep = 1;
  #losses: number[] = [];
  #accuracies: number[] = [];
  #last = performance.now();

  constructor(handOn: (curves: StepCurves) => void) {
    this.#handOn = handOn;
  }

  /** @param step from 1, over all epochs */
  add(step: number, { loss, correct }: StepResult, beats: number): void {
    if (this.#losses.length === 0) this.#firstStep = step;
    this.#losses.push(loss);
    this.#accuracies.push(correct / beats);
    if (performance.now() - this.#last >= HAND_ON_EVERY) this.flush();
  }

  /** Hands on what there is. */
  flush(): void {
    this.#last = performance.now();
    if (this.#losses.length === 0) return;
    this.#handOn({
      firstStep: this.#firstStep,
      losses: Float32Array.from(this.#losses),
      accuracies: Float32Array.from(this.#accuracies),
    });
    this.#losses = [];
    this.#accuracies = [];
  }
}
