import { describe, expect, it } from "vitest";
import { rebuildRecording, type BeatEdits } from "./rebuild-recording.ts";
import { familiesOf, makeSynthetic, planSynthetic, type SourceBeats } from "./synthetic-recordings.ts";

const RR = 300;
const COUNT = 400;
const peaks = Int32Array.from({ length: COUNT }, (_, beat) => 200 + beat * RR);
const lead = Float64Array.from({ length: COUNT * RR + 500 }, (_, t) => Math.sin(t / 13) + Math.cos(t / 57));
const leads = [lead, lead.map((value) => -0.5 * value)];
const source: SourceBeats = {
  leadCount: 2,
  peaks,
  labels: Array.from(peaks, (_, beat) => (beat % 50 === 49 ? "V" : "N")),
  isSinus: Array.from(peaks, (_, beat) => beat % 50 !== 49),
  hasFibrillation: false,
};
const identity = (number: number): { seed: number; name: string; number: number } => ({ seed: 42, name: "a", number });

describe("synthetic recordings", () => {
  it("are two with early beats, one with fibrillation where the recording has none, and one with sinus arrhythmia", () => {
    expect(familiesOf(source)).toEqual(["early-beats", "early-beats", "fibrillation", "sinus-arrhythmia"]);
    expect(familiesOf({ hasFibrillation: true })).toEqual(["early-beats", "early-beats", "sinus-arrhythmia"]);
  });

  it("are the same for the same seed, recording and number, and differ otherwise", () => {
    const [first, again, other] = [identity(0), identity(0), identity(1)].map((each) => planSynthetic(source, each));
    expect(first.rr).toEqual(again.rr);
    expect(makeSynthetic(leads, source, first).leads).toEqual(makeSynthetic(leads, source, again).leads);
    expect(first.rr).not.toEqual(other.rr);
    expect(planSynthetic(source, { ...identity(0), name: "b" }).rr).not.toEqual(first.rr);
  });

  it("label early beats S, move no other beat than sinus beats, and keep the other labels", () => {
    const { rr, recorded, labels } = planSynthetic(source, identity(0));
    const early = [...labels.keys()].filter((beat) => labels[beat] === "S");
    expect(early.length).toBeGreaterThan(COUNT / 100);
    for (const beat of early) expect(rr[beat] / recorded[beat]).toBeLessThan(0.96);
    source.isSinus.forEach((isSinus, beat) => {
      if (isSinus) return;
      expect([rr[beat], labels[beat]]).toEqual([recorded[beat], "V"]);
    });
  });

  it("of fibrillation and sinus arrhythmia have no early beats", () => {
    for (const number of [2, 3]) expect(planSynthetic(source, identity(number)).labels).toEqual(source.labels);
  });

  it("have the planned RR intervals, but for beats too close to be moved", () => {
    const plan = planSynthetic(source, identity(3));
    const made = makeSynthetic(leads, source, plan);
    const between = made.peaks.slice(1).map((peak, i) => peak - made.peaks[i]);
    const planned = plan.rr.slice(1).map((interval) => Math.round(interval * 360));
    expect(between.filter((interval, i) => interval !== planned[i]).length).toBeLessThan(COUNT / 20);
  });
});

describe("rebuilding a recording", () => {
  const unchanged = (): BeatEdits => ({
    rr: Float64Array.from(peaks, () => RR / 360),
    pGains: Array.from(peaks, () => [1, 1]),
    pShifts: new Int32Array(COUNT),
    amplitudes: new Float64Array(COUNT).fill(1),
  });

  it("gives the same samples without edits", () => {
    expect(rebuildRecording({ leads, peaks }, unchanged())).toEqual({ leads, peaks });
  });

  it("keeps the QRS complex, its T wave and the 220 ms before each beat", () => {
    const edits = unchanged();
    edits.rr.fill(400 / 360);
    const rebuilt = rebuildRecording({ leads, peaks }, edits);
    expect(rebuilt.peaks[1] - rebuilt.peaks[0]).toBe(400);
    const [own, theirs] = [rebuilt.peaks[10], peaks[10]];
    expect(rebuilt.leads[1].slice(own - 79, own + 120)).toEqual(leads[1].slice(theirs - 79, theirs + 120));
  });

  it("scales the P wave above the line between its ends", () => {
    const edits = unchanged();
    edits.pGains[5] = [0, 1];
    const [changed] = rebuildRecording({ leads, peaks }, edits).leads;
    const [from, to] = [peaks[5] - 79, peaks[5] - 19];
    const middle = (lead[from] + lead[to - 1]) / 2;
    expect((changed[from + 29] + changed[from + 30]) / 2).toBeCloseTo(middle, 9);
  });
});
