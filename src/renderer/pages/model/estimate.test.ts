import { expect, it } from "vitest";
import { estimate } from "./estimate.ts";

it("counts the steps of all epochs, including the last, smaller batch", () => {
  const settings = { batch: 64, epochs: 50, stepsPerEpoch: 0 };
  // 615,085 / 64 = 9,610.7: the training set of the reference study.
  expect(estimate({ milliseconds: 2 }, settings, 615_085)).toEqual({
    stepsPerEpoch: 9611,
    secondsPerEpoch: 19.222,
    seconds: 961.1,
  });
  expect(estimate({ milliseconds: 2 }, { ...settings, stepsPerEpoch: 100 }, 615_085).secondsPerEpoch).toBe(0.2);
});
