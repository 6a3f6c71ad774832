/**
 * Learning rate of each step: Keras' ExponentialDecay, CosineDecay (with warm-up) and ReduceLROnPlateau, and PyTorch's
 * OneCycleLR. Pure: the state of a plateau is a value, which a checkpoint stores.
 */
import type { ScheduleSettings } from "../../contract/domain/optimization.ts";

export interface SchedulePlan {
  /** Initial learning rate; with one cycle the highest one. */
  learningRate: number;
  schedule: ScheduleSettings;
  stepsPerEpoch: number;
  epochs: number;
}

/** State of ReduceLROnPlateau after an epoch. */
export interface PlateauState {
  /** Lowest validation loss so far. */
  best: number;
  /** Epochs since the lowest loss, or since the last reduction. */
  waited: number;
  /** Product of all reductions so far. */
  scale: number;
}

export const BEFORE_PLATEAU: PlateauState = { best: Infinity, waited: 0, scale: 1 };

/** Smallest decrease of the loss that counts as an improvement, in nats (Keras' `min_delta`). */
const MIN_IMPROVEMENT_NATS = 1e-4;

/** Returns the learning rate of a step. @param step from 0, over all epochs */
export function learningRateAt(plan: SchedulePlan, step: number, plateau: PlateauState): number {
  const { learningRate, schedule, stepsPerEpoch, epochs } = plan;
  switch (schedule.kind) {
    case "constant":
      return learningRate;
    case "exponential":
      return learningRate * schedule.factor ** (step / (schedule.everyEpochs * stepsPerEpoch));
    case "cosine": {
      const warmup = Math.min(schedule.warmupEpochs, epochs) * stepsPerEpoch;
      if (step < warmup) return (learningRate * step) / warmup;
      const decay = epochs * stepsPerEpoch - warmup;
      const done = decay > 0 ? Math.min(1, (step - warmup) / decay) : 1;
      return learningRate * (schedule.floor + ((1 - schedule.floor) * (1 + Math.cos(Math.PI * done))) / 2);
    }
    case "one-cycle": {
      const last = epochs * stepsPerEpoch - 1;
      const highest = schedule.rising * (last + 1) - 1;
      const between = (from: number, to: number, done: number): number =>
        to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, done))))) / 2;
      const share =
        step <= highest
          ? between(schedule.start, 1, highest > 0 ? step / highest : 1)
          : between(1, schedule.floor, last > highest ? (step - highest) / (last - highest) : 1);
      return learningRate * share;
    }
    case "plateau":
      return Math.max(learningRate * plateau.scale, Math.min(schedule.minimum, learningRate));
  }
}

/** Returns the plateau's state after an epoch. */
export function afterEpoch(schedule: ScheduleSettings, state: PlateauState, validationLoss: number): PlateauState {
  if (schedule.kind !== "plateau") return state;
  if (validationLoss < state.best - MIN_IMPROVEMENT_NATS) return { ...state, best: validationLoss, waited: 0 };
  const waited = state.waited + 1;
  return waited >= schedule.patience
    ? { ...state, waited: 0, scale: state.scale * schedule.factor }
    : { ...state, waited };
}
