import { expect, it } from "vitest";
import { describeView } from "./describe-view.ts";

const record = {
  rate: 100,
  length: 1000,
  leads: [
    { lead: "MLII", units: "mV" },
    { lead: "V5", units: "mV" },
  ],
  annotations: {
    samples: Uint32Array.from([50, 150, 200, 300, 900]),
    symbols: ["N", "N", "+", "V", "N"],
    beats: Uint8Array.from([1, 1, 0, 1, 1]),
    texts: ["", "", "(AFIB", "", ""],
  },
  rhythm: {
    episodes: [
      { kind: "rhythm" as const, code: "AFIB", from: 200, to: 600, leads: [] },
      { kind: "noise" as const, code: "n", from: 0, to: 1000, leads: [0] },
    ],
    pauses: [],
    intervals: { samples: new Uint32Array(), seconds: new Float32Array() },
    heartRate: { binSeconds: 10, mean: new Float32Array(), lowest: new Float32Array(), highest: new Float32Array() },
  },
};

it("describes times, leads, beats and rhythms of the view", () => {
  expect(describeView(record, { start: 1, pixelsPerSecond: 100 }, 300, "100")).toBe(
    "Recording 100, 0:01.0 to 0:04.0, MLII and V5. Beats: 1 N, 1 V. Rhythm: AFIB.",
  );
  expect(describeView(record, { start: 9.5, pixelsPerSecond: 100 }, 300, "100")).toBe(
    "Recording 100, 0:09.5 to 0:10.0, MLII and V5. Beats: none.",
  );
});
