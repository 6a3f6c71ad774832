import { expect, it } from "vitest";
import { estimateTraining } from "../../../contract/domain/training-estimate.ts";
import type { EpochMetrics } from "../../../contract/domain/training.ts";
import { durationsOfBenchmark, durationsOfRun } from "./measured-speed.ts";

const settings = { batch: 50, stepsPerEpoch: 0 };
const beats = { train: 10_000, validation: 2000, test: 4000 };
const epoch = (seconds: number, validationSeconds: number): EpochMetrics => ({
  epoch: 1,
  trainLoss: 1,
  trainAccuracy: 0.5,
  validationLoss: 1,
  validationAccuracy: 0.5,
  validationMacroF1: 0.5,
  validationF1: [],
  learningRate: 0.001,
  seconds,
  validationSeconds,
});

it("reads step, prediction, start and end off a run, so that the same run is estimated at what it took", () => {
  const epochs = [epoch(2, 0.5), epoch(2, 0.5), epoch(2, 0.5)];
  const durations = durationsOfRun({ epochs, cancelled: false }, settings, beats, 10);
  // 2 s for 200 steps; 0.5 s for 2000 beats; 10 s, of which 7.5 s in epochs and 1 s in the test.
  expect(durations).toEqual({ milliseconds: 10, predictionMilliseconds: 0.25, fixedSeconds: 1.5 });
  expect(estimateTraining(durations!, { ...settings, epochs: 3 }, beats).seconds).toBeCloseTo(10, 9);
});

it("takes the median of the epochs, which one interruption does not move", () => {
  const epochs = [epoch(2, 0.5), epoch(60, 0.5), epoch(2, 0.5)];
  expect(durationsOfRun({ epochs, cancelled: false }, settings, beats, 100)?.milliseconds).toBe(10);
});

it("reads nothing off a cancelled run, a run of a few steps, and an evaluation without epochs", () => {
  const epochs = [epoch(2, 0.5)];
  expect(durationsOfRun({ epochs, cancelled: true }, settings, beats, 10)).toBeNull();
  expect(durationsOfRun({ epochs, cancelled: false }, { ...settings, stepsPerEpoch: 10 }, beats, 10)).toBeNull();
  expect(durationsOfRun({ epochs: [], cancelled: false }, settings, beats, 10)).toBeNull();
});

it("takes the start of a benchmark for that of a training, and a third of a step for a prediction", () => {
  expect(durationsOfBenchmark({ milliseconds: 6, startMilliseconds: 1200 }, 100)).toEqual({
    milliseconds: 6,
    predictionMilliseconds: 0.02,
    fixedSeconds: 1.2,
  });
});
