import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeDifferences, describeInterval, formatAmplitude, intervalOf, moveLeg } from "./calipers.ts";

const leads = [
  { lead: 0, name: "MLII", units: "mV" },
  { lead: 1, name: "V5", units: "mV" },
];

describe("calipers", () => {
  it("measure the interval in ms and the rate in bpm", () => {
    expect(describeInterval({ from: 360, to: 720 }, 360)).toBe("1000 ms · 60 bpm");
    expect(describeInterval({ from: 720, to: 492 }, 360)).toBe("633 ms · 95 bpm");
    expect(describeInterval({ from: 5, to: 5 }, 360)).toBe("0 ms");
  });

  it("measure the difference of the amplitudes in each lead", () => {
    expect(describeDifferences([1, 0.1], [0.65, Number.NaN], leads)).toBe(
      "MLII Δ −0.35 mV (1.00 to 0.65) · V5 Δ – (0.10 to –)",
    );
    expect(describeDifferences(null, [0, 0], leads)).toBe("amplitudes: zoom in");
    expect(formatAmplitude(1.234, "mV")).toBe("1.23 mV");
    expect(formatAmplitude(-0.001, "mV")).toBe("0.00 mV");
  });

  it("measure the same in both directions, and stay inside the recording", () => {
    fc.assert(
      fc.property(fc.nat(999), fc.nat(999), fc.integer({ min: -3000, max: 3000 }), (from, to, by) => {
        expect(intervalOf({ from, to }, 250)).toBe(intervalOf({ from: to, to: from }, 250));
        const moved = moveLeg({ from, to }, "to", by, 1000);
        expect(moved.from).toBe(from);
        expect(moved.to).toBeGreaterThanOrEqual(0);
        expect(moved.to).toBeLessThan(1000);
      }),
    );
  });
});
