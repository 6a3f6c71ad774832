import { expect, it } from "vitest";
import { estimateExperiment, estimateTraining } from "./training-estimate.ts";

const speed = { milliseconds: 2, predictionMilliseconds: 0.01, fixedSeconds: 1.5 };

it("counts steps, the last and smaller batch included, validations, the test, the start and the end", () => {
  const settings = { batch: 64, epochs: 50, stepsPerEpoch: 0 };
  // 615,085 / 64 = 9,610.7: the training set of the reference study.
  const estimate = estimateTraining(speed, settings, { train: 615_085, validation: 100_000, test: 200_000 });
  expect(estimate.stepsPerEpoch).toBe(9611);
  expect(estimate.secondsPerEpoch).toBeCloseTo(9611 * 0.002 + 1, 9);
  expect(estimate.seconds).toBeCloseTo(1.5 + 50 * (9611 * 0.002 + 1) + 2, 9);
});

it("validates the whole set after an epoch of fewer steps", () => {
  const settings = { batch: 64, epochs: 2, stepsPerEpoch: 100 };
  const { seconds } = estimateTraining(speed, settings, { train: 615_085, validation: 100_000, test: 0 });
  expect(seconds).toBeCloseTo(1.5 + 2 * (0.2 + 1), 9);
});

it("adds up the runs of an experiment by epochs and batch size, with a preparation for each fold", () => {
  const beats = { train: 6400, validation: 1000, test: 2000 };
  const one = { batch: 64, epochs: 10, stepsPerEpoch: 0 };
  const { seconds } = estimateTraining(speed, one, beats);
  expect(estimateExperiment(speed, 64, [one, one], { beats, preparationSeconds: 0 })).toBeCloseTo(2 * seconds, 9);
  expect(estimateExperiment(speed, 64, [one, one], { beats, preparationSeconds: 7 })).toBeCloseTo(14 + 2 * seconds, 9);
  // Twice the batch, half the steps, each of twice the time.
  const larger = { ...one, batch: 128 };
  expect(estimateExperiment(speed, 64, [larger], { beats, preparationSeconds: 0 })).toBeCloseTo(seconds, 9);
});
