import { describe, expect, it } from "vitest";
import {
  beatSymbols,
  classLabel,
  describeClass,
  escapeBeatsText,
  isBeatSymbol,
  isHeartbeat,
  classMapSchema,
  orderLabels,
  type CustomClassMap,
} from "./class-maps.ts";

describe("the study's class map", () => {
  it("maps fifteen symbols, and neither paced beats nor other annotations", () => {
    for (const symbol of "NLRVAFfjaEJQexS") expect(classLabel("mit-bih", symbol)).toBe(symbol);
    for (const symbol of ["/", "+", "~", "|", "", "B", "NL"]) expect(classLabel("mit-bih", symbol)).toBeUndefined();
  });

  it("numbers by code point: capitals first, N is class 5", () => {
    const labels = orderLabels("mit-bih", "NLRVAFfjaEJQexNN");
    expect(labels.join(" ")).toBe("A E F J L N Q R V a e f j x");
    expect(labels.indexOf("N")).toBe(5);
  });
});

describe("the AAMI class map", () => {
  it("groups symbols by EC57", () => {
    const groups = { N: "NLRBejn", S: "AaJS", V: "VEr", F: "F", Q: "/fQ?" };
    for (const [label, symbols] of Object.entries(groups)) {
      for (const symbol of symbols) expect(classLabel("aami", symbol)).toBe(label);
    }
  });

  it.each(["aami", "ec57"] as const)("maps every heartbeat: %s", (map) => {
    for (const symbol of beatSymbols.filter(isHeartbeat)) expect(classLabel(map, symbol)).toBeDefined();
  });

  it("has escape beats in N, or in S by EC57", () => {
    for (const symbol of "ejn") {
      expect([classLabel("aami", symbol), classLabel("ec57", symbol)]).toEqual(["N", "S"]);
    }
    expect([escapeBeatsText("aami"), escapeBeatsText("ec57")]).toEqual(["e, j and n in N", "e, j and n in S"]);
  });

  it("does not map x: a blocked P wave is no beat", () => {
    expect(classLabel("aami", "x")).toBeUndefined();
  });

  it("orders N S V F Q", () => {
    expect(orderLabels("aami", "QFVSN")).toEqual(["N", "S", "V", "F", "Q"]);
    expect(orderLabels("aami", "VN")).toEqual(["N", "V"]);
  });
});

describe("a custom class map", () => {
  const map: CustomClassMap = {
    classes: [
      { label: "ectopic", symbols: "VE" },
      { label: "normal", symbols: "N" },
    ],
  };

  it("maps the listed symbols, in the listed order", () => {
    expect([..."NVEL+"].map((symbol) => classLabel(map, symbol))).toEqual([
      "normal",
      "ectopic",
      "ectopic",
      undefined,
      undefined,
    ]);
    expect(orderLabels(map, ["normal", "ectopic"])).toEqual(["ectopic", "normal"]);
    expect(describeClass(map, "normal")).toBe("Normal beat");
    expect(describeClass(map, "ectopic")).toBe("Beats annotated V E");
  });

  it.each([
    ["one class alone", [["N", "N"]]],
    [
      "a name twice",
      [
        ["N", "N"],
        ["N", "V"],
      ],
    ],
    [
      "a symbol twice",
      [
        ["N", "NV"],
        ["V", "V"],
      ],
    ],
    [
      "a symbol that is no beat",
      [
        ["N", "N"],
        ["V", "+"],
      ],
    ],
    [
      "a class without symbols",
      [
        ["N", "N"],
        ["V", ""],
      ],
    ],
    [
      "a class without a name",
      [
        ["N", "N"],
        ["", "V"],
      ],
    ],
  ])("refuses %s", (_, classes) => {
    const given = { classes: classes.map(([label, symbols]) => ({ label, symbols })) };
    expect(classMapSchema.safeParse(given).success).toBe(false);
    expect(classMapSchema.safeParse(map).success).toBe(true);
  });
});

it("distinguishes beats from other annotations", () => {
  for (const symbol of "NLRBAaJSVrFejnE/fQ?x") expect(isBeatSymbol(symbol)).toBe(true);
  for (const symbol of ["+", "~", "|", '"', "[", "!", "]", "p", ""]) expect(isBeatSymbol(symbol)).toBe(false);
});

it("describes every class", () => {
  for (const label of "NLRVAFfjaEJQexS") expect(describeClass("mit-bih", label).length).toBeGreaterThan(5);
  expect(describeClass("aami", "S")).toBe("Supraventricular ectopic beat");
  expect(describeClass("mit-bih", "V")).toBe("Premature ventricular contraction");
});
