import { describe, expect, it } from "vitest";
import { makeTable } from "../../../tests/support/beat-tables.ts";
import { EctopyError } from "../../contract/domain/errors.ts";
import { collectBeats } from "./beat-table.ts";

describe("collectBeats", () => {
  it("numbers the classes by code point, and keeps the rows of a recording together", () => {
    const { table, found } = makeTable({ r1: { V: 1, N: 2 }, r2: {}, r3: { A: 1 } });
    expect(table.labels).toEqual(["A", "N", "V"]);
    expect(found).toEqual([1, 2, 1]);
    expect([...table.classes]).toEqual([2, 1, 1, 0]);
    expect([...table.record]).toEqual([0, 0, 0, 2]);
    expect([...table.sample]).toEqual([1000, 2000, 3000, 1000]);
    expect([...table.recordStarts]).toEqual([0, 3, 3, 4]);
  });

  it("excludes small classes with their beats", () => {
    const { table, leftOut } = makeTable({ r1: { N: 4, S: 1 }, r2: { S: 1, V: 3 } }, 3);
    expect(table.labels).toEqual(["N", "V"]);
    expect(table.classes).toHaveLength(7);
    expect(leftOut.smallClasses).toEqual({ S: 2 });
  });

  it("sums the excluded beats of all recordings", () => {
    const beats = (symbol: string) => ({
      samples: Uint32Array.of(7),
      positions: Uint32Array.of(7),
      labels: ["N"],
      leftOut: { outsideRecord: 1, missingSamples: 2, symbols: { "/": 3, [symbol]: 1 } },
    });
    const records = [
      { name: "a", patient: null, knownAs: null, beats: beats("B") },
      { name: "b", patient: null, knownAs: null, beats: beats("?") },
    ];
    const { leftOut } = collectBeats(records, "mit-bih", 1);
    const symbols = { "/": 6, B: 1, "?": 1 };
    expect(leftOut).toEqual({ outsideRecord: 2, missingSamples: 4, symbols, smallClasses: {} });
  });

  it("throws where no class is large enough", () => {
    expect(() => makeTable({ r1: { N: 5 } }, 6)).toThrow(EctopyError);
  });
});
