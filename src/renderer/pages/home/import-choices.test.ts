import { describe, expect, it } from "vitest";
import type { Inspection } from "../../../contract/domain/inspection.ts";
import { exampleInspection } from "../../testing/example-inspection.ts";
import { freshChoices, importSettingsOf, patientCount } from "./import-choices.ts";
import { patientsByTable } from "../../base/patients-by-table.ts";

const inspection: Inspection = exampleInspection;
const fresh = freshChoices(inspection, false);

describe("choices of an import", () => {
  it("are nothing but the name by default", () => {
    expect(importSettingsOf(fresh, inspection)).toEqual({ name: "clinic", withoutComments: false });
    expect(patientCount(fresh, inspection)).toBe(2);
  });

  it("become settings where they differ from what was found", () => {
    const choices = { ...fresh, name: " ", leads: ["II"], annotator: "qrs", places: ["a"], withoutComments: true };
    expect(importSettingsOf({ ...choices, rule: "unknown" }, inspection)).toEqual({
      leads: ["II"],
      annotator: "qrs",
      places: ["a"],
      patientsUnknown: true,
      withoutComments: true,
    });
    expect(importSettingsOf({ ...fresh, rule: "each", addTo: 3 }, inspection)).toEqual({
      onePatientEach: true,
      addTo: 3,
      withoutComments: false,
    });
  });

  it("take patients by hand or from a table, by any name of a recording", () => {
    const table = new Map([
      ["data_21_7", "x"],
      ["b/8", "y"],
    ]);
    const patients = patientsByTable(table, inspection.records);
    expect(patients).toEqual({ data_21_7: "x", "b-8": "y" });
    const named = { ...fresh, rule: "named" as const, patients: { ...patients, data_21_8: " " } };
    expect(importSettingsOf(named, inspection).patients).toEqual(patients);
    expect(patientCount({ ...named, patients }, inspection)).toBeNull();
    expect(patientCount({ ...named, patients: { ...patients, data_21_8: "x" } }, inspection)).toBe(2);
  });

  it("know no patients where none were found", () => {
    const unknown = { ...inspection, patientsFrom: null };
    const choices = freshChoices(unknown, false);
    expect(choices.rule).toBe("unknown");
    expect(importSettingsOf(choices, unknown)).toEqual({ name: "clinic", withoutComments: false });
    expect(patientCount(choices, unknown)).toBeNull();
  });
});
