import { describe, expect, it } from "vitest";
import { sequenceLayouts, type LayerSpec } from "./layer-spec.ts";

const lstm = (returnSequences: boolean): LayerSpec => ({ kind: "lstm", units: 4, returnSequences });
const dropout: LayerSpec = { kind: "dropout", rate: 0.3 };
const dense: LayerSpec = { kind: "dense", units: 2, activation: "linear" };
const outputs = (specs: LayerSpec[]): string[] => sequenceLayouts(specs).map(({ output }) => output);

describe("sequenceLayouts", () => {
  it("leaves time first from one LSTM to the next, through dropout", () => {
    expect(sequenceLayouts([lstm(true), dropout, lstm(false), dropout, dense])).toEqual([
      { input: "batch-first", output: "time-first" },
      { input: "time-first", output: "time-first" },
      { input: "time-first", output: "batch-first" },
      { input: "batch-first", output: "batch-first" },
      { input: "batch-first", output: "batch-first" },
    ]);
  });

  it("turns it round for any other layer, and for the network's end", () => {
    expect(outputs([lstm(true), { kind: "global-average-pooling-1d" }, dense])).toEqual(Array(3).fill("batch-first"));
    expect(outputs([dropout, lstm(true)])).toEqual(["batch-first", "batch-first"]);
    expect(outputs([lstm(true), lstm(true), lstm(false)])).toEqual(["time-first", "time-first", "batch-first"]);
  });
});
