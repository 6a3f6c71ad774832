import { describe, expect, it } from "vitest";
import { scheduleSchema, type ScheduleSettings } from "../../contract/domain/optimization.ts";
import { afterEpoch, BEFORE_PLATEAU, learningRateAt, type PlateauState } from "./learning-rate.ts";

const near = (values: number[]): number[] => values.map((value) => expect.closeTo(value, 12) as number);

const rates = (schedule: ScheduleSettings, steps: number[], epochs = 4): number[] =>
  steps.map((step) => learningRateAt({ learningRate: 0.1, schedule, stepsPerEpoch: 10, epochs }, step, BEFORE_PLATEAU));

describe("learningRateAt", () => {
  it("stays constant without a schedule", () => {
    expect(rates({ kind: "constant" }, [0, 7, 39])).toEqual([0.1, 0.1, 0.1]);
  });

  it("decays exponentially: by the factor in each period, smoothly between epochs", () => {
    const schedule = scheduleSchema.parse({ kind: "exponential", factor: 0.25, everyEpochs: 2 });
    expect(rates(schedule, [0, 10, 20, 40])).toEqual(near([0.1, 0.05, 0.025, 0.00625]));
  });

  it("rises in the warm-up and decays by half a cosine to the floor", () => {
    const schedule = scheduleSchema.parse({ kind: "cosine", warmupEpochs: 1, floor: 0.1 });
    const half = 0.1 * (0.1 + (0.9 * (1 + Math.cos(Math.PI / 2))) / 2);
    expect(rates(schedule, [0, 5, 10, 25, 40, 99])).toEqual(near([0, 0.05, 0.1, half, 0.01, 0.01]));
  });

  it("rises and falls by half a cosine in one cycle, as PyTorch's OneCycleLR", () => {
    const schedule = scheduleSchema.parse({ kind: "one-cycle" });
    // The highest rate is that of step 0.3 · 40 − 1, the last rate that of step 39.
    expect(rates(schedule, [0, 11, 25, 39])).toEqual(near([0.004, 0.1, 0.05 * (1 + 4e-6), 4e-7]));
    // As OneCycleLR(max_lr=0.1, total_steps=40) has them.
    expect(rates(schedule, [1, 12])).toEqual(
      [0.00594433726650413, 0.09968561175222017].map((rate) => expect.closeTo(rate, 9) as number),
    );
  });

  it("has one cycle of a single step", () => {
    const schedule = scheduleSchema.parse({ kind: "one-cycle" });
    const rate = learningRateAt({ learningRate: 0.1, schedule, stepsPerEpoch: 1, epochs: 1 }, 0, BEFORE_PLATEAU);
    expect(rate).toBeGreaterThan(0);
  });

  it("never divides by 0 where the warm-up takes all epochs", () => {
    const schedule = scheduleSchema.parse({ kind: "cosine", warmupEpochs: 9 });
    expect(rates(schedule, [0, 20, 40])).toEqual(near([0, 0.05, 0]));
  });
});

describe("a plateau", () => {
  const schedule = scheduleSchema.parse({ kind: "plateau", factor: 0.5, patience: 2, minimum: 0.03 });
  const rateOf = (state: PlateauState): number =>
    learningRateAt({ learningRate: 0.1, schedule, stepsPerEpoch: 10, epochs: 9 }, 0, state);

  it("reduces the rate after each period without a lower loss, down to the minimum", () => {
    let state = BEFORE_PLATEAU;
    const seen = [1, 0.9, 0.95, 0.9, 0.8, 0.8, 0.79999, 0.8, 0.8].map((loss) => {
      state = afterEpoch(schedule, state, loss);
      return rateOf(state);
    });
    // Neither an equal loss nor one lower by less than 0.0001 is an improvement.
    expect(seen).toEqual([0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.03, 0.03, 0.03]);
  });

  it("does not change other schedules", () => {
    expect(afterEpoch({ kind: "constant" }, BEFORE_PLATEAU, 1)).toBe(BEFORE_PLATEAU);
  });

  it("does not raise a rate below the minimum", () => {
    const low = { learningRate: 0.01, schedule, stepsPerEpoch: 10, epochs: 9 };
    expect(learningRateAt(low, 0, { best: 1, waited: 0, scale: 0.25 })).toBe(0.01);
  });
});
