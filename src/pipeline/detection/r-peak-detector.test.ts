import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mitdb, NO_MITDB } from "../../../tests/support/real-data.ts";
import { LEARNING_PERIOD_S } from "../../contract/domain/ec57.ts";
import { compareAnnotators } from "../evaluation/ec57/compare-annotators.ts";
import { summarise } from "../evaluation/ec57/metrics.ts";
import { randomStream } from "../random.ts";
import { parseRecord } from "../recordings/wfdb/record.ts";
import { detectRPeaks, RPeakDetector, type Detected } from "./r-peak-detector.ts";
import { pacingSpikes } from "./signal-marks.ts";

/** An ECG of narrow R waves and low T waves with noise, in mV, and the samples of its R-peaks. */
function synthetic({
  rate = 250,
  seconds = 60,
  seed = 1,
  noise = 0.02,
}: { rate?: number; seconds?: number; seed?: number; noise?: number } = {}): { lead: Float32Array; peaks: number[] } {
  const random = randomStream(seed, "synthetic ECG");
  const lead = Float32Array.from({ length: Math.round(seconds * rate) }, () => noise * (random.uniform() - 0.5));
  const peaks: number[] = [];
  for (let time = 0.7; time < seconds - 0.7; time += 0.7 + 0.3 * random.uniform()) {
    peaks.push(Math.round(time * rate));
    for (const [delay, width, height] of [
      [0, 0.012, 1],
      [0.28, 0.06, 0.25],
    ]) {
      const middle = (time + delay) * rate;
      for (let i = Math.max(0, Math.floor(middle - 4 * width * rate)); i < middle + 4 * width * rate; i++) {
        if (i < lead.length) lead[i] += height * Math.exp(-(((i - middle) / (width * rate)) ** 2) / 2);
      }
    }
  }
  return { lead, peaks };
}

describe("detectRPeaks", () => {
  it.each([100, 128, 250, 360, 500, 1000])("finds every R-peak at %i Hz, to 12 ms", (rate) => {
    const { lead, peaks } = synthetic({ rate });
    const { beats } = detectRPeaks([lead], rate);
    expect(beats).toHaveLength(peaks.length);
    for (const [i, beat] of beats.entries()) expect(Math.abs(beat - peaks[i])).toBeLessThanOrEqual(0.012 * rate);
  });

  it("finds the same in pieces as in the whole", () => {
    const { lead } = synthetic();
    const other = synthetic({ noise: 0.4 }).lead;
    const whole = detectRPeaks([lead, other], 250);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const detector = new RPeakDetector(250, 2);
        const parts: Detected[] = [];
        for (let from = 0, i = 0; from < lead.length; from += sizes[i++ % sizes.length]) {
          const to = from + sizes[i % sizes.length];
          parts.push(detector.add([lead.subarray(from, to), other.subarray(from, to)]));
        }
        parts.push(detector.finish());
        expect(parts.flatMap(({ beats }) => beats)).toEqual(whole.beats);
        expect(parts.flatMap(({ marks }) => marks)).toEqual(whole.marks);
      }),
      { seed: 1, numRuns: 10 },
    );
  });

  it("does not depend on gain, polarity, offset or the order of leads", () => {
    const { lead } = synthetic();
    const other = synthetic({ noise: 0.4 }).lead;
    const { beats } = detectRPeaks([lead, other], 250);
    // Factors that float32 multiplies exactly.
    for (const gain of [0.25, 64, -1]) {
      expect(detectRPeaks([lead.map((v) => gain * v), other.map((v) => gain * v)], 250).beats).toEqual(beats);
    }
    expect(detectRPeaks([other, lead], 250).beats).toEqual(beats);
    const shifted = detectRPeaks([lead.map((v) => v + 0.5), other], 250).beats;
    expect(shifted).toHaveLength(beats.length);
  });

  it("finds the same beats later where the recording begins later", () => {
    const { lead } = synthetic();
    const later = new Float32Array(lead.length + 5 * 250).fill(lead[0]);
    later.set(lead, 5 * 250);
    const [beats, shifted] = [detectRPeaks([lead], 250).beats, detectRPeaks([later], 250).beats];
    expect(shifted).toEqual(beats.map((beat) => beat + 5 * 250));
  });

  it("ignores a lead of noise beside a good one, and finds beats again after an artefact", () => {
    const { lead, peaks } = synthetic();
    const random = randomStream(3, "noise");
    const noise = lead.map(() => 3 * (random.uniform() - 0.5));
    expect(detectRPeaks([lead, noise], 250).beats).toHaveLength(peaks.length);
    const artefact = lead.slice();
    for (let i = 5000; i < 5050; i++) artefact[i] += 20 * (i % 2);
    const after = detectRPeaks([artefact], 250).beats.filter((beat) => beat > 6000);
    expect(after).toHaveLength(peaks.filter((peak) => peak > 6000).length);
  });

  it("finds nothing in a flat lead, marks flat stretches, and holds the last sample where samples are missing", () => {
    const flat = detectRPeaks([new Float32Array(5000).fill(0.3)], 250);
    expect(flat.beats).toEqual([]);
    expect(flat.marks).toEqual([{ kind: "flat", from: 0, to: 5000 }]);
    const { lead } = synthetic();
    lead.fill(NaN, 2500, 5000);
    const { beats, marks } = detectRPeaks([lead], 250);
    // The step at the end of the gap may count as a beat.
    expect(beats.every((beat) => beat < 2510 || beat >= 4990)).toBe(true);
    // The second in which the gap begins is not flat from its start.
    expect(marks).toContainEqual({ kind: "flat", from: 2500, to: 5000 });
  });

  it("marks noise", () => {
    const random = randomStream(5, "noise");
    const { marks } = detectRPeaks([Float32Array.from({ length: 15_000 }, () => random.uniform())], 250);
    expect(marks.some(({ kind, from, to }) => kind === "noise" && to - from > 5000)).toBe(true);
  });

  it("refuses a rate below 100 Hz", () => {
    expect(() => new RPeakDetector(50, 1)).toThrow(RangeError);
  });
});

describe("pacingSpikes", () => {
  it("finds single-sample spikes, and no R waves", () => {
    const { lead, peaks } = synthetic({ rate: 500, noise: 0.01 });
    const second = lead.slice(500, 1000);
    expect(pacingSpikes(second, 500)).toEqual([]);
    second[250] += 1;
    expect(pacingSpikes(second, 500)).toEqual([250]);
    expect(peaks.length).toBeGreaterThan(50);
  });
});

describe.skipIf(mitdb === undefined)(`detectRPeaks on MIT-BIH (${NO_MITDB})`, () => {
  it("finds the beats of record 200, 203 and 228 as measured", () => {
    const folder = mitdb ?? "";
    const records = readdirSync(folder).filter((file) => /^(?:200|203|228)\.hea$/.test(file));
    const compared = records.map((header) => {
      const name = header.replace(/\.hea$/, "");
      const file = (suffix: string): Uint8Array => readFileSync(join(folder, `${name}.${suffix}`));
      const { recording, annotations } = parseRecord({
        name,
        header: file("hea"),
        signals: new Map([[`${name}.dat`, file("dat")]]),
        annotator: "atr",
        annotations: file("atr"),
      });
      const leads = recording.signals.map(({ samples, gain, baseline }) =>
        Float32Array.from(samples, (sample) => (sample - baseline) / gain),
      );
      const test = detectRPeaks(leads, recording.rate).beats.map((sample) => ({
        ...(annotations ?? [])[0],
        sample,
        symbol: "N",
      }));
      const { rate, length } = recording;
      const options = { from: LEARNING_PERIOD_S, convention: "ec57" } as const;
      return compareAnnotators({ record: name, rate, length, reference: annotations ?? [], test, ...options });
    });
    const { gross } = summarise(compared);
    // The hardest records: 98.71 % and 98.31 % by gqrs on 203 alone.
    expect(gross.qrsSensitivity).toBeGreaterThan(98.3);
    expect(gross.qrsPpv).toBeGreaterThan(98.3);
  });
});
