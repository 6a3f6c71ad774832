import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Annotation, Recording } from "../../../contract/domain/recordings.ts";
import { isBeat } from "../wfdb/codes.ts";
import { healthReport } from "../health.ts";
import { readRecord, type RecordRead } from "../wfdb/record.ts";
import { generateSample, sampleIndex, samplePatients, type SampleRecording } from "./generate-sample.ts";

const seed = 1;
const samples = samplePatients(seed).map((patient) => generateSample(patient, seed));
const readBack = ({ name, header, files }: SampleRecording): RecordRead =>
  readRecord({
    name,
    header: Buffer.from(header),
    signals: files,
    annotator: "atr",
    annotations: files.get(`${name}.atr`)!,
  });
const records = samples.map(readBack) as (RecordRead & { recording: Recording })[];

/**
 * Returns the distance of the lead's extremum, smoothed over five samples, from the annotation, within six samples of
 * it.
 */
function peakOffset(lead: Recording["signals"][number]["samples"], { sample }: Annotation): number {
  const around = Array.from(lead.subarray(Math.max(0, sample - 150), sample + 150)).sort((a, b) => a - b);
  const median = around[around.length >> 1];
  let best = 0;
  let highest = -1;
  for (let offset = -6; offset <= 6; offset++) {
    let sum = 0;
    for (let i = -2; i <= 2; i++) sum += lead[sample + offset + i];
    const height = Math.abs(sum / 5 - median);
    if (height > highest) [best, highest] = [offset, height];
  }
  return best;
}

describe("generateSample", () => {
  it("yields the same bytes for the same seed, and others for another", () => {
    const [patient] = samplePatients(seed);
    expect(generateSample(patient, seed)).toEqual(samples[0]);
    expect(generateSample(samplePatients(2)[0], 2).files.get("s01.dat")).not.toEqual(samples[0].files.get("s01.dat"));
  });

  it("yields the stored hash: a new hash changes the sample recordings of existing seeds", () => {
    // The hash of an earlier run, because there is no reference. Math.exp and Math.sin may differ in the last digit
    // between JavaScript engines: after rounding to 5 µV, the probability is about 10⁻¹¹ for each sample.
    const hash = createHash("sha256");
    for (const { files } of samples) for (const [name, bytes] of files) hash.update(name).update(bytes);
    expect(hash.digest("hex")).toBe("ccaa28bd897c91ef5b8e95226be94d1cb7d4a92c0ae59967a251153b37ca3f52");
  });

  it("is read without findings: twelve records of five minutes, two leads at 360 Hz", () => {
    const report = healthReport(records.map(({ health }) => health));
    expect(report).toMatchObject({ usableRecords: 12, damagedRecords: 0, seconds: 12 * 300 });
    expect(report.records.flatMap(({ findings }) => findings)).toEqual([]);
    expect(records.every(({ recording }) => recording.rate === 360)).toBe(true);
    expect(records.every(({ health }) => health.leads.join() === "MLII,V1")).toBe(true);
    expect(sampleIndex(samplePatients(seed)).split("\n").slice(0, 2)).toEqual(["s01", "s02"]);
  });

  it("has enough beats of each class: all five AAMI classes, all 14 classes of the reference study", () => {
    const beats: Record<string, number> = {};
    for (const { annotations, recording } of records) {
      for (const { sample, symbol } of annotations) {
        // Counts beats whose window of 180 samples on both sides is inside the record.
        if (sample >= 180 && sample + 180 <= recording.length) beats[symbol] = (beats[symbol] ?? 0) + 1;
      }
    }
    for (const symbol of "NLRVAFfjaEJQex") expect(beats[symbol], symbol).toBeGreaterThanOrEqual(11);
    const total = records.flatMap(({ annotations }) => annotations.filter(({ symbol }) => isBeat(symbol))).length;
    expect(total).toBeGreaterThan(4200);
    expect(total).toBeLessThan(5200);
  });

  it("states in each header that the patient is not real", () => {
    for (const { recording } of records) {
      expect(recording.comments[0]).toMatch(/^Age: \d\d {2}Sex: [FM]$/);
      expect(recording.comments).toContain("Synthetic recording made by Ectopy (seed 1): not a real patient.");
    }
  });

  it("annotates rhythm changes before their first beat", () => {
    const rhythms = records.flatMap(({ annotations }) => annotations.filter(({ symbol }) => symbol === "+"));
    expect(new Set(rhythms.map(({ aux }) => aux))).toEqual(
      new Set(["(N", "(SBR", "(AFIB", "(B", "(T", "(AB", "(VT", "(SVTA", "(P"]),
    );
    expect(records.every(({ annotations }) => annotations[0].symbol === "+")).toBe(true);
  });

  it("annotates at the R-peak: within two samples of the extremum of MLII", () => {
    let beats = 0;
    let off = 0;
    for (const { recording, annotations } of records) {
      // Unclassifiable beats have no distinct main deflection.
      for (const annotation of annotations.filter(({ symbol }) => isBeat(symbol) && symbol !== "Q")) {
        const offset = Math.abs(peakOffset(recording.signals[0].samples, annotation));
        beats++;
        if (offset > 2) off++;
        expect(offset, `${recording.name} at ${annotation.sample}`).toBeLessThanOrEqual(4);
      }
    }
    // Broad complexes have a flat top, whose maximum noise may shift farther.
    expect(off / beats).toBeLessThan(0.002);
  });

  it("stays within the converter's range, with noise below the beats", () => {
    for (const { recording } of records) {
      for (const { samples } of recording.signals) {
        expect(Array.from(samples).every((sample) => sample > 0 && sample < 2047)).toBe(true);
        // Most sample differences are between complexes, so their median measures the noise.
        const steps = samples.slice(1).map((sample, i) => Math.abs(sample - samples[i]));
        const median = steps.sort()[steps.length >> 1];
        // 1 to 6 units: 5 to 30 µV.
        expect(median).toBeGreaterThanOrEqual(1);
        expect(median).toBeLessThanOrEqual(6);
      }
    }
  });
});
