import { expect, it } from "vitest";
import { defaultTraining } from "../settings/defaults.ts";
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

const beats = { train: 6400, validation: 1000, test: 2000 };
const base = { ...defaultTraining("ann"), batch: 64, epochs: 10, stepsPerEpoch: 0 };
const shared = { beats, preparationSeconds: 0 };

it("adds up the runs of an experiment by epochs and batch size, with a preparation for each fold", () => {
  const measured = [{ settings: base, speed }];
  const { seconds } = estimateTraining(speed, base, beats);
  const both = estimateExperiment([base, { ...base, seed: 2 }], measured, shared);
  expect(both).toEqual({ seconds: expect.closeTo(2 * seconds, 9) as number, knownRuns: 2, unmeasured: [] });
  const folds = estimateExperiment([base, base], measured, { beats, preparationSeconds: 7 });
  expect(folds.seconds).toBeCloseTo(14 + 2 * seconds, 9);
  // Twice the batch, half the steps, each of twice the time.
  expect(estimateExperiment([{ ...base, batch: 128 }], measured, shared).seconds).toBeCloseTo(seconds, 9);
  // A measurement of the batch size itself comes first.
  const larger = { settings: { ...base, batch: 128 }, speed: { ...speed, milliseconds: 3 } };
  const exact = estimateExperiment([{ ...base, batch: 128 }], [...measured, larger], shared);
  expect(exact.seconds).toBeCloseTo(estimateTraining(larger.speed, larger.settings, beats).seconds, 9);
});

it("estimates each network and backend by its measurement, and no run by another one's", () => {
  const runs = (["kernels", "webgpu", "webassembly"] as const).map((backend) => ({ ...base, backend }));
  const [kernels, webgpu, webassembly] = runs;
  const fast = { ...speed, milliseconds: 0.5 };
  const measured = [
    { settings: kernels, speed },
    { settings: webgpu, speed: fast },
  ];
  const estimate = estimateExperiment([...runs, { ...webassembly, seed: 2 }], measured, shared);
  const seconds = estimateTraining(speed, base, beats).seconds + estimateTraining(fast, base, beats).seconds;
  expect(estimate.seconds).toBeCloseTo(seconds, 9);
  expect(estimate.knownRuns).toBe(2);
  expect(estimate.unmeasured).toMatchObject([{ network: "ann", backend: "webassembly" }]);
});

it.each([{ network: "cnn" }, { precision: "bfloat16" }, { threads: 1 }, { backend: "webgpu" }])(
  "knows no time of a run with another setting: %o",
  (changed) => {
    const run = { ...base, ...changed } as typeof base;
    const estimate = estimateExperiment([run], [{ settings: base, speed }], shared);
    expect(estimate).toMatchObject({ seconds: 0, knownRuns: 0, unmeasured: [changed] });
  },
);
