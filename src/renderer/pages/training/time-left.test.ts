import { describe, expect, it } from "vitest";
import { timeLeft } from "./time-left.ts";

const progress = { epoch: 3, epochs: 10, step: 25, steps: 100, samplesPerSecond: 640 };

describe("time left", () => {
  it("uses the current throughput before the first epoch ends", () => {
    // 75 steps and 9 epochs of 100 steps, each of 64 beats at 640 beats per second.
    expect(timeLeft({ ...progress, epoch: 1 }, 64, [])).toBeCloseTo(97.5, 12);
  });

  it("uses the durations of completed epochs and their validation", () => {
    const ended = [
      { seconds: 8, validationSeconds: 1 },
      { seconds: 12, validationSeconds: 3 },
    ];
    // Three quarters of 10 s, 7 epochs of 10 s, 8 validations of 2 s.
    expect(timeLeft(progress, 64, ended)).toBeCloseTo(7.5 + 70 + 16, 12);
  });

  it("is the validation alone after the last step, and null without a throughput", () => {
    const last = { ...progress, epoch: 10, step: 100 };
    expect(timeLeft(last, 64, [{ seconds: 10, validationSeconds: 2 }])).toBe(2);
    expect(timeLeft({ ...progress, samplesPerSecond: 0 }, 64, [])).toBeNull();
  });
});
