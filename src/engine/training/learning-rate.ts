/**
 * The learning rate of each step: Keras' ExponentialDecay, CosineDecay (with its warm-up) and ReduceLROnPlateau. Pure: what a
 * plateau has been through is a value that can be stored with a checkpoint.
 */
import type { ScheduleSettings } from "../../contract/domain/optimization.ts";

export interface SchedulePlan {
  /** The rate that is set. */
  learningRate: number;
  schedule: ScheduleSettings;
  stepsPerEpoch: number;
  epochs: number;
}

/** What has been seen of the validation loss. */
export interface PlateauState {
  best: number;
  /** Epochs since then. */
  waited: number;
  /** What the rate has been multiplied by so far. */
  scale: number;
}

export const BEFORE_PLATEAU: PlateauState = { best: Infinity, waited: 0, scale: 1 };

/** Keras' `min_delta`. */
const SMALLEST_IMPROVEMENT = 1e-4;

/** @param step from 0, over all epochs */
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
    case "plateau":
      return Math.max(learningRate * plateau.scale, Math.min(schedule.minimum, learningRate));
  }
}

/** After an epoch. */
export function afterEpoch(schedule: ScheduleSettings, state: PlateauState, validationLoss: number): PlateauState {
  if (schedule.kind !== "plateau") return state;
  if (validationLoss < state.best - SMALLEST_IMPROVEMENT) return { ...state, best: validationLoss, waited: 0 };
  const waited = state.waited + 1;
  return waited >= schedule.patience
    ? { ...state, waited: 0, scale: state.scale * schedule.factor }
    : { ...state, waited };
}
