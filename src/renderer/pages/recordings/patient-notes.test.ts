import { expect, it } from "vitest";
import { notesInLine, patientNotes } from "./patient-notes.ts";

it.each([
  [
    ["69 M 1085 1629 x1", "Aldomet, Inderal "],
    "Age 69, male · Medications: Aldomet, Inderal · Header notes: 1085 1629 x1",
  ],
  [
    ["-1 M 742 654 x1", "Diapres, Xyloprim"],
    "Age unknown, male · Medications: Diapres, Xyloprim · Header notes: 742 654 x1",
  ],
  [
    ["24 F 1240 2851 x1", "None", "There are two", "PVC forms."],
    "Age 24, female · No medications · There are two PVC forms. · Header notes: 1240 2851 x1",
  ],
  [["Age: 27  Sex: M", "Findings: escape beats"], "Age 27, male · Header notes: Findings: escape beats"],
  [["<age>: 65 <sex>: F <diagnoses> Angina"], "Age 65, female · Header notes: <diagnoses> Angina"],
  [["Sex: Female"], "Female"],
  [["Dosage: 20", "Page: 3"], "Header notes: Dosage: 20; Page: 3"],
  [
    ["Findings: bradycardia", "Synthetic recording.", "Model: A"],
    "Header notes: Findings: bradycardia; Synthetic recording. Model: A",
  ],
  [["The rhythm is paced."], "Header notes: The rhythm is paced."],
  [["84 F"], "Age 84, female"],
  [[], ""],
])("reads age, sex and medications of %j", (comments, notes) => {
  expect(notesInLine(patientNotes(comments))).toBe(notes);
});

it("parts age, sex and medications from remarks", () => {
  expect(patientNotes(["68 M 1960 2851 x1", "KCl", "The PVCs are uniform."])).toEqual({
    summary: "Age 68, male · Medications: KCl",
    remarks: "The PVCs are uniform. · Header notes: 1960 2851 x1",
  });
});
