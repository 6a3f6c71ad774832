import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GAINS, nextStep, settledStep, SPEEDS, speedsAbove } from "./scale-steps.ts";

describe("steps of the scale", () => {
  it("contain those of the field", () => {
    for (const speed of [5, 10, 12.5, 25, 50, 100]) expect(SPEEDS).toContain(speed);
    for (const gain of [2.5, 5, 10, 20, 40]) expect(GAINS).toContain(gain);
  });

  it("lead from a value to the next one, and end at the last", () => {
    expect(nextStep(SPEEDS, 25, 1)).toBe(50);
    expect(nextStep(SPEEDS, 25, -1)).toBe(12.5);
    expect(nextStep(SPEEDS, 84.4, 1)).toBe(100);
    expect(nextStep(SPEEDS, 84.4, -1)).toBe(50);
    expect(nextStep(GAINS, 80, 1)).toBe(80);
    expect(nextStep(GAINS, 1, -1)).toBe(1);
  });

  it("of the speed leave out those that show more than the recording", () => {
    expect(speedsAbove(0.147)[0]).toBe(0.25);
    expect(speedsAbove(25)[0]).toBe(50);
  });

  it("end a zoom: a notch of the wheel moves by one step, a tremor by none", () => {
    expect(settledStep(SPEEDS, 25, 31.25)).toBe(50);
    expect(settledStep(SPEEDS, 25, 20)).toBe(12.5);
    expect(settledStep(SPEEDS, 25, 25.5)).toBe(25);
    expect(settledStep(SPEEDS, 25, 76.3)).toBe(100);
    expect(settledStep(SPEEDS, 25, 84.4)).toBe(100);
  });

  it("are where every zoom ends", () => {
    const value = fc.double({ min: 0.001, max: 1000, noNaN: true });
    fc.assert(
      fc.property(value, value, (began, now) => {
        expect(SPEEDS).toContain(settledStep(SPEEDS, began, now));
      }),
    );
  });
});
