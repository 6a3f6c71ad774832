import { expect, it } from "vitest";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { protocols } from "../../../contract/domain/preparation.ts";
import { protocolSentence } from "./protocol-sentence.ts";

it.each(protocols)("states for the %s protocol whether test beats are real", (protocol) => {
  const settings = defaultPreparation(protocol);
  const said = protocolSentence(settings);
  expect(/Validation and test beats are real/.test(said)).toBe(protocol !== "reference");
  expect(/synthetic beats first/.test(said)).toBe(protocol === "reference");
  expect(protocolSentence({ ...settings, balancing: "none" })).not.toMatch(/synthetic|balanced/);
});

it("names the tested fold", () => {
  const settings = { ...defaultPreparation("cross-validation"), fold: { number: 2, of: 5 } };
  expect(protocolSentence(settings)).toMatch(
    /^Patient-wise cross-validation: .*divided into 5 folds; fold 2 is tested/,
  );
});

it.each(["inter-patient", "cross-validation"] as const)(
  "promises no new patients where they are unknown: %s",
  (protocol) => {
    const said = protocolSentence(defaultPreparation(protocol), false);
    expect(said).toMatch(/patients are unknown, so recordings are/);
    expect(said).not.toMatch(/no test patient was used|patients are divided/);
  },
);
