import { expect, it } from "vitest";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { protocols } from "../../../contract/domain/preparation.ts";
import { preparationFacts, protocolSentence } from "./setting-words.ts";

it.each(protocols)("says of the %s protocol whether test beats are real", (protocol) => {
  const settings = defaultPreparation(protocol);
  const said = protocolSentence(settings);
  expect(/Validation and test beats are real/.test(said)).toBe(protocol !== "reference");
  expect(/synthetic beats first/.test(said)).toBe(protocol === "reference");
  expect(protocolSentence({ ...settings, balancing: "none" })).not.toMatch(/synthetic|balanced/);
});

it("says where the balancing reached, as the protocol has it", () => {
  const balancing = (protocol: (typeof protocols)[number]): string =>
    new Map(preparationFacts(defaultPreparation(protocol), 360, ["MLII"])).get("Balancing")!;
  expect(balancing("reference")).toBe(
    "SMOTE with 5 neighbours, on all beats, before the split; the largest class held at 50,000 beats at most",
  );
  expect(balancing("intra-patient")).toContain("on the training part alone");
});

it("names the classes of a map of one's own, and the fold that is tested", () => {
  const classes = [
    { label: "quiet", symbols: "NLR" },
    { label: "V", symbols: "VE" },
  ];
  const settings = { ...defaultPreparation("cross-validation"), classMap: { classes }, fold: { number: 2, of: 5 } };
  const facts = new Map(preparationFacts(settings, 360, []));
  expect(facts.get("Classes")).toBe("quiet (N L R), V (V E)");
  expect(facts.get("Split")).toBe("by patient, fold 2 of 5 tested");
  expect(protocolSentence(settings)).toMatch(/divided into 5 groups, of which number 2 is tested/);
});

it("gives the window in samples and in time", () => {
  const facts = new Map(preparationFacts(defaultPreparation("intra-patient"), 360, ["MLII", "V5"]));
  expect(facts.get("Beat")).toBe("180 samples before the R-peak and 180 from it on, at 360 Hz (500 ms + 500 ms)");
  expect(facts.get("Signal")).toBe("number 1 of each record (MLII, V5)");
});
