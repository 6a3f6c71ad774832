import { expect, it } from "vitest";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { protocols } from "../../../contract/domain/preparation.ts";
import { preparationFacts, protocolSentence } from "./settings-text.ts";

it.each(protocols)("states for the %s protocol whether test beats are real", (protocol) => {
  const settings = defaultPreparation(protocol);
  const said = protocolSentence(settings);
  expect(/Validation and test beats are real/.test(said)).toBe(protocol !== "reference");
  expect(/synthetic beats first/.test(said)).toBe(protocol === "reference");
  expect(protocolSentence({ ...settings, balancing: "none" })).not.toMatch(/synthetic|balanced/);
});

it("states which beats the protocol balances", () => {
  const balancing = (protocol: (typeof protocols)[number]): string =>
    new Map(preparationFacts(defaultPreparation(protocol), 360, ["MLII"])).get("Balancing")!;
  expect(balancing("reference")).toBe(
    "SMOTE (k = 5) on all beats, before the split; majority class capped at 50,000 beats",
  );
  expect(balancing("intra-patient")).toContain("on the training set alone");
});

it("names the classes of a custom class map, and the tested fold", () => {
  const classes = [
    { label: "quiet", symbols: "NLR" },
    { label: "V", symbols: "VE" },
  ];
  const settings = { ...defaultPreparation("cross-validation"), classMap: { classes }, fold: { number: 2, of: 5 } };
  const facts = new Map(preparationFacts(settings, 360, []));
  expect(facts.get("Classes")).toBe("quiet (N L R), V (V E)");
  expect(facts.get("Split")).toBe("by patient; fold 2 of 5 is tested");
  expect(protocolSentence(settings)).toMatch(/divided into 5 folds; fold 2 is tested/);
});

it("gives the window in samples and in milliseconds", () => {
  const facts = new Map(preparationFacts(defaultPreparation("intra-patient"), 360, ["MLII", "V5"]));
  expect(facts.get("Window")).toBe("180 samples before and 180 after the R-peak, at 360 Hz (500 ms + 500 ms)");
  expect(facts.get("Lead")).toBe("number 1 of each recording (MLII, V5)");
});
