import { describe, expect, it } from "vitest";
import { isOtherSignal } from "../../contract/domain/leads.ts";
import { unitsPerMillivolt } from "./units.ts";

describe("unitsPerMillivolt", () => {
  it.each([
    ["mV", 1],
    ["MV", 1],
    ["uV", 1000],
    ["µV", 1000],
    ["μV", 1000],
    ["microvolts", 1000],
    [" V ", 0.001],
    ["nV", 1e6],
    ["mmHg", null],
    ["", null],
    ["NU", null],
  ])("returns the factor of %j", (units, expected) => {
    expect(unitsPerMillivolt(units)).toBe(expected);
  });
});

describe("isOtherSignal", () => {
  it("distinguishes leads of an ECG from other signals by name", () => {
    const ecg = ["MLII", "V5", "II", "aVR", "ECG", "ECG1", "signal 1", "Ableitung für V5", "D3", "CM5", "VX", "ML5"];
    const others = ["RESP", "Resp. thorax", "ABP", "PLETH", "EEG Fpz-Cz", "SpO2", "EMG", "CO2", "Event marker", "ART"];
    expect(ecg.filter(isOtherSignal)).toEqual([]);
    expect(others.filter((name) => !isOtherSignal(name))).toEqual([]);
  });
});
