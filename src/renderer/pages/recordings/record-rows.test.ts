import { describe, expect, it } from "vitest";
import type { RecordHealth } from "../../../contract/domain/recordings.ts";
import { recordRow, rowsWith, totalsOf } from "./record-rows.ts";

function health(name: string, beats: Record<string, number>, changes: Partial<RecordHealth> = {}): RecordHealth {
  return {
    name,
    usable: true,
    rate: 360,
    length: 650_000,
    leads: ["MLII", "V5"],
    beats,
    otherAnnotations: 1,
    comments: ["69 M 1085 1629 x1", "Aldomet, Inderal "],
    findings: [],
    ...changes,
  };
}
const finding = (severity: "damaged" | "warning" | "note") => ({ severity, message: "It is so.", fix: "" });

describe("rows of the table of recordings", () => {
  it("contain duration, beats and patient notes", () => {
    const row = recordRow(health("100", { A: 33, N: 2239, V: 1 }));
    expect(row).toMatchObject({
      beats: 2273,
      issues: "",
      notes: "Age 69, male · Medications: Aldomet, Inderal · Header notes: 1085 1629 x1",
    });
    expect(row.duration).toBeCloseTo(1805.556, 3);
    expect(row.classes).toEqual([
      ["N", 2239],
      ["A", 33],
      ["V", 1],
    ]);
  });

  it("summarise the findings", () => {
    const findings = [finding("note"), finding("warning"), finding("note")];
    expect(recordRow(health("a", {}, { findings })).issues).toBe("1 warning, 2 notes");
    const damaged = { usable: false, rate: 0, length: 0, findings: [finding("damaged")] };
    expect(recordRow(health("a", {}, damaged))).toMatchObject({ issues: "Excluded", duration: 0, beats: 0 });
  });

  it("can be filtered by beat type, most beats first", () => {
    const rows = [health("a", { N: 5 }), health("b", { N: 1, V: 2 }), health("c", { V: 9 })].map(recordRow);
    expect(rowsWith(rows, "V").map((row) => row.health.name)).toEqual(["c", "b"]);
    expect(rowsWith(rows, "")).toEqual(rows);
    expect(totalsOf(rows.map((row) => row.health))).toEqual([
      ["V", 11],
      ["N", 6],
    ]);
  });
});
