import { describe, expect, it } from "vitest";
import type { Finding } from "../../contract/domain/recordings.ts";
import { healthReport } from "./health.ts";
import { examineSource } from "./read-source.ts";
import { MISSING_VALUE, type RecordingSource, type SourceSignal } from "./source.ts";

const RATE = 100;
const FRAMES = 4000;

/** A recording with one lead. */
function source(samples: Int32Array, signal: Partial<SourceSignal> = {}, symbols = "NV"): RecordingSource {
  return {
    name: "r",
    format: "WFDB",
    frameRate: RATE,
    frames: samples.length,
    rate: RATE,
    startsAt: null,
    signals: [{ lead: "II", units: "mV", gain: 200, baseline: 0, samplesPerFrame: 1, ...signal }],
    annotators: [
      {
        annotator: "atr",
        annotations: [...symbols].map((symbol, i) => ({
          ...{ sample: 100 * i + 50, symbol, subtype: 0, channel: 0, num: 0 },
          aux: "",
        })),
      },
    ],
    comments: [],
    findings: [],
    *blocks() {
      yield { from: 0, samples: [samples] };
    },
  };
}

const health = (samples: Int32Array, signal?: Partial<SourceSignal>, symbols?: string) =>
  examineSource(source(samples, signal, symbols), "atr", "r.atr");
const findings = (samples: Int32Array, signal?: Partial<SourceSignal>): [string | undefined, string][] =>
  health(samples, signal).findings.map(({ code, message }: Finding) => [code, message]);

/** A beat of 1 mV each second at 200 units per mV, on a slow wave. */
const ecg = Int32Array.from({ length: FRAMES }, (_, i) => Math.round(20 * Math.sin(i / 30) + (i % RATE < 4 ? 200 : 0)));

describe("examineSource", () => {
  it("finds nothing in an ECG", () => {
    expect(findings(ecg)).toEqual([]);
  });

  it.each([
    ["flat-lead", new Int32Array(FRAMES).fill(7), {}, "Lead II is flat from start to end."],
    ["flat-interval", ecg.map((v, i) => (i > 1000 && i < 1700 ? 3 : v)), {}, "Lead II is flat for 7.0 s."],
    [
      "railed-lead",
      ecg.map((v, i) => (i % 400 < 100 ? 2047 : v)),
      { gain: 2000 },
      "Lead II is at its limit (digital value 2047) for 25 % of the recording.",
    ],
    ["all-missing", new Int32Array(FRAMES).fill(MISSING_VALUE), {}, "Lead II has no samples: all are missing."],
    [
      "missing-samples",
      ecg.map((v, i) => (i < 400 ? MISSING_VALUE : v)),
      {},
      "Lead II: 400 of 4000 samples are missing (10 %).",
    ],
    ["offset", ecg, { baseline: -960 }, "Lead II is 4.8 mV away from 0 on average."],
    ["implausible-amplitude", ecg, { gain: 0.2 }, "Lead II varies by 210 mV (standard deviation): larger than an ECG."],
    [
      "implausible-amplitude",
      ecg,
      { units: "uV" },
      "Lead II varies by 0.00021 mV (standard deviation): smaller than an ECG.",
    ],
    ["not-ecg", ecg, { lead: "RESP", units: "NU" }, "Lead RESP is no ECG by its name."],
    ["unknown-unit", ecg, { units: "mmHg" }, "Lead II is in mmHg, which is no unit of voltage."],
    ["unknown-unit", ecg, { units: "" }, "Lead II has no unit."],
  ])("names %s", (code, samples, signal, message) => {
    expect(findings(samples, signal)).toEqual([[code, message]]);
  });

  it("reports no wrong amplitude where the unit is right", () => {
    expect(findings(ecg, { units: "uV", gain: 0.2 })).toEqual([]);
    expect(findings(ecg, { units: "V", gain: 200_000 })).toEqual([]);
  });

  it("finds no limit in beats on a level baseline", () => {
    expect(findings(ecg.map((v) => (v > 100 ? 200 : 0)))).toEqual([]);
  });

  it("finds no limit in a signal of few values", () => {
    expect(findings(Int32Array.from({ length: FRAMES }, (_, i) => (i >> 5) % 9))).toEqual([]);
  });
});

describe("a recording without annotations", () => {
  it("lacks a file in WFDB, and has none in a file of another format", () => {
    const messages = ["WFDB", "EDF"].map((format) => {
      const bare = { ...source(ecg), format, annotators: [] };
      return examineSource(bare, "atr", "r.atr").findings.map(({ message }) => message);
    });
    expect(messages).toEqual([
      ["r.atr is missing: the recording has no annotated beats."],
      ["The EDF file has no annotations: the recording can be viewed, but has no beats."],
    ]);
  });
});

describe("healthReport", () => {
  it("names a dataset whose beats all have one symbol", () => {
    const one = healthReport([health(ecg, {}, "NNN"), health(ecg, {}, "N")]);
    expect(one.findings).toMatchObject([
      { code: "single-symbol", severity: "warning", message: "All 4 beats of 2 recordings have the symbol N." },
    ]);
    expect(healthReport([health(ecg, {}, "NNN"), health(ecg, {}, "V")]).findings).toEqual([]);
  });
});
