/** Estimates how long a training takes on this machine: its steps, its predictions, its start and its end. */
import type { SetName } from "./preparation.ts";
import type { StepSettings, StepSpeed } from "./step-speed.ts";
import { stepsOf, type TrainingSettings } from "./training.ts";

export interface TrainingEstimate {
  stepsPerEpoch: number;
  /** Steps and validation of an epoch. */
  secondsPerEpoch: number;
  /** The whole run with all its epochs, from its start to its stored result; without early stopping. */
  seconds: number;
}

type Durations = Pick<StepSpeed, "milliseconds" | "predictionMilliseconds" | "fixedSeconds">;
type Length = Pick<TrainingSettings, "batch" | "epochs" | "stepsPerEpoch">;
type Beats = Readonly<Record<SetName, number>>;

/** @param beats sizes of the sets */
export function estimateTraining(
  { milliseconds, predictionMilliseconds, fixedSeconds }: Durations,
  settings: Length,
  beats: Beats,
): TrainingEstimate {
  const stepsPerEpoch = stepsOf(beats.train, settings);
  const secondsPerEpoch = (stepsPerEpoch * milliseconds + beats.validation * predictionMilliseconds) / 1000;
  const test = (beats.test * predictionMilliseconds) / 1000;
  return { stepsPerEpoch, secondsPerEpoch, seconds: fixedSeconds + settings.epochs * secondsPerEpoch + test };
}

/** Measured durations, and the settings that they are valid for. */
export interface MeasuredSpeed {
  settings: StepSettings;
  speed: Durations;
}

export interface ExperimentEstimate {
  /** Time of the runs whose speed is known, one after another, in s. */
  seconds: number;
  /** Number of runs whose speed is known. */
  knownRuns: number;
  /** Settings without a measured speed, each once. */
  unmeasured: StepSettings[];
}

/**
 * Estimates an experiment whose runs train one after another. Each run is estimated by a measurement of its settings, or
 * of settings that differ in the batch size alone: the time of a step is proportional to its batch. A run without such a
 * measurement is not estimated: another backend, precision, number of threads or network has another speed.
 * @param preparationSeconds time to prepare the dataset again for each run; 0 where all runs share a preparation
 */
export function estimateExperiment(
  runs: readonly (StepSettings & Length)[],
  measured: readonly MeasuredSpeed[],
  { beats, preparationSeconds }: { beats: Beats; preparationSeconds: number },
): ExperimentEstimate {
  // The first measurement of equal settings with another batch size wins.
  const exact = new Map(measured.map(({ settings, speed }) => [speedKey(settings), speed]));
  const scalable = new Map(measured.toReversed().map((each) => [speedKey({ ...each.settings, batch: 1 }), each]));
  const estimate: ExperimentEstimate = { seconds: 0, knownRuns: 0, unmeasured: [] };
  for (const run of runs) {
    const speed = exact.get(speedKey(run)) ?? scaledTo(run.batch, scalable.get(speedKey({ ...run, batch: 1 })));
    if (speed === undefined) continue;
    estimate.knownRuns++;
    estimate.seconds += preparationSeconds + estimateTraining(speed, run, beats).seconds;
  }
  estimate.unmeasured = distinctStepSettings(runs).filter(
    (settings) => !exact.has(speedKey(settings)) && !scalable.has(speedKey({ ...settings, batch: 1 })),
  );
  return estimate;
}

/** Returns the step settings of runs, each once, in their order. */
export function distinctStepSettings(runs: readonly StepSettings[]): StepSettings[] {
  return [...new Map(runs.map((run) => [speedKey(run), stepSettingsOf(run)])).values()];
}

function stepSettingsOf(settings: StepSettings): StepSettings {
  const { network, batch, precision, threads, backend } = settings;
  return { network, batch, precision, threads, backend };
}

function speedKey(settings: StepSettings): string {
  return JSON.stringify(stepSettingsOf(settings));
}

function scaledTo(batch: number, measured: MeasuredSpeed | undefined): Durations | undefined {
  if (measured === undefined) return undefined;
  const { settings, speed } = measured;
  return { ...speed, milliseconds: (speed.milliseconds * batch) / settings.batch };
}
