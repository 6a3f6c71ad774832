import { expect, it } from "vitest";
import { defaultPreparation } from "../settings/defaults.ts";
import { conventionOf, noEc57ByDesign } from "./test-set-ec57.ts";

it("counts escape beats as the class map does, and as EC57 where both fit", () => {
  expect(conventionOf("aami")).toBe("aami");
  expect(conventionOf("ec57")).toBe("ec57");
  expect(conventionOf("mit-bih")).toBe("ec57");
  const classes = (one: string, other: string) => ({
    classes: [
      { label: "one", symbols: one },
      { label: "other", symbols: other },
    ],
  });
  expect(conventionOf(classes("NLRej", "V"))).toBe("aami");
  expect(conventionOf(classes("NLR", "Aje"))).toBe("ec57");
  // A blocked P wave is no beat, so that it does not make a class a mixture.
  expect(conventionOf(classes("NLR", "Ax"))).toBe("ec57");
  expect(conventionOf(classes("N", "VA"))).toBeNull();
});

it("compares whole recordings alone", () => {
  expect(noEc57ByDesign({ ...defaultPreparation("inter-patient"), classMap: "aami" })).toBeNull();
  expect(noEc57ByDesign(defaultPreparation("intra-patient"))).toMatch(/only some beats of each/);
  expect(noEc57ByDesign(defaultPreparation("patient-specific"))).toMatch(/only some beats of each/);
  const annotations = { sets: ["review"], reviewedOnly: true };
  expect(noEc57ByDesign({ ...defaultPreparation("inter-patient"), annotations })).toMatch(/the reviewed beats alone/);
  expect(noEc57ByDesign({ ...defaultPreparation("intra-patient"), rowSamples: 187 })).toMatch(/rows of a table/);
});
