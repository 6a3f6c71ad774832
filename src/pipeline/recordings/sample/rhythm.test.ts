import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../random.ts";
import { samplePatients, type Episode, type PatientSpec } from "./patients.ts";
import { planRhythm, type TimeLine } from "./rhythm.ts";

const [healthy] = samplePatients(1) as [PatientSpec];
/** A patient with exactly 60 beats per minute. */
const plan = (episodes: Episode[], seconds = 100, seed = 1): TimeLine =>
  planRhythm({ ...healthy, rate: 60, variability: 0, episodes }, 0.25, seconds, randomStream(seed, "rhythm"));
const beatsAround = (line: TimeLine, symbol: string): [number, number, number] => {
  const at = line.beats.findIndex((beat) => beat.symbol === symbol);
  return [line.beats[at - 1].time, line.beats[at].time, line.beats[at + 1].time];
};

describe("planRhythm", () => {
  it("follows a premature ventricular beat with a full compensatory pause", () => {
    const [before, early, after] = beatsAround(plan([{ rhythm: "sinus", seconds: 90, events: { V: 1 } }]), "V");
    expect(early - before).toBeLessThan(0.7);
    expect(after - before).toBeCloseTo(2, 9);
  });

  it("resets the sinus node at a premature atrial beat: no full pause", () => {
    const [before, early, after] = beatsAround(plan([{ rhythm: "sinus", seconds: 90, events: { A: 1 } }]), "A");
    expect(early - before).toBeLessThan(0.75);
    expect(after - before).toBeLessThan(1.9);
  });

  it("plans late escape beats, and blocked P waves without a beat", () => {
    for (const symbol of ["j", "e", "E"] as const) {
      const [before, late] = beatsAround(plan([{ rhythm: "sinus", seconds: 90, events: { [symbol]: 1 } }]), symbol);
      expect(late - before).toBeGreaterThan(1.3);
    }
    const [before, , after] = beatsAround(plan([{ rhythm: "sinus", seconds: 90, events: { x: 1 } }]), "x");
    expect(after - before).toBeGreaterThan(1.4);
  });

  it("alternates in bigeminy and makes every third beat premature in trigeminy", () => {
    const bigeminy = plan([{ rhythm: "bigeminy", seconds: 20, events: {} }]).beats.slice(0, 20);
    expect(bigeminy.map(({ symbol }) => symbol).join("")).toBe("NV".repeat(10));
    const trigeminy = plan([{ rhythm: "trigeminy", seconds: 21, events: {} }]).beats.slice(0, 21);
    expect(trigeminy.map(({ symbol }) => symbol).join("")).toBe("NNV".repeat(7));
  });

  it("plans independent intervals without P waves in atrial fibrillation", () => {
    const { beats, fibrillation } = plan([{ rhythm: "atrial-fibrillation", seconds: 900, events: {} }], 1000);
    const intervals = beats.slice(1).map(({ interval }) => interval);
    const mean = intervals.reduce((a, b) => a + b) / intervals.length;
    const deviation = intervals.map((interval) => interval - mean);
    const variance = deviation.reduce((a, b) => a + b * b, 0) / deviation.length;
    const covariance = deviation.slice(1).reduce((a, b, i) => a + b * deviation[i], 0) / deviation.length;
    // Mean 1 s, coefficient of variation 0.22; five standard errors of about 1000 intervals.
    expect(Math.abs(mean - 1)).toBeLessThan(0.035);
    expect(Math.abs(Math.sqrt(variance) - 0.22)).toBeLessThan(0.035);
    expect(Math.abs(covariance / variance)).toBeLessThan(0.16);
    expect(beats.every(({ atrial }) => atrial === "none")).toBe(true);
    expect(fibrillation).toHaveLength(1);
  });

  it("plans every requested event, in order of time and never within the refractory period", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        for (const patient of samplePatients(seed)) {
          const { beats, rhythms } = planRhythm(patient, 0.25, 299.9, randomStream(seed, patient.name));
          for (const symbol of ["F", "a", "J", "j", "e", "E", "x", "Q", "f"] as const) {
            const asked = patient.episodes.reduce((sum, { events }) => sum + (events[symbol] ?? 0), 0);
            expect(beats.filter((beat) => beat.symbol === symbol)).toHaveLength(asked);
          }
          const times = beats.filter(({ symbol }) => symbol !== "x").map(({ time }) => time);
          expect(times.every((time, i) => i === 0 || time - times[i - 1] > 0.329)).toBe(true);
          expect(times.at(-1)).toBeLessThan(299.9);
          expect(rhythms).toHaveLength(patient.episodes.length);
          expect(rhythms.every(({ beat }) => beat < beats.length)).toBe(true);
        }
      }),
      { seed: 8, numRuns: 20 },
    );
  });
});
