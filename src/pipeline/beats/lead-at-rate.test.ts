import { describe, expect, it } from "vitest";
import { MISSING_SAMPLE, missingSampleOf, type Signal } from "../../contract/domain/recordings.ts";
import { leadAtRate } from "./lead-at-rate.ts";
import { cutBeat, physicalSamples, selectBeats } from "./windows.ts";

const lead = (rate: number, millivolts: (seconds: number) => number, seconds = 4): Signal => ({
  ...{ lead: "II", units: "mV", gain: 200, baseline: 1024, rate },
  samples: Int16Array.from({ length: rate * seconds }, (_, i) => Math.round(1024 + 200 * millivolts(i / rate))),
});
const valuesOf = (signal: Signal): Float64Array => {
  const out = new Float64Array(signal.samples.length);
  physicalSamples(signal, 0, out.length, out);
  return out;
};
const wave = (seconds: number): number => 5 + Math.sin(2 * Math.PI * 3 * seconds);

describe("a lead at another rate", () => {
  it("is the same lead where it has that rate", () => {
    const signal = lead(360, wave);
    expect(leadAtRate(signal, 360)).toBe(signal);
  });

  it.each([128, 250, 500])("keeps the shape and the offset at %i Hz, also at both ends", (rate) => {
    const values = valuesOf(leadAtRate(lead(360, wave), rate));
    expect(values.length).toBe(4 * rate);
    // A sample is rounded to 0.005 mV.
    const inside = values.subarray(rate / 4, -rate / 4);
    inside.forEach((value, i) => expect(Math.abs(value - wave((i + Math.floor(rate / 4)) / rate))).toBeLessThan(0.01));
    expect(Math.abs(values[0] - 5)).toBeLessThan(0.1);
  });

  it("removes what the lower rate can't hold: 100 Hz in 128 Hz", () => {
    const values = valuesOf(
      leadAtRate(
        lead(360, (t) => Math.sin(2 * Math.PI * 100 * t)),
        128,
      ),
    ).subarray(20, -20);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(0.01);
  });

  it("lacks the samples in which a missing one has a part, and no others", () => {
    const signal = lead(360, wave);
    signal.samples.fill(MISSING_SAMPLE, 720, 730);
    const { samples } = leadAtRate(signal, 180);
    const missing = missingSampleOf(samples);
    const gaps = [...samples.keys()].filter((i) => samples[i] === missing);
    // Ten samples of the lower rate on each side: 720 − 20 to 729 + 20, halved.
    expect([gaps[0], gaps.at(-1), gaps.length]).toEqual([350, 374, 25]);
  });

  it("keeps R-peaks on their samples, and counts them in the recording's samples", () => {
    const peak = lead(360, (t) => Math.exp(-(((t - 2) / 0.02) ** 2)));
    const signal = leadAtRate(peak, 128);
    const annotations = [{ sample: 720, symbol: "N", subtype: 0, channel: 0, num: 0, aux: "" }];
    const window = { before: 64, after: 64 };
    const { samples, positions } = selectBeats(signal, { annotations, rate: 360 }, "aami", window);
    expect([samples[0], positions[0]]).toEqual([720, 256]);
    const beat = new Float64Array(128);
    cutBeat(signal, positions[0], window, beat);
    expect(beat.indexOf(Math.max(...beat))).toBe(64);
  });
});
