import { describe, expect, it } from "vitest";
import { isSafeRecordName, safeRecordName } from "./record-name.ts";

describe("safeRecordName", () => {
  it.each([
    ["100", "100"],
    ["patient 1.v2", "patient_1_v2"],
    ["Jörg (1)", "Jorg_1"],
    ["心電図", "record"],
    ["..", "record"],
    ["a/b\\c", "a_b_c"],
    ["x".repeat(300), "x".repeat(90)],
  ])("makes %j safe", (name, expected) => {
    expect(safeRecordName(name)).toBe(expected);
    expect(isSafeRecordName(expected)).toBe(true);
  });

  it("keeps names apart, whatever their capital letters", () => {
    expect(safeRecordName("R", new Set(["r"]))).toBe("R_2");
    expect(safeRecordName("a b", new Set(["a_b", "a_b_2"]))).toBe("a_b_3");
  });
});
