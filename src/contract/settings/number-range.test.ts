import { describe, expect, it } from "vitest";
import { defaultPreparation, defaultTraining } from "./defaults.ts";
import { rangeProblem, readNumber } from "./number-range.ts";
import { preparationProblem, trainingProblem, trainingSettingTable } from "./setting-table.ts";

const rate = trainingSettingTable.learningRate.range;

describe("a typed number", () => {
  it.each([
    ["0.01", 0.01],
    ["0,01", 0.01],
    ["1e-7", 1e-7],
    ["1,5", 1.5],
    [" 2 ", 2],
    ["−3", -3],
    [".5", 0.5],
    ["0,001", 0.001],
    ["1.000", 1],
  ])("is read as it is written: %j", (text, value) => {
    expect(readNumber(text)).toEqual({ value });
  });

  it.each(["", "abc", "1e999", "0x10", "1 2", "1,2,3", "Infinity"])("is refused where it is none: %j", (text) => {
    expect(readNumber(text).value).toBeUndefined();
  });

  it.each(["50,000", "1,000,000", "1.000.000"])("is not guessed where its separators are ambiguous: %s", (text) => {
    expect(readNumber(text).problem).toContain(`is ambiguous. Write ${text.replaceAll(/\D/g, "")}`);
  });

  it("is shortened in the message", () => {
    expect(readNumber("x".repeat(10_000)).problem).toHaveLength("“” is not a number.".length + 40);
  });

  it("is refused outside of its range, which the message says", () => {
    expect(readNumber("100", rate).problem).toBe("Enter a number above 0, at most 10.");
    expect(readNumber("0", rate).problem).toBe("Enter a number above 0, at most 10.");
    expect(readNumber("1.5", { min: 0, whole: true }).problem).toBe("Enter a whole number of at least 0.");
    expect(readNumber("1.000", { min: 0, whole: true }).problem).toContain("ambiguous");
    expect(readNumber("70000", trainingSettingTable.batch.range, "beats").problem).toBe(
      "Enter a whole number from 1 to 65,536 (beats).",
    );
    expect(rangeProblem(1, { min: 0, max: 1, belowMax: true })).toBe("Enter a number from 0 to below 1.");
  });
});

describe("settings outside of the table's ranges", () => {
  it("are named with their label", () => {
    expect(trainingProblem(defaultTraining("cnn"))).toBeNull();
    expect(trainingProblem({ ...defaultTraining("cnn"), batch: 1_000_000 })).toBe(
      "Batch size is 1000000. Enter a whole number from 1 to 65,536 (beats).",
    );
    const adam = { kind: "adam", beta1: 0.9, beta2: 1, epsilon: 1e-7 } as const;
    expect(trainingProblem({ ...defaultTraining("cnn"), optimizer: adam })).toMatch(/^β₂ is 1\./);
    expect(preparationProblem(defaultPreparation("intra-patient"))).toBeNull();
    expect(preparationProblem({ ...defaultPreparation("intra-patient"), beforeMs: 100_000 })).toBe(
      "Window before R-peak is 100000. Enter a number from 1 to 5,000 (ms).",
    );
    expect(trainingProblem({ ...defaultTraining("cnn"), keptEpoch: "last" })).toMatch(
      /^Early stopping keeps the epoch/,
    );
    expect(trainingProblem(defaultTraining("rhythm-and-shape"))).toBeNull();
  });
});
