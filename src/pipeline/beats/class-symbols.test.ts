import { describe, expect, it } from "vitest";
import { classSymbols } from "./class-symbols.ts";

describe("symbols of classes", () => {
  it("are the labels of AAMI classes and of MIT-BIH symbols", () => {
    expect(classSymbols("aami", ["N", "S", "V", "F", "Q"])).toEqual(["N", "S", "V", "F", "Q"]);
    expect(classSymbols("mit-bih", ["A", "N", "x"])).toEqual(["A", "N", "x"]);
  });

  it("are the first symbols of custom classes, also where a label is the symbol of another class", () => {
    const classes = [
      { label: "sinus", symbols: "NLR" },
      { label: "N", symbols: "VE" },
      { label: "A", symbols: "aA" },
    ];
    expect(classSymbols({ classes }, ["sinus", "N", "A"])).toEqual(["N", "V", "A"]);
  });
});
