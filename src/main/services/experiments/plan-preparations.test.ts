import { expect, it } from "vitest";
import { preparationSettingsSchema } from "../../../contract/domain/preparation.ts";
import { defaultPreparation, presetPreparation } from "../../../contract/settings/defaults.ts";
import { foldVariants, pairVariants } from "./plan-preparations.ts";

it("makes a pair of valid settings that differ in their protocol alone", () => {
  for (const settings of [
    defaultPreparation("inter-patient"),
    { ...presetPreparation("rhythm-and-shape", "inter-patient"), rate: 120 },
  ]) {
    const [reference, interPatient] = pairVariants(settings).map((variant) => variant.settings);
    expect([reference.protocol, interPatient.protocol]).toEqual(["reference", "inter-patient"]);
    expect({ ...reference, protocol: interPatient.protocol }).toEqual(interPatient);
    for (const each of [reference, interPatient]) {
      expect(preparationSettingsSchema.safeParse(each).error?.issues).toBeUndefined();
    }
  }
});

it("makes folds with synthetic recordings, which training patients alone have", () => {
  const folds = foldVariants(presetPreparation("rhythm-and-shape", "inter-patient"), 3);
  expect(folds.map(({ settings }) => settings.fold)).toEqual([1, 2, 3].map((number) => ({ number, of: 3 })));
  expect(folds.every(({ settings }) => settings.recipe?.synthetic === true)).toBe(true);
});
